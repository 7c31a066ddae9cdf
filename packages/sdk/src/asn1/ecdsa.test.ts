import { describe, expect, it } from 'vitest'
import { encodeHex, parseHex } from '../bytes.ts'
import { encodeEcdsaSignature, parseEcdsaSignature } from './ecdsa.ts'

const bytes = (hex: string) => parseHex(hex.replaceAll(' ', ''))!
const at32 = (hex: string) => hex.padStart(64, '0')

describe('ECDSA signatures', () => {
  it.each([
    ['small numbers', at32('01'), at32('7f'), '3006 020101 02017f'],
    ['a high bit', at32('80'), at32('ff00'), '3009 02020080 020300ff00'],
    [
      'a high bit in the first octet',
      'f'.repeat(64),
      at32('1'),
      `3026 022100${'f'.repeat(64)} 020101`,
    ],
    ['leading zeros', `0000${'1'.repeat(60)}`, at32('2'), `3023 021e${'1'.repeat(60)} 020102`],
  ])('go from r‖s to DER and back: %s', (_, r, s, hex) => {
    const rs = bytes(r + s)
    const der = encodeEcdsaSignature(rs)
    expect(encodeHex(der)).toBe(hex.replaceAll(' ', ''))
    expect(parseEcdsaSignature(der, 'P-256')).toEqual(rs)
  })

  it('have 66 octets a half on P-521', () => {
    const rs = new Uint8Array(132).fill(1)
    expect(parseEcdsaSignature(encodeEcdsaSignature(rs), 'P-521')).toEqual(rs)
  })

  it.each([
    ['a negative r', '3006 0201ff 020101'],
    ['a padded r', '3007 02020001 020101'],
    ['r too wide', `3026 022101${'0'.repeat(64)} 020101`],
    ['no s', '3003 020101'],
    ['a third number', '3009 020101 020101 020101'],
    ['an empty r', '3005 0200 020101'],
    ['bytes after', '3006 020101 020101 00'],
    ['a set', '3106 020101 020101'],
    ['nothing', ''],
  ])('are refused with %s', (_, hex) => {
    expect(() => parseEcdsaSignature(bytes(hex), 'P-256')).toThrowError(
      expect.objectContaining({ code: 'FORMAT_MALFORMED' }),
    )
  })
})
