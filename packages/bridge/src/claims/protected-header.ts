/**
 * The protected header of a JSON Web Signature: JSON that a bridge can read in one way only.
 *
 * ```
 * alg        the algorithm that was asked for                          required
 * x5t#S256   SHA-256 of the certificate                                this or x5c must name the certificate
 * x5c        certificates, base64 DER; the first is the certificate
 * iat | sigT the time; one of them at most                             ETSI TS 119 182-1 §5.1.11, §5.2.1
 * sigD       the documents' digests and names, where they are outside  §5.2.8, ObjectIdByURIHash alone
 * b64 false  payload or digests are of the document's very bytes       RFC 7797; required with sigD
 * crit       must list b64 and sigD where they are                     RFC 7515 §4.1.11
 * typ cty    jose | jose+json; the media type
 * srCms sigPl srAts  what the person is shown of them                 said-parameters
 * ```
 *
 * No other parameter is signed: `typ: JWT` would make of a signature a login, `jwk` and `x5u` would bring another key.
 * The text must be what JSON.stringify writes of it, byte for byte, so that no key is there twice, nothing is escaped
 * that need not be, and nothing stands between.
 * @module
 */
import type { DigestName } from '@trien/sdk/types'
import { encodeBase64url, equalBytes, parseBase64url } from '@trien/sdk/bytes'
import type { ClaimedCertificate } from './certificate.ts'
import type { Claimed } from './claimed.ts'
import { type Claim, assertClaim, mismatch } from './mismatch.ts'
import { readSaid } from './said-parameters.ts'
import type { Said } from './said.ts'
import { assertNumericDate, assertXmlTime } from './signing-time.ts'
import { parseBase64 } from './xml/expect.ts'

/** Documents outside the signature. */
export interface Detached {
  readonly hash: DigestName
  readonly names: readonly string[]
  readonly digests: readonly Uint8Array[]
}

/** What the header says of the payload, and beside it. */
export interface Header {
  readonly isRaw: boolean
  readonly said: Said
  readonly detached: Detached | undefined
}

type Json = Readonly<Record<string, unknown>>

const KNOWN = 'alg,b64,crit,cty,iat,sigD,sigPl,sigT,srAts,srCms,typ,x5c,x5t#S256'.split(',')
/** RFC 7515 §4.1.11: only extensions may be listed. */
const MAY_BE_CRITICAL = ['b64', 'iat', 'sigD', 'sigT']
const TYPES: readonly unknown[] = [undefined, 'jose', 'jose+json']
const BY_URI_HASH = 'http://uri.etsi.org/19182/ObjectIdByURIHash'
/** ETSI TS 119 182-1 annex E. */
const HASHES: Readonly<Record<string, DigestName>> = {
  S256: 'SHA-256',
  S384: 'SHA-384',
  S512: 'SHA-512',
}
const MAX_CERTIFICATES = 8
const MAX_DOCUMENTS = 512
const MAX_TEXT = 1024

/**
 * Reads it and compares all but what it says of the documents.
 * @throws {BridgeError} BRIDGE_CLAIM_MISMATCH {claim}
 */
export function readHeader(bytes: Uint8Array, { algorithm, certificate, now }: Claimed): Header {
  const { text, header } = parseHeader(bytes)
  assertKeys(header, KNOWN, 'header')
  assertClaim('algorithm', header['alg'] === algorithm.name)
  assertClaim('header', TYPES.includes(header['typ']) && isTextOr(undefined, header['cty']))
  assertClaim('header', header['b64'] === undefined || header['b64'] === false)
  assertCertificate(header, certificate)
  assertTime(header, now)
  const detached = header['sigD'] === undefined ? undefined : readDetached(header['sigD'])
  // Without it the digests would be of the documents' base64url (ETSI TS 119 182-1 §5.2.8.3.3): of nothing that is shown.
  assertClaim('payload', detached === undefined || header['b64'] === false)
  assertCritical(header)
  const said = readSaid(header)
  // Last, when the shapes above bound how deep it goes.
  assertClaim('header', JSON.stringify(header) === text)
  return { isRaw: header['b64'] === false, detached, said }
}

function parseHeader(bytes: Uint8Array): { text: string; header: Json } {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    const header: unknown = JSON.parse(text)
    assertObject(header, 'header')
    return { text, header }
  } catch (cause) {
    throw mismatch('header', cause)
  }
}

function assertCertificate(header: Json, certificate: ClaimedCertificate): void {
  const claim: Claim = 'signing-certificate'
  const { x5c, 'x5t#S256': thumbprint } = header
  assertClaim(claim, x5c !== undefined || thumbprint !== undefined)
  if (thumbprint !== undefined) {
    assertClaim(claim, thumbprint === encodeBase64url(certificate.hash('sha256')))
  }
  if (x5c === undefined) return
  assertClaim(claim, Array.isArray(x5c) && x5c.length > 0 && x5c.length <= MAX_CERTIFICATES)
  const chain = x5c.map((entry) => (typeof entry === 'string' ? parseBase64(entry) : undefined))
  assertClaim(claim, !chain.includes(undefined))
  assertClaim(claim, chain[0] !== undefined && equalBytes(chain[0], certificate.der))
}

function assertTime({ iat, sigT }: Json, now: Date): void {
  assertClaim('signing-time', iat === undefined || sigT === undefined)
  if (iat !== undefined) assertNumericDate(iat, now)
  if (sigT === undefined) return
  // §5.2.1: UTC, to the second.
  assertClaim('signing-time', typeof sigT === 'string' && sigT.endsWith('Z'))
  assertXmlTime(sigT, 'zone', now)
}

function readDetached(sigD: unknown): Detached {
  assertObject(sigD, 'documents')
  assertKeys(sigD, ['mId', 'pars', 'hashM', 'hashV', 'ctys'], 'documents')
  const { mId, hashM, ctys = [] } = sigD
  assertClaim('documents', mId === BY_URI_HASH && typeof hashM === 'string')
  const hash = Object.hasOwn(HASHES, hashM) ? HASHES[hashM] : undefined
  assertClaim('digest-algorithm', hash !== undefined)
  const names = readTexts(sigD['pars'])
  const values = readTexts(sigD['hashV'])
  assertClaim('documents', names.length > 0 && names.length === values.length)
  assertClaim('documents', new Set(names).size === names.length)
  assertClaim('documents', ctys === sigD['ctys'] ? readTexts(ctys).length === names.length : true)
  const digests = values.map((value) => {
    const digest = parseBase64url(value)
    assertClaim('documents', digest !== undefined)
    return digest
  })
  return { hash, names, digests }
}

/** What changes how the rest is read must be listed, so that a verifier which does not know it refuses. */
function assertCritical(header: Json): void {
  const { crit = [] } = header
  assertClaim('critical', Array.isArray(crit) && new Set(crit).size === crit.length)
  assertClaim('critical', header['crit'] === undefined || crit.length > 0)
  const listed: readonly unknown[] = crit
  for (const name of listed) {
    assertClaim(
      'critical',
      MAY_BE_CRITICAL.some((known) => known === name),
    )
    assertClaim('critical', header[name as string] !== undefined)
  }
  for (const name of ['b64', 'sigD']) {
    assertClaim('critical', header[name] === undefined || listed.includes(name))
  }
}

function readTexts(value: unknown): readonly string[] {
  assertClaim('documents', Array.isArray(value) && value.length <= MAX_DOCUMENTS)
  const texts = value.filter((entry) => typeof entry === 'string' && entry.length <= MAX_TEXT)
  assertClaim('documents', texts.length === value.length)
  return texts as string[]
}

function isTextOr(absent: undefined, value: unknown): boolean {
  return value === absent || (typeof value === 'string' && value.length <= MAX_TEXT)
}

function assertKeys(object: Json, known: readonly string[], claim: Claim): void {
  assertClaim(
    claim,
    Object.keys(object).every((name) => known.includes(name)),
  )
}

function assertObject(value: unknown, claim: Claim): asserts value is Json {
  assertClaim(claim, typeof value === 'object' && value !== null && !Array.isArray(value))
}
