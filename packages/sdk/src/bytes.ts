/**
 * Bytes and their text encodings. Everything binary in Trien is a `Uint8Array`; a name that holds text says which
 * encoding (`digestHex`, `toBeSignedBase64url`).
 * @module
 */

/** A view on memory that nobody shares with another thread: what WebCrypto and Blob accept. */
export type Bytes = Uint8Array<ArrayBuffer>

const HEX = encodeUtf8('0123456789abcdef')

/** Joins the parts into one fresh array that the caller owns. */
export function concatBytes(...parts: readonly Uint8Array[]): Bytes {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let offset = 0
  for (const part of parts) {
    joined.set(part, offset)
    offset += part.length
  }
  return joined
}

/** Tells whether two byte strings are the same. Not constant time: never use it on a secret. */
export function equalBytes(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false
  for (let index = 0; index < left.length; index++) {
    if (left[index] !== right[index]) return false
  }
  return true
}

/** Orders byte strings as DER's SET OF does (X.690 §11.6): bytewise, the shorter first where it is a prefix. */
export function compareBytes(left: Uint8Array, right: Uint8Array): number {
  const common = Math.min(left.length, right.length)
  for (let index = 0; index < common; index++) {
    const difference = (left[index] as number) - (right[index] as number)
    if (difference !== 0) return difference
  }
  return left.length - right.length
}

/** Writes bytes as lower-case hexadecimal. */
export function encodeHex(bytes: Uint8Array): string {
  const text = new Uint8Array(bytes.length * 2)
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index] as number
    text[index * 2] = HEX[byte >> 4] as number
    text[index * 2 + 1] = HEX[byte & 15] as number
  }
  return new TextDecoder().decode(text)
}

/** Reads hexadecimal of either case; undefined where the text is not an even run of hex digits. */
export function parseHex(text: string): Bytes | undefined {
  if (text.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(text)) return undefined
  const bytes = new Uint8Array(text.length / 2)
  for (let index = 0; index < bytes.length; index++) {
    bytes[index] = parseInt(text.slice(index * 2, index * 2 + 2), 16)
  }
  return bytes
}

/** The digits of base64url in their order, as ASCII (RFC 4648 §5); and what each stands for, by its ASCII. */
const DIGITS = encodeUtf8('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_')
const NO_DIGIT = 64
const VALUES = new Uint8Array(128).fill(NO_DIGIT)
DIGITS.forEach((digit, value) => (VALUES[digit] = value))

/** Writes bytes as base64url without padding. A batch is a thousand of them: `btoa` and its corrections take 5 × as long. */
export function encodeBase64url(bytes: Uint8Array): string {
  const text = new Uint8Array(Math.ceil((bytes.length * 4) / 3))
  let length = 0
  for (let index = 0; index < bytes.length; index += 3) {
    const [first = 0, second = 0, third = 0] = [bytes[index], bytes[index + 1], bytes[index + 2]]
    const bits = (first << 16) | (second << 8) | third
    // What is written beyond the end of the array is dropped: the digits that stand for no byte.
    for (let shift = 18; shift >= 0; shift -= 6)
      text[length++] = DIGITS[(bits >> shift) & 63] as number
  }
  return new TextDecoder().decode(text)
}

/**
 * Reads base64url without padding; undefined where the text is anything else, a stray bit in the last digit included,
 * so that one byte string has exactly one spelling on the wire.
 */
export function parseBase64url(text: string): Bytes | undefined {
  if (text.length % 4 === 1) return undefined
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4))
  let length = 0
  let bits = 0
  let bitCount = 0
  for (let index = 0; index < text.length; index++) {
    const value = VALUES[text.charCodeAt(index)] ?? NO_DIGIT
    if (value === NO_DIGIT) return undefined
    bits = ((bits << 6) | value) & 0xfff
    bitCount += 6
    if (bitCount < 8) continue
    bitCount -= 8
    bytes[length++] = bits >> bitCount
  }
  const stray = bits & ((1 << bitCount) - 1)
  return stray === 0 ? bytes : undefined
}

/** Writes text as UTF-8. */
export function encodeUtf8(text: string): Bytes {
  return new TextEncoder().encode(text)
}
