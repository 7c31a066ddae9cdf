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

  it.each([40, 1000, 100_000])('refuses %i levels without running out of stack', (depth) => {
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

  it('refuses a million elements in good time', () => {
    const flat = new Uint8Array(2_000_005)
    flat.set([0x30, 0x83, 0x1e, 0x84, 0x80])
    for (let at = 5; at < flat.length; at += 2) flat[at] = 5
    const started = performance.now()
    expect(() => readDer(flat, 'test')).toThrowError(malformed)
    expect(performance.now() - started).toBeLessThan(2000)
  })
})
