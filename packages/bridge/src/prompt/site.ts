/**
 * The name of a site as a person reads it.
 * @module
 */
import { domainToASCII, domainToUnicode } from 'node:url'
import { getDomain } from 'tldts'
import type { Language } from '@trien/sdk/errors'
import { plainLine, shortenMiddle } from '../plain-text.ts'
import { PHRASES } from './phrases.ts'

const MAX_READING = 40

/**
 * Finds the part of an origin that somebody had to register, so that `bank.vn.evil.example` is shown as
 * `evil.example`. The Public Suffix List says below which names anybody may register, `gov.vn` or `github.io`. A name
 * that is itself such a suffix, an address or this machine is shown as it is.
 * @param origin as the gate admitted it
 * @returns host, and port where it is not the scheme's own
 */
export function findSiteName(origin: string): string {
  const { hostname, host, port } = new URL(origin)
  const domain = getDomain(hostname, { allowPrivateDomains: true })
  if (domain === null) return host
  return port === '' ? domain : `${domain}:${port}`
}

/**
 * Names a site for its heading. Of an internationalised name the letters stand behind the name on the wire, never
 * alone: many letters of other scripts look like those of a bank.
 */
export function wordSite(origin: string): string {
  const site = findSiteName(origin)
  const ascii = site.replace(/:\d+$/, '')
  const reading = domainToUnicode(ascii)
  const isOwn = reading !== ascii && domainToASCII(reading) === ascii
  return isOwn ? `${site} (${shortenMiddle(plainLine(reading), MAX_READING)})` : site
}

/** Names who asks: a site, or the person from the command line. */
export function wordAsker(origin: string | undefined, language: Language): string {
  return origin === undefined ? PHRASES[language].commandLine : wordSite(origin)
}
