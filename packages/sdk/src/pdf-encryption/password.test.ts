import { describe, expect, it } from 'vitest'
import { encodeHex, encodeUtf8 } from '../bytes.ts'
import { encodeLegacy, encodeModern } from './password.ts'
import { prepareString } from './saslprep.ts'

describe('SASLprep', () => {
  it.each([
    // RFC 4013 §3.
    ['I\u00adX', 'IX'],
    ['user', 'user'],
    ['USER', 'USER'],
    ['\u00aa', 'a'],
    ['\u2168', 'IX'],
    ['a\u00a0b\u3000c', 'a b c'],
    // Unicode 3.2, before its corrigendum 4.
    ['Password\u{2f874}!', 'Password\u5f33!'],
    ['mâ\u0323t khẩu', 'mật khẩu'],
  ])('maps %j to %j', (text, prepared) => {
    expect(prepareString(text)).toBe(prepared)
  })
})

describe('spellings of a password', () => {
  it('are PDFDocEncoding, then UTF-8, for the old revisions; 32 bytes', () => {
    expect(encodeLegacy('xem').map(encodeHex)).toEqual(['78656d'])
    expect(encodeLegacy('€é').map(encodeHex)).toEqual(['a0e9', 'e282acc3a9'])
    expect(encodeLegacy('chủ')).toEqual([encodeUtf8('chủ')])
    expect(encodeLegacy('a'.repeat(40))[0]).toHaveLength(32)
  })

  it('are SASLprep, then what is met, for the new ones; 127 bytes', () => {
    expect(encodeModern('xem')).toEqual([encodeUtf8('xem')])
    expect(encodeModern('\u{2f874}')).toEqual(
      ['\u5f33', '\u5f53', '\u{2f874}'].map((each) => encodeUtf8(each)),
    )
    expect(encodeModern('ủ'.repeat(80))[0]).toHaveLength(127)
  })
})
