/**
 * Which token is meant. A certificate is named by the SHA-256 of its DER; the same one may be seen more than once.
 * @module
 */
import { encodeHex } from '@trien/sdk/bytes'
import { TokenError } from '@trien/sdk/errors'
import type { TokenCertificate } from './types.ts'

/**
 * Leaves one of each certificate on each token: one token shows twice where two modules drive it, or where one module
 * gives it two slots. Two tokens that share a certificate both stay, for the person to see.
 */
export function dropRepeated<T>(
  seen: readonly T[],
  certificateOf: (item: T) => TokenCertificate,
): T[] {
  const known = new Set<string>()
  return seen.filter((item) => {
    const { id, token } = certificateOf(item)
    const name = JSON.stringify([encodeHex(id), token.manufacturer, token.serial])
    const isNew = !known.has(name)
    known.add(name)
    return isNew
  })
}

/**
 * Leaves out what a driver for cards of all makes says of a certificate that the vendor's own module has as well: the
 * two name one token differently, and it would pass for two. Where the driver sees the certificate on two tokens, they
 * are two, and all stay.
 */
export function preferVendors<T>(
  seen: readonly T[],
  certificateOf: (item: T) => TokenCertificate,
  isGeneric: (item: T) => boolean,
): T[] {
  const nameOf = (item: T): string => encodeHex(certificateOf(item).id)
  const ofVendors = new Set(seen.filter((item) => !isGeneric(item)).map(nameOf))
  const generic = seen.filter(isGeneric).map(nameOf)
  const isAlone = (name: string): boolean => generic.indexOf(name) === generic.lastIndexOf(name)
  return seen.filter((item) => {
    const name = nameOf(item)
    return !(isGeneric(item) && ofVendors.has(name) && isAlone(name))
  })
}

/**
 * Picks the one that has a certificate. Where two tokens have it, neither is preferred: whose PIN is tried, and whose
 * counter falls, is not for a program to guess.
 * @throws {TokenError} TOKEN_ABSENT, TOKEN_KEY_NOT_FOUND, TOKEN_DEVICE {ckr: SAME_CERTIFICATE_ON_TWO_TOKENS}
 */
export function getOnlyHolder<T>(
  seen: readonly T[],
  certificateId: Uint8Array,
  certificateOf: (item: T) => TokenCertificate,
): T {
  if (seen.length === 0) throw new TokenError('TOKEN_ABSENT')
  const wanted = encodeHex(certificateId)
  const matching = seen.filter((item) => encodeHex(certificateOf(item).id) === wanted)
  const [holder, another] = dropRepeated(matching, certificateOf)
  if (holder === undefined) throw new TokenError('TOKEN_KEY_NOT_FOUND')
  if (another !== undefined) {
    throw new TokenError('TOKEN_DEVICE', { details: { ckr: 'SAME_CERTIFICATE_ON_TWO_TOKENS' } })
  }
  return holder
}
