import { describe, expect, it } from 'vitest'
import { encodeUtf8, parseHex } from '../bytes.ts'
import { encodeElement, encodeOid, encodeSequence, encodeSetOf } from './der.ts'
import { parseName } from './name.ts'
import { readDer } from './reader.ts'

const attribute = (oid: string, tag: number, value: Uint8Array) =>
  encodeSequence(encodeOid(oid), encodeElement(tag, value))

const nameOf = (...attributes: readonly Uint8Array[]) =>
  parseName(readDer(encodeSequence(...attributes.map((one) => encodeSetOf([one]))), 'name'))

const commonName = (tag: number, hex: string) => attribute('2.5.4.3', tag, parseHex(hex)!)

describe('a name', () => {
  it.each([
    ['UTF8String', 0x0c, 'c3816e68', 'Ánh'],
    ['PrintableString', 0x13, '416e68', 'Anh'],
    ['TeletexString', 0x14, '416e68', 'Anh'],
    ['IA5String', 0x16, '416e68', 'Anh'],
    ['VisibleString', 0x1a, '416e68', 'Anh'],
    ['NumericString', 0x12, '303132', '012'],
    ['UniversalString', 0x1c, '000000c10000006e00000068', 'Ánh'],
    ['BMPString', 0x1e, '1ea4006e', 'Ấn'],
  ])('is read from %s', (_, tag, hex, text) => {
    expect(nameOf(commonName(tag, hex))).toEqual({ commonName: text })
  })

  it('keeps the last of an attribute that occurs twice, and skips what it does not know', () => {
    const ou = (text: string) => attribute('2.5.4.11', 0x0c, encodeUtf8(text))
    const unknown = attribute('1.2.3', 0x0c, encodeUtf8('x'))
    const binary = attribute('2.5.4.10', 0x04, Uint8Array.of(1))
    expect(nameOf(ou('Sở'), ou('Phòng'), unknown, binary)).toEqual({ organizationalUnit: 'Phòng' })
  })

  it('may be empty', () => {
    expect(nameOf()).toEqual({})
  })

  it('shows no zero octet, no line break, no character that turns the text round', () => {
    expect(nameOf(commonName(0x0c, '41004209430a44e280ae45'))).toEqual({
      commonName: 'A\uFFFDB\uFFFDC\uFFFDD\uFFFDE',
    })
  })

  it.each([
    ['bytes that are not UTF-8', 0x0c, 'c328ff'],
    ['half a BMP character', 0x1e, '1ea400'],
    ['a Universal character too short', 0x1c, '0000c1'],
  ])('never crashes on %s', (_, tag, hex) => {
    try {
      expect(typeof nameOf(commonName(tag, hex)).commonName).toBe('string')
    } catch (error) {
      expect(error).toMatchObject({ code: 'FORMAT_MALFORMED' })
    }
  })
})
