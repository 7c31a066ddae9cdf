import { describe, expect, it } from 'vitest'
import { encodeHex, parseHex } from '../bytes.ts'
import { readDer } from './reader.ts'

const bytes = (hex: string) => parseHex(hex.replaceAll(' ', ''))!
const malformed = expect.objectContaining({ code: 'FORMAT_MALFORMED' })

describe('the reader', () => {
  it('gives each element its own bytes', () => {
    const node = readDer(bytes('3008 060355040c 0c0141'), 'test')
    expect(node.getChild(0, 0x06).readOid()).toBe('2.5.4.12')
    expect(encodeHex(node.getChild(1, 0x0c).bytes)).toBe('0c0141')
    expect(node.children[1]?.findText()).toBe('A')
    expect(node.children[0]?.findText()).toBeUndefined()
  })

  it.each([
    ['UTF8String', '0c05 c490e1bb8b', 'Đị'],
    ['PrintableString', '1302 4869', 'Hi'],
    ['IA5String', '1602 4869', 'Hi'],
    ['TeletexString', '1401 c0', 'À'],
    ['BMPString', '1e04 0110 1ecb', 'Đị'],
    ['a pair of units in a BMPString', '1e04 d83d dcdd', '📝'],
    ['UniversalString', '1c04 0001f4dd', '📝'],
    ['a UniversalString of no character', '1c04 7f000000', '\uFFFD'],
    ['UTF8String of other octets', '0c01 c0', '\uFFFD'],
    ['OCTET STRING', '0401 41', undefined],
  ])('reads the text of %s', (_, hex, text) => {
    expect(readDer(bytes(hex), 'test').findText()).toBe(text)
  })

  it.each([
    ['2.999.1', '0603 883701'],
    ['1.3.6.1.4.1.311.20.2.3', '060a 2b060104018237140203'],
    [
      '2.25.329800735698586629295641978511506172918',
      '0614 6983f09da7ebcfdee0c7a1a7b2c0948cc8f9d776',
    ],
  ])('reads the identifier %s', (dotted, hex) => {
    expect(readDer(bytes(hex), 'test').readOid()).toBe(dotted)
  })

  it.each([
    ['of no octets', '0600'],
    ['that ends inside an arc', '0602 2b86'],
    ['with a leading zero in an arc', '0603 2b8001'],
    ['that is text', '0c01 41'],
  ])('refuses an identifier %s', (_, hex) => {
    expect(() => readDer(bytes(hex), 'test').readOid()).toThrowError(malformed)
  })

  it('says where and what it expected', () => {
    const node = readDer(bytes('3006 020101 020102'), 'certificate')
    expect(() => node.getChild(1, 0x04)).toThrowError(
      expect.objectContaining({
        details: { what: 'certificate', offset: 5, expected: 'tag 0x04' },
      }),
    )
    expect(() => node.getChild(2, 0x02)).toThrowError(malformed)
  })

  it.each([
    ['an array', bytes('020105')],
    ['a view', bytes('00020105').subarray(1)],
    ['a Buffer', Buffer.from('020105', 'hex')],
  ])('is not moved by what the caller does to %s', (_, input) => {
    const node = readDer(input, 'test')
    input.fill(0)
    expect(encodeHex(node.bytes)).toBe('020105')
    expect(node.bytes.buffer.byteLength).toBe(3)
    expect(node.bytes.byteOffset).toBe(0)
  })

  it.each([
    ['nothing', ''],
    ['an indefinite length', '3080 0500 0000'],
    ['a long form below 128', '0481 0100'],
    ['a length with a leading zero', `0482 0080 ${'00'.repeat(128)}`],
    ['an indefinite length inside', '3006 3080 0500 0000'],
    ['a constructed string', '2403 040100'],
    ['a high tag number', '9f2001 00'],
    ['bytes after the end', '0500 00'],
    ['a missing end', '3005 0500'],
    ['a child longer than its parent', '3003 0405 0000000000'],
    ['an end-of-contents', '0000'],
    ['a length of 2^56', '0488 0100000000000000 00'],
  ])('refuses %s', (_, hex) => {
    expect(() => readDer(bytes(hex), 'test')).toThrowError(malformed)
  })

  it.each([70, 1000, 100_000])('refuses %i levels without running out of stack', (depth) => {
    let nested: Uint8Array = new Uint8Array(0)
    const parts: number[] = []
    let length = 0
    for (let level = 0; level < depth; level++) {
      const header =
        length < 0x80
          ? [0x30, length]
          : [0x30, 0x83, length >> 16, (length >> 8) & 255, length & 255]
      parts.push(...header.reverse())
      length += header.length
    }
    nested = Uint8Array.from(parts.reverse())
    expect(() => readDer(nested, 'test')).toThrowError(malformed)
  })

  it('walks a million elements in good time, and makes no nodes of them', () => {
    const flat = new Uint8Array(2_000_005)
    flat.set([0x30, 0x83, 0x1e, 0x84, 0x80])
    for (let at = 5; at < flat.length; at += 2) flat[at] = 5
    const started = performance.now()
    expect(() => readDer(flat, 'test').children).toThrowError(malformed)
    expect(performance.now() - started).toBeLessThan(2000)
  })
})
