import { expect, it } from 'vitest'
import { encodeHex, parseHex } from '../bytes.ts'
import { rc4 } from './rc4.ts'

it.each([
  // RFC 6229, the first 32 bytes of the stream.
  ['0102030405', 'b2396305f03dc027ccc3524a0a1118a86982944f18fc82d589c403a47a0d0919'],
  [
    '0102030405060708090a0b0c0d0e0f10',
    '9ac7cc9a609d1ef7b2932899cde41b975248c4959014126a6e8a84f11d1a9e1c',
  ],
])('makes the stream of the key %s', (key, stream) => {
  expect(encodeHex(rc4(parseHex(key)!, new Uint8Array(32)))).toBe(stream)
})
