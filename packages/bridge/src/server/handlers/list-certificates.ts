/**
 * `certificates.list`: the certificates at hand, for an origin that the person has let see them.
 * @module
 */
import type { Language } from '@trien/sdk/errors'
import {
  type Infer,
  type ListedCertificate,
  MAX_CERTIFICATE_BYTES,
  MAX_FRAME_BYTES,
  listCertificates,
  promptPage,
} from '@trien/sdk/wire'
import { log, logUnexpected } from '../../log.ts'
import { plainLine } from '../../plain-text.ts'
import { summarizeCertificate } from '../../token/summary.ts'
import type { TokenCertificate } from '../../token/types.ts'
import type { Call } from '../call.ts'
import type { Desk } from '../desk.ts'

const SHORT = 100
/** Of the issuers, as many as the wire has room for. */
const MAX_CHAIN = 8
/** More than what stands around the list in its frame. */
const ENVELOPE_BYTES = 1024

/**
 * @throws {UserError} USER_DENIED, USER_CANCELLED, USER_TIMEOUT; {BridgeError} BRIDGE_NO_PROMPT, BRIDGE_BUSY
 * @throws {TokenError} where no module could be read
 */
export async function handleListCertificates(
  params: Infer<typeof listCertificates.params>,
  desk: Desk,
  call: Call,
): Promise<Infer<typeof listCertificates.result>> {
  await askOnce(params.language, desk, call)
  const certificates = await desk.tokens.list(call.signal)
  return { certificates: fitFrame(certificates.flatMap(describe)) }
}

/** One frame carries them all: rather without their issuers, which a page can do without, than not at all. */
function fitFrame(listed: readonly ListedCertificate[]): readonly ListedCertificate[] {
  let room = MAX_FRAME_BYTES - ENVELOPE_BYTES
  const whole = listed.reduce((sum, certificate) => sum + sizeOf(certificate), 0)
  const lean = whole <= room ? listed : listed.map((entry) => ({ ...entry, chain: [] }))
  const fitting = lean.filter((certificate) => (room -= sizeOf(certificate)) >= 0)
  const rest = lean.length - fitting.length
  if (rest > 0) log(`${rest} certificates are too many to be listed`)
  return fitting
}

function sizeOf(certificate: ListedCertificate): number {
  const written = listCertificates.result.write({ certificates: [certificate] })
  return Buffer.byteLength(JSON.stringify(written))
}

async function askOnce(
  pageLanguage: Language | undefined,
  { consents, dialogs, prompt, languageFor }: Desk,
  call: Call,
): Promise<void> {
  if (consents.has(call.origin)) return
  await dialogs.ask(call, async (signal) => {
    // Another tab of the same origin may have been answered while this one waited.
    if (consents.has(call.origin)) return
    const announcePage = (url: string): void => {
      call.notify(promptPage, { request: call.request, url })
    }
    const language = languageFor(pageLanguage)
    await prompt.confirmList({ kind: 'list', origin: call.origin, language, announcePage }, signal)
    await consents.grant(call.origin)
  })
}

/**
 * A certificate that cannot be read is left out, for nobody could sign with it knowingly, and so is one that the wire
 * has no room for: the page would refuse the whole list for its sake.
 */
function describe({
  id,
  certificate,
  chain,
  algorithms,
  token,
}: TokenCertificate): ListedCertificate[] {
  if (!fits(certificate)) {
    log(`a certificate of ${certificate.length} bytes is too large to be listed`)
    return []
  }
  try {
    const summary = summarizeCertificate(certificate)
    const issuers = chain.filter(fits).slice(0, MAX_CHAIN)
    return [{ id, certificate, chain: issuers, algorithms, summary, token: describeToken(token) }]
  } catch (error) {
    logUnexpected('reading a certificate', error)
    return []
  }
}

function fits(certificateDer: Uint8Array): boolean {
  return certificateDer.length <= MAX_CERTIFICATE_BYTES
}

function describeToken({ label, manufacturer, serial }: TokenCertificate['token']) {
  return {
    label: plainLine(label).slice(0, SHORT),
    manufacturer: plainLine(manufacturer).slice(0, SHORT),
    serial: plainLine(serial).slice(0, SHORT),
  }
}
