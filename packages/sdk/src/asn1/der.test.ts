import { describe, expect, it } from 'vitest'
import { encodeHex, parseHex } from '../bytes.ts'
import * as der from './der.ts'

const bytes = (hex: string) => parseHex(hex.replaceAll(' ', ''))!

describe('lengths', () => {
  it.each([
    [0, '04 00'],
    [127, '04 7f'],
    [128, '04 81 80'],
    [255, '04 81 ff'],
    [256, '04 82 01 00'],
    [65_536, '04 83 01 00 00'],
  ])('of %i bytes are minimal', (length, header) => {
    const encoded = der.encodeOctetString(new Uint8Array(length))
    expect(encodeHex(encoded.subarray(0, encoded.length - length))).toBe(encodeHex(bytes(header)))
  })
})

describe('SET OF', () => {
  it('sorts by complete encodings, so that length decides before any OID', () => {
    const long = der.encodeSequence(der.encodeOid('1.2.3'), der.encodeOctetString(bytes('00 00')))
    const short = der.encodeSequence(der.encodeOid('2.999.1'), der.encodeNull())
    const set = der.encodeSetOf([long, short])
    expect(encodeHex(set)).toBe(`3113${encodeHex(short)}${encodeHex(long)}`)
    expect(der.encodeSetOf([short, long])).toEqual(set)
  })

  it('leaves the caller’s list as it was', () => {
    const list = [bytes('0201 02'), bytes('0201 01')]
    expect(encodeHex(der.encodeSetOf(list))).toBe('3106020101020102')
    expect(encodeHex(list[0]!)).toBe('020102')
  })
})

describe('values', () => {
  it.each([
    ['2.16.840.1.101.3.4.2.1', '0609608648016503040201'],
    ['1.2.840.113549.1.9.16.2.47', '060b2a864886f70d010910022f'],
    ['0.9.2342.19200300.100.1.1', '060a0992268993f22c640101'],
  ])('writes the identifier %s', (dotted, hex) => {
    expect(encodeHex(der.encodeOid(dotted))).toBe(hex)
  })

  it.each([
    [0, '020100'],
    [1, '020101'],
    [127, '02017f'],
    [128, '02020080'],
  ])('writes the number %i', (value, hex) => {
    expect(encodeHex(der.encodeInteger(value))).toBe(hex)
  })

  it.each([
    ['00', '020100'],
    ['0000', '020100'],
    ['7f', '02017f'],
    ['80', '02020080'],
    ['000001', '020101'],
    ['00ff', '020200ff'],
    ['', '020100'],
  ])('writes the unsigned octets "%s" minimally', (octets, hex) => {
    expect(encodeHex(der.encodeUnsignedInteger(bytes(octets)))).toBe(hex)
  })

  it('tells absent parameters from NULL', () => {
    const oid = '2.16.840.1.101.3.4.2.1'
    expect(encodeHex(der.encodeAlgorithmIdentifier(oid))).toBe('300b0609608648016503040201')
    expect(encodeHex(der.encodeAlgorithmIdentifier(oid, der.encodeNull()))).toBe(
      '300d06096086480165030402010500',
    )
  })

  it('retags a copy', () => {
    const set = der.encodeSetOf([der.encodeNull()])
    expect(encodeHex(der.retagImplicit(0, set))).toBe('a0020500')
    expect(set[0]).toBe(0x31)
  })
})

describe('times', () => {
  it.each([
    ['1949-12-31T23:59:59Z', 0x18, '19491231235959Z'],
    ['1950-01-01T00:00:00Z', 0x17, '500101000000Z'],
    ['2049-12-31T23:59:59.999Z', 0x17, '491231235959Z'],
    ['2050-01-01T00:00:00Z', 0x18, '20500101000000Z'],
    ['2026-11-21T18:23:23.500+07:00', 0x17, '261121112323Z'],
  ])('writes %s as RFC 5652 §11.3 demands', (iso, tag, text) => {
    const time = der.encodeTime(new Date(iso))
    expect(time[0]).toBe(tag)
    expect(new TextDecoder().decode(time.subarray(2))).toBe(text)
  })
})
