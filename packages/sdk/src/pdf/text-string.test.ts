import { describe, expect, it } from 'vitest'
import { encodeHex, parseHex } from '../bytes.ts'
import { decodeTextString, encodeDate, encodeTextString } from './text-string.ts'

const decode = (hex: string) =>
  decodeTextString({ kind: 'string', form: 'hex', bytes: parseHex(hex)! })

describe('text strings (ISO 32000-2 §7.9.2)', () => {
  it.each([
    ['Phê duyệt', 'feff'],
    ['Hà Nội 🇻🇳', 'feff'],
    ['plain (text)', '706c'],
    ['“café” – 5 €', '8d63'],
    ['þÿ', 'feff'],
    ['', ''],
  ])('writes %j so that it reads the same', (text, start) => {
    const written = encodeTextString(text)
    expect(encodeHex(written.bytes).slice(0, start.length)).toBe(start)
    expect(decodeTextString(written)).toBe(text)
  })

  it('reads UTF-8, UTF-16 of either order, and PDFDocEncoding', () => {
    expect(decode('efbbbfc490')).toBe('Đ')
    expect(decode('feff0110')).toBe('Đ')
    expect(decode('fffe1001')).toBe('Đ')
    expect(decode('41a08d')).toBe('A€“')
  })

  it('writes dates in UTC', () => {
    const { bytes } = encodeDate(new Date('2026-11-21T18:30:05.9Z'))
    expect(new TextDecoder().decode(bytes)).toBe("D:20261121183005+00'00'")
  })
})
