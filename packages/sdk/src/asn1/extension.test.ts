import { describe, expect, it } from 'vitest'
import { TAG, encodeElement, encodeOctetString, encodeOid, encodeSequence } from './der.ts'
import { parseExtensions } from './extension.ts'
import { readDer } from './reader.ts'

describe('an extension', () => {
  it.each([
    [true, [0xff]],
    // As some authorities write it: BER's, in what is DER but for that (X.690 §8.2.2).
    [true, [0x01]],
    [false, [0x00]],
  ])('is critical: %s', (isCritical, octets) => {
    const critical = encodeElement(TAG.BOOLEAN, Uint8Array.from(octets))
    const value = encodeOctetString(new Uint8Array())
    const list = encodeSequence(encodeSequence(encodeOid('1.2.3'), critical, value))
    expect(parseExtensions(readDer(list, 'x'))).toMatchObject([{ oid: '1.2.3', isCritical }])
  })
})
