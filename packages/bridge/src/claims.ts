/**
 * What the bytes to be signed say about themselves, re-read before a person is asked: a page can have only that signed
 * which the prompt shows.
 *
 * ```
 * SET (0x31, sorted) of Attribute { type, SET of one value }            RFC 5652 §5.3, X.690 §11.6
 *   content-type            id-data                                      required
 *   message-digest          OCTET STRING = the document's digest         required
 *   signing-time            UTCTime | GeneralizedTime                    CAdES only; PAdES has it in the file
 *   signing-certificate-v2  hash and issuerSerial of the certificate     required, RFC 5035 §3
 * ```
 *
 * Any other attribute is refused: it could make the signature say more than the person saw (a commitment, a policy,
 * a role).
 * @module
 */
import type { DigestName } from '@trien/sdk/types'
import type { SignItem } from '@trien/sdk/wire'
import { DIGESTS, getAlgorithm } from '@trien/sdk/algorithms'
import { compareBytes, encodeHex, equalBytes } from '@trien/sdk/bytes'
import { BridgeError } from '@trien/sdk/errors'
import { type DerElement, DerError, TAG, getChildren, getContent, parseDer } from './der/reader.ts'
import { assertSigningCertificate } from './claims/signing-certificate.ts'

/** The claim that failed, as `details.claim`. */
export type Claim =
  | 'structure'
  | 'attributes'
  | 'content-type'
  | 'digest-algorithm'
  | 'message-digest'
  | 'signing-time'
  | 'signing-certificate'

type AttributeName = 'content-type' | 'message-digest' | 'signing-time' | 'signing-certificate-v2'

/** Contents of the OBJECT IDENTIFIERs, hexadecimal. */
const ATTRIBUTES: Readonly<Record<string, AttributeName>> = {
  '2a864886f70d010903': 'content-type',
  '2a864886f70d010904': 'message-digest',
  '2a864886f70d010905': 'signing-time',
  '2a864886f70d010910022f': 'signing-certificate-v2',
}
/** id-data, 1.2.840.113549.1.7.1. */
const ID_DATA = '2a864886f70d010701'

/**
 * A prepared document may wait a day for its signature, and a computer whose clock is set to local time in the wrong
 * zone is off by up to 14 hours; more than a day either way is a date that somebody chose.
 */
const SIGNING_TIME_TOLERANCE_MS = 24 * 60 * 60 * 1000

/**
 * Refuses bytes to be signed that do not say what the person will be shown.
 * @param certificateDer the certificate whose key would sign
 * @throws {BridgeError} BRIDGE_CLAIM_MISMATCH {claim}
 * @see RFC 5652 §5.3, RFC 5035 §3, EN 319 122-1 §5
 */
export function assertClaims(
  item: SignItem,
  certificateDer: Uint8Array,
  now: Date = new Date(),
): void {
  const { digest } = getAlgorithm(item.algorithm)
  const attributes = readAs('structure', () => readAttributes(item.toBeSigned))
  assertClaim('digest-algorithm', item.document.digest.algorithm === digest)
  const value = (name: AttributeName) => attributes.get(name)

  readAs('content-type', () => {
    const type = getContent(value('content-type'), TAG.oid)
    assertClaim('content-type', encodeHex(type) === ID_DATA)
  })
  readAs('message-digest', () => {
    const claimed = getContent(value('message-digest'), TAG.octetString)
    assertClaim('message-digest', isDigestOf(item, digest, claimed))
  })
  const signingTime = value('signing-time')
  if (signingTime !== undefined) assertSigningTime(signingTime, now)
  readAs('signing-certificate', () =>
    assertSigningCertificate(value('signing-certificate-v2'), certificateDer),
  )
}

function isDigestOf(item: SignItem, digest: DigestName, claimed: Uint8Array): boolean {
  return claimed.length === DIGESTS[digest].bytes && equalBytes(claimed, item.document.digest.value)
}

/** Reads the SET OF Attribute: sorted, each type once, each with one value. */
function readAttributes(toBeSigned: Uint8Array): ReadonlyMap<AttributeName, DerElement> {
  const attributes = new Map<AttributeName, DerElement>()
  const elements = getChildren(parseDer(toBeSigned, TAG.set), TAG.set)
  let previous: DerElement | undefined
  for (const element of elements) {
    const isSorted = previous === undefined || compareBytes(previous.encoded, element.encoded) < 0
    assertClaim('structure', isSorted)
    previous = element
    const [type, values, ...rest] = getChildren(element, TAG.sequence)
    const [value, ...others] = getChildren(values, TAG.set)
    const name = ATTRIBUTES[encodeHex(getContent(type, TAG.oid))]
    assertClaim('attributes', name !== undefined && !attributes.has(name))
    assertClaim('attributes', value !== undefined && rest.length === 0 && others.length === 0)
    attributes.set(name as AttributeName, value as DerElement)
  }
  return attributes
}

/** UTCTime up to 2049, GeneralizedTime from 2050, seconds and Z, no fraction (RFC 5652 §11.3). */
function assertSigningTime(element: DerElement, now: Date): void {
  const digits = new TextDecoder('latin1').decode(element.content)
  const match =
    element.tag === TAG.utcTime
      ? /^(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z$/.exec(digits)
      : /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z$/.exec(digits)
  const isKnownTag = element.tag === TAG.utcTime || element.tag === TAG.generalizedTime
  if (match === null || !isKnownTag) throw mismatch('signing-time')
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1)
    .map(Number)
  const fullYear = element.tag === TAG.utcTime ? year + (year < 50 ? 2000 : 1900) : year
  assertClaim('signing-time', element.tag === TAG.utcTime || fullYear >= 2050)
  const time = new Date(Date.UTC(fullYear, month - 1, day, hour, minute, second))
  // Date.UTC carries 31 April over to May: a date that does not come back as written does not exist.
  const written = [month, day, hour, minute, second]
  const read = [time.getUTCMonth() + 1, time.getUTCDate(), time.getUTCHours()]
  read.push(time.getUTCMinutes(), time.getUTCSeconds())
  assertClaim('signing-time', written.join() === read.join())
  const isNear = Math.abs(time.getTime() - now.getTime()) <= SIGNING_TIME_TOLERANCE_MS
  assertClaim('signing-time', isNear)
}

/** Names the claim whose bytes are not DER or not of the type they must be. */
function readAs<T>(claim: Claim, read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw error instanceof DerError ? mismatch(claim, error) : error
  }
}

function assertClaim(claim: Claim, holds: boolean): void {
  if (!holds) throw mismatch(claim)
}

function mismatch(claim: Claim, cause?: unknown): BridgeError {
  return new BridgeError('BRIDGE_CLAIM_MISMATCH', { details: { claim }, cause })
}
