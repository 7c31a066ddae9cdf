import { describe, expect, it } from 'vitest'
import {
  compareBytes,
  concatBytes,
  encodeBase64url,
  encodeHex,
  equalBytes,
  parseBase64url,
  parseHex,
} from './bytes.ts'

describe('bytes', () => {
  it('joins parts into one fresh array', () => {
    const part = Uint8Array.of(1, 2)
    const joined = concatBytes(part, new Uint8Array(0), Uint8Array.of(3))
    part[0] = 9
    expect([...joined]).toEqual([1, 2, 3])
  })

  it('orders as DER does: bytewise, a prefix first', () => {
    const sorted = ['3003', '30', '2fff', '300201'].map((hex) => parseHex(hex)!).sort(compareBytes)
    expect(sorted.map(encodeHex)).toEqual(['2fff', '30', '300201', '3003'])
  })

  it('tells equal from different', () => {
    expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 2))).toBe(true)
    expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 3))).toBe(false)
    expect(equalBytes(Uint8Array.of(1), Uint8Array.of(1, 2))).toBe(false)
  })

  it('writes base64url of every length and reads it back (RFC 4648 §10)', () => {
    const vectors = ['', 'Zg', 'Zm8', 'Zm9v', 'Zm9vYg', 'Zm9vYmE', 'Zm9vYmFy']
    vectors.forEach((text, length) => {
      const bytes = new TextEncoder().encode('foobar'.slice(0, length))
      expect(encodeBase64url(bytes)).toBe(text)
      expect(parseBase64url(text)).toEqual(bytes)
    })
  })

  it('gives each byte string one spelling in base64url', () => {
    const digits = [...encodeBase64url(Uint8Array.from({ length: 256 }, (_, byte) => byte))]
    const all = [...new Set(digits)]
    expect(all).toHaveLength(64)
    const pairs = all.flatMap((one) => all.map((other) => one + other))
    const read = pairs.filter((text) => parseBase64url(text) !== undefined)
    expect(read).toHaveLength(256)
    expect(read.map((text) => encodeBase64url(parseBase64url(text)!))).toEqual(read)
    const last = all.filter((digit) => parseBase64url(`AA${digit}`) !== undefined)
    expect(last).toHaveLength(16)
  })

  it.each(['Zg==', 'Zh', 'Zm9vYmG', 'Z', 'Zm+v', 'Zm/v', 'Zm v', 'Zm9v\n', 'Zm9ü', 'Zm9\u015a'])(
    'refuses %j as base64url',
    (text) => {
      expect(parseBase64url(text)).toBeUndefined()
    },
  )

  it.each(['0', 'zz', '0x', ' 00'])('refuses %j as hex', (text) => {
    expect(parseHex(text)).toBeUndefined()
  })

  it('carries large arrays through base64url without overflowing the stack', () => {
    const bytes = new Uint8Array(200_000).map((_, index) => index)
    expect(parseBase64url(encodeBase64url(bytes))).toEqual(bytes)
  })
})
