/**
 * The two spellings of an ECDSA signature: r‖s at the curve's fixed width (PKCS#11, WebCrypto, JWS, XMLDSig) and
 *
 * ```
 * ECDSA-Sig-Value ::= SEQUENCE { r INTEGER, s INTEGER }            (CMS, X.509, time-stamps)         RFC 3279 §2.2.3
 * ```
 * @module
 */
import type { CurveName } from '../algorithms.ts'
import type { Bytes } from '../bytes.ts'
import { TAG, encodeSequence, encodeUnsignedInteger } from './der.ts'
import { type DerNode, readDer } from './reader.ts'

const COORDINATE_BYTES: Readonly<Record<CurveName, number>> = {
  'P-256': 32,
  'P-384': 48,
  'P-521': 66,
}

/** Bytes of r‖s on a curve: twice the octets of its order (SEC 1 §4.1). */
export function ecdsaSignatureBytes(curve: CurveName): number {
  return 2 * COORDINATE_BYTES[curve]
}

/** Writes r‖s (two halves of one width) as ECDSA-Sig-Value. */
export function encodeEcdsaSignature(rs: Uint8Array): Bytes {
  const half = rs.length / 2
  return encodeSequence(
    encodeUnsignedInteger(rs.subarray(0, half)),
    encodeUnsignedInteger(rs.subarray(half)),
  )
}

/**
 * Reads ECDSA-Sig-Value as r‖s at the curve's width.
 * @throws {FormatError} FORMAT_MALFORMED also where r or s is negative or too wide for the curve
 */
export function parseEcdsaSignature(der: Uint8Array, curve: CurveName): Bytes {
  const signature = readDer(der, 'ECDSA signature').assertTag(TAG.SEQUENCE)
  if (signature.children.length !== 2) signature.fail('r and s')
  const width = COORDINATE_BYTES[curve]
  const rs = new Uint8Array(2 * width)
  rs.set(unsigned(signature.getChild(0, TAG.INTEGER), width), 0)
  rs.set(unsigned(signature.getChild(1, TAG.INTEGER), width), width)
  return rs
}

/** The octets of a positive INTEGER, padded on the left to a width. */
function unsigned(integer: DerNode, width: number): Uint8Array {
  const { contents } = integer
  const [first = 0x80, second = 0x80] = contents
  const isPadded = first === 0 && contents.length > 1
  if ((first & 0x80) !== 0 || (isPadded && (second & 0x80) === 0))
    integer.fail('a positive INTEGER')
  const octets = isPadded ? contents.subarray(1) : contents
  if (octets.length > width) integer.fail(`at most ${width} octets`)
  const padded = new Uint8Array(width)
  padded.set(octets, width - octets.length)
  return padded
}
