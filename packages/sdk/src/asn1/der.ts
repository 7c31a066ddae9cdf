/**
 * DER, written: each function takes complete encodings and returns one complete encoding in a fresh array, so that
 * what was once encoded (a Name, a certificate, signed attributes) is spliced in and never encoded again.
 *
 * ```
 * identifier octet | length (short form below 128, else 0x80+n and n octets, minimal) | contents      X.690 §8.1, §10.1
 * ```
 * @module
 */
import { type Bytes, compareBytes, concatBytes, encodeUtf8 } from '../bytes.ts'
import { encodeOidArcs } from './oid-arcs.ts'

/** Identifier octets that Trien reads or writes. */
export const TAG = {
  BOOLEAN: 0x01,
  INTEGER: 0x02,
  BIT_STRING: 0x03,
  OCTET_STRING: 0x04,
  NULL: 0x05,
  OID: 0x06,
  UTF8_STRING: 0x0c,
  PRINTABLE_STRING: 0x13,
  SEQUENCE: 0x30,
  SET: 0x31,
  UTC_TIME: 0x17,
  GENERALIZED_TIME: 0x18,
} as const

/** The identifier octet of `[number]` on a constructed value: EXPLICIT, or IMPLICIT over SEQUENCE and SET. */
export function contextTag(number: number): number {
  return 0xa0 | number
}

/** Writes one element; `tag` is the identifier octet, low tag numbers only. */
export function encodeElement(tag: number, ...contents: readonly Uint8Array[]): Bytes {
  const length = contents.reduce((sum, part) => sum + part.length, 0)
  return concatBytes(encodeHeader(tag, length), ...contents)
}

/** Writes identifier and length of contents that come after. */
export function encodeHeader(tag: number, length: number): Bytes {
  return Uint8Array.of(tag, ...encodeLength(length))
}

function encodeLength(length: number): number[] {
  if (length < 0x80) return [length]
  const octets: number[] = []
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256)
  return [0x80 | octets.length, ...octets]
}

/** Writes a SEQUENCE. */
export function encodeSequence(...elements: readonly Uint8Array[]): Bytes {
  return encodeElement(TAG.SEQUENCE, ...elements)
}

/**
 * Writes a SET OF, its elements in ascending order of their complete encodings (X.690 §11.6). The length octets take
 * part in the comparison, so short elements come first whatever their OIDs are.
 */
export function encodeSetOf(elements: readonly Uint8Array[]): Bytes {
  return encodeElement(TAG.SET, ...[...elements].sort(compareBytes))
}

/** Writes a value under an EXPLICIT context tag. */
export function encodeExplicit(number: number, element: Uint8Array): Bytes {
  return encodeElement(contextTag(number), element)
}

/** Copies an element under an IMPLICIT context tag: only the identifier octet differs (X.690 §8.14). */
export function retagImplicit(number: number, constructed: Uint8Array): Bytes {
  const copy = new Uint8Array(constructed)
  copy[0] = contextTag(number)
  return copy
}

/** Writes an OCTET STRING. */
export function encodeOctetString(contents: Uint8Array): Bytes {
  return encodeElement(TAG.OCTET_STRING, contents)
}

/** Writes an INTEGER from a whole number below 2^32. */
export function encodeInteger(value: number): Bytes {
  return encodeUnsignedInteger(Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value))
}

/** Writes an INTEGER from unsigned big-endian octets: leading zeros dropped, one put back where the high bit is set. */
export function encodeUnsignedInteger(bigEndian: Uint8Array): Bytes {
  let start = 0
  while (start < bigEndian.length - 1 && bigEndian[start] === 0) start++
  const minimal = bigEndian.subarray(start)
  const padding = (minimal[0] ?? 0) & 0x80 || minimal.length === 0 ? Uint8Array.of(0) : NOTHING
  return encodeElement(TAG.INTEGER, padding, minimal)
}

const NOTHING = new Uint8Array(0)

/** Writes NULL. */
export function encodeNull(): Bytes {
  return encodeElement(TAG.NULL)
}

/** Writes an OBJECT IDENTIFIER from its dotted form. */
export function encodeOid(dotted: string): Bytes {
  return encodeElement(TAG.OID, Uint8Array.from(encodeOidArcs(dotted)))
}

/** Writes an AlgorithmIdentifier; parameters that are not given are absent, which is not the same as NULL. */
export function encodeAlgorithmIdentifier(oid: string, parameters?: Uint8Array): Bytes {
  return encodeSequence(encodeOid(oid), parameters ?? NOTHING)
}

/**
 * Writes a time in whole seconds, UTC: UTCTime for 1950 to 2049, else GeneralizedTime (RFC 5652 §11.3). Years 0 to
 * 9999 only; the caller has checked.
 */
export function encodeTime(time: Date): Bytes {
  const digits = time
    .toISOString()
    .replace(/\.\d+Z$/, '')
    .replace(/\D/g, '')
  const year = time.getUTCFullYear()
  return year >= 1950 && year <= 2049
    ? encodeElement(TAG.UTC_TIME, encodeUtf8(`${digits.slice(2)}Z`))
    : encodeElement(TAG.GENERALIZED_TIME, encodeUtf8(`${digits}Z`))
}
