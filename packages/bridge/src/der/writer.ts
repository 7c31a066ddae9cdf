/**
 * A writer of DER for the few structures that the bridge makes itself (X.690): each function gives one whole element.
 * @module
 */
import { concatBytes, type Bytes } from '@trien/sdk/bytes'
import { TAG } from './reader.ts'

/** One element of any tag around content that is already encoded. */
export function encodeElement(tag: number, ...contents: readonly Uint8Array[]): Bytes {
  const content = concatBytes(...contents)
  return concatBytes(Uint8Array.of(tag, ...lengthOctets(content.length)), content)
}

export function encodeSequence(...elements: readonly Uint8Array[]): Bytes {
  return encodeElement(TAG.sequence, ...elements)
}

export function encodeSet(element: Uint8Array): Bytes {
  return encodeElement(TAG.set, element)
}

export function encodeOctetString(bytes: Uint8Array): Bytes {
  return encodeElement(TAG.octetString, bytes)
}

/** Whole octets, or as many bits less as are unused in the last. */
export function encodeBitString(bytes: Uint8Array, unusedBits = 0): Bytes {
  return encodeElement(TAG.bitString, Uint8Array.of(unusedBits), bytes)
}

export function encodeTrue(): Bytes {
  return encodeElement(TAG.boolean, Uint8Array.of(0xff))
}

/** @param octets big-endian two's complement in the fewest octets (X.690 §8.3) */
export function encodeInteger(...octets: readonly number[]): Bytes {
  return encodeElement(TAG.integer, Uint8Array.from(octets))
}

/** @param dotted for example `2.5.29.19`; the first two numbers share an octet (X.690 §8.19) */
export function encodeOid(dotted: string): Bytes {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  return encodeElement(TAG.oid, Uint8Array.from([first * 40 + second, ...rest].flatMap(base128)))
}

/** UTCTime before 2050, GeneralizedTime from then on (RFC 5280 §4.1.2.5), in whole seconds. */
export function encodeTime(time: Date): Bytes {
  const digits = time.toISOString().replace(/[-:T]|\.\d+/g, '')
  const isLate = time.getUTCFullYear() >= 2050
  const text = isLate ? digits : digits.slice(2)
  const tag = isLate ? TAG.generalizedTime : TAG.utcTime
  return encodeElement(tag, new TextEncoder().encode(text))
}

function lengthOctets(length: number): number[] {
  if (length < 0x80) return [length]
  const octets: number[] = []
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256)
  return [0x80 | octets.length, ...octets]
}

function base128(number: number): number[] {
  const septets = [number % 128]
  for (let rest = Math.floor(number / 128); rest > 0; rest = Math.floor(rest / 128)) {
    septets.unshift(0x80 | (rest % 128))
  }
  return septets
}
