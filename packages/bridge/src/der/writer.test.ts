import { expect, test } from 'vitest'
import { encodeHex } from '@trien/sdk/bytes'
import { TAG, parseDer } from './reader.ts'
import {
  encodeBitString,
  encodeElement,
  encodeInteger,
  encodeOctetString,
  encodeOid,
  encodeSequence,
  encodeSet,
  encodeTime,
  encodeTrue,
} from './writer.ts'

test('lengths in the fewest octets, as the reader wants them', () => {
  for (const size of [0, 127, 128, 255, 256, 60_000]) {
    const content = new Uint8Array(size)
    expect(parseDer(encodeElement(TAG.octetString, content), TAG.octetString).content).toEqual(
      content,
    )
  }
})

test.each([
  ['a sequence', encodeSequence(encodeTrue(), encodeInteger(0)), '30060101ff020100'],
  ['a set', encodeSet(encodeOctetString(Uint8Array.of(1))), '3103040101'],
  ['bits', encodeBitString(Uint8Array.of(0x80), 7), '03020780'],
  // X.690 §8.19.5 has this very example.
  ['an OID with an arc above 127', encodeOid('2.999.3'), '0603883703'],
  ['an OID with long arcs', encodeOid('1.2.840.10045.4.3.2'), '06082a8648ce3d040302'],
  [
    'the last UTCTime',
    encodeTime(new Date('2049-12-31T23:59:59.999Z')),
    '170d3439313233313233353935395a',
  ],
  [
    'the first GeneralizedTime',
    encodeTime(new Date('2050-01-01T00:00:00Z')),
    '180f32303530303130313030303030305a',
  ],
])('%s', (_, encoded, hex) => {
  expect(encodeHex(encoded)).toBe(hex)
})
