/**
 * What lies on the web servers of certification authorities: lists of revoked certificates, and certificates.
 *
 * ```
 * CertificateList ::= SEQUENCE { SEQUENCE { version INTEGER OPTIONAL, signature, issuer, thisUpdate Time,
 *                                           nextUpdate Time OPTIONAL, revokedCertificates OPTIONAL, … }, … }
 * ```
 * A list is never descended into: it is megabytes of strangers' bytes, and the page reads them.
 * @module
 */
import { encodeHex } from '@trien/sdk/bytes'
import type { Bytes } from '@trien/sdk/types'
import { type DerLimits, TAG, getChildren, getContent, parseDer } from '../der/reader.ts'
import { parseTime } from '../der/time.ts'
import { REVOCATION_LIST } from './fetch.ts'
import { SIGNED_DATA, readSignedData } from './signed-data.ts'

/** A list and its own validity. */
export interface RevocationList {
  readonly crlDer: Bytes
  /** Milliseconds since 1970; undefined where it does not say. */
  readonly nextUpdateMs: number | undefined
}

const LARGE: DerLimits = { maxBytes: REVOCATION_LIST.maxBytes, maxElements: 16 }
const TIMES: readonly number[] = [TAG.utcTime, TAG.generalizedTime]
const CONTEXT_0 = 0xa0
const MAX_CERTIFICATES = 32

/**
 * Reads a list in DER or PEM (RFC 7468 §6).
 * @throws {DerError}
 */
export function parseRevocationList(bytes: Uint8Array): RevocationList {
  const [crlDer = bytes] = decodePem(bytes, 'X509 CRL') ?? [bytes]
  const parts = getChildren(parseDer(crlDer, TAG.sequence, LARGE), TAG.sequence, LARGE)
  const fields = getChildren(parts[0], TAG.sequence, LARGE)
  const start = fields[0]?.tag === TAG.integer ? 1 : 0
  getContent(fields[start], TAG.sequence)
  getContent(fields[start + 1], TAG.sequence)
  parseTime(fields[start + 2])
  getContent(parts[1], TAG.sequence)
  getContent(parts[2], TAG.bitString)
  const next = fields[start + 3]
  const nextUpdateMs = TIMES.includes(next?.tag ?? 0) ? parseTime(next) : undefined
  return { crlDer: new Uint8Array(crlDer), nextUpdateMs }
}

/**
 * Reads certificates: one in DER, some in PEM, or some in a CMS that signs nothing (RFC 5652 §5.1, `.p7b` and `.p7c`).
 * @returns DER of each; their own content is not looked at
 * @throws {DerError}
 */
export function parseCertificates(bytes: Uint8Array): readonly Uint8Array[] {
  const inPem = decodePem(bytes, 'CERTIFICATE')
  if (inPem !== undefined) return inPem.slice(0, MAX_CERTIFICATES)
  const [cmsDer = bytes] = decodePem(bytes, 'PKCS7') ?? []
  const [first, wrapped] = getChildren(parseDer(cmsDer, TAG.sequence), TAG.sequence)
  if (first?.tag !== TAG.oid) return [cmsDer]
  if (encodeHex(first.content) !== SIGNED_DATA) return []
  const { certificates } = readSignedData(getChildren(wrapped, CONTEXT_0)[0])
  return certificates.slice(0, MAX_CERTIFICATES)
}

/** @returns undefined where the bytes begin with anything but a line of PEM or words before it */
function decodePem(bytes: Uint8Array, label: string): readonly Uint8Array[] | undefined {
  // DER begins with 0x30, which is the digit zero; no PEM does.
  if (bytes[0] === TAG.sequence) return undefined
  const text = Buffer.from(bytes).toString('latin1')
  const [begin, end] = [`-----BEGIN ${label}-----`, `-----END ${label}-----`]
  const blocks = text
    .split(begin)
    .slice(1)
    .map((block) => Buffer.from(block.split(end)[0] ?? '', 'base64'))
  return blocks.length === 0 ? undefined : blocks
}
