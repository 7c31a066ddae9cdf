import { expect, test } from 'vitest'
import { parseHex } from '@trien/sdk/bytes'
import { DerError, getChildren, parseDer, parseElements } from './reader.ts'

const hex = (text: string) => parseHex(text.replaceAll(' ', ''))!

test('elements end to end, as views on the input', () => {
  const bytes = hex('0201 05 3003 020107 0400')
  const [integer, sequence, octets] = parseElements(bytes)
  expect(integer).toMatchObject({ tag: 0x02, content: hex('05'), encoded: hex('020105') })
  expect(getChildren(sequence, 0x30)).toHaveLength(1)
  expect(octets!.content).toHaveLength(0)
  expect(integer!.content.buffer).toBe(bytes.buffer)
})

test('lengths of one to three octets', () => {
  for (const size of [0, 127, 128, 255, 256, 60_000]) {
    const length = size < 128 ? [size] : size < 256 ? [0x81, size] : [0x82, size >> 8, size & 255]
    const bytes = Uint8Array.from([0x04, ...length, ...new Uint8Array(size)])
    expect(parseDer(bytes, 0x04).content).toHaveLength(size)
  }
})

test.each([
  ['nothing at all', ''],
  ['a tag without length', '30'],
  ['another tag', '0400'],
  ['content cut off', '300204'],
  ['something after the end', '300000'],
  ['the indefinite form', '30800000'],
  ['a long length that would fit the short form', '308100'],
  ['a length with a leading zero', `30820080${'00'.repeat(128)}`],
  ['a length cut off', '3082 01'],
  ['a length of four octets', '3084 00000000'],
  ['a tag of several octets', '3f0100'],
])('refuses %s', (_, text) => {
  expect(() => parseDer(hex(text), 0x30)).toThrow(DerError)
})

test('refuses more than 64 KiB', () => {
  expect(() => parseElements(new Uint8Array(70_000))).toThrow(DerError)
})

test('refuses more elements at one level than its caller wants', () => {
  const two = hex('05000500')
  expect(parseElements(two, { maxBytes: 4, maxElements: 2 })).toHaveLength(2)
  expect(() => parseElements(two, { maxBytes: 4, maxElements: 1 })).toThrow('more than 1 elements')
  expect(() => parseElements(two, { maxBytes: 3, maxElements: 2 })).toThrow('more than 3 bytes')
})
