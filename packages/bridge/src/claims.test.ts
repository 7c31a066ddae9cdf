import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { SignItem } from '@trien/sdk/wire'
import { compareBytes, concatBytes, encodeUtf8, parseHex } from '@trien/sdk/bytes'
import { isSigningError } from '@trien/sdk/errors'
import { parseCertificateFields } from './der/certificate-fields.ts'
import { assertClaims } from './claims.ts'
import { createAuthority } from './soft/authority.ts'

const NOW = new Date('2026-11-21T10:00:00Z')
const { certificate } = await createAuthority([['2.5.4.3', 'Người ký']])
const other = (await createAuthority([['2.5.4.3', 'Người khác']])).certificate
const fields = parseCertificateFields(certificate)
const sha = (name: string, bytes: Uint8Array) =>
  new Uint8Array(createHash(name).update(bytes).digest())
const digest = sha('sha256', encodeUtf8('văn bản'))

function der(tag: number, ...parts: Uint8Array[]): Uint8Array {
  const content = concatBytes(...parts)
  const size = content.length
  const length = size < 128 ? [size] : size < 256 ? [0x81, size] : [0x82, size >> 8, size & 255]
  return concatBytes(Uint8Array.of(tag, ...length), content)
}
const oid = (hex: string) => der(0x06, parseHex(hex)!)
const attribute = (hex: string, ...values: Uint8Array[]) =>
  der(0x30, oid(hex), der(0x31, ...values))
const setOf = (attributes: Uint8Array[]) => der(0x31, ...attributes.toSorted(compareBytes))

const CONTENT_TYPE = '2a864886f70d010903'
const MESSAGE_DIGEST = '2a864886f70d010904'
const SIGNING_TIME = '2a864886f70d010905'
const SIGNING_CERTIFICATE = '2a864886f70d010910022f'
const SHA256 = '608648016503040201'
const SHA384 = '608648016503040202'

const contentType = attribute(CONTENT_TYPE, oid('2a864886f70d010701'))
const messageDigest = attribute(MESSAGE_DIGEST, der(0x04, digest))
const signingTime = (text: string, tag = 0x17) =>
  attribute(SIGNING_TIME, der(tag, encodeUtf8(text)))
const certId = (...parts: Uint8Array[]) =>
  attribute(SIGNING_CERTIFICATE, der(0x30, der(0x30, der(0x30, ...parts))))
const certHash = der(0x04, sha('sha256', certificate))
const issuerSerial = (issuer: Uint8Array, serial: Uint8Array) =>
  der(0x30, der(0x30, der(0xa4, issuer)), serial)
const ess = certId(certHash, issuerSerial(fields.issuer, fields.serialNumber))

const cades = [contentType, messageDigest, signingTime('261121095959Z'), ess]
const pades = [contentType, messageDigest, certId(certHash)]

function item(toBeSigned: Uint8Array, change: Partial<SignItem> = {}): SignItem {
  return {
    id: '1',
    kind: 'cms-signed-attributes',
    algorithm: 'RS256',
    toBeSigned: new Uint8Array(toBeSigned),
    document: {
      name: 'đơn.pdf',
      mediaType: 'application/pdf',
      size: 1,
      digest: { algorithm: 'SHA-256', value: digest },
    },
    ...change,
  }
}

/** The claim that failed, or undefined where all hold. */
function failedClaim(toBeSigned: Uint8Array, change?: Partial<SignItem>): string | undefined {
  try {
    assertClaims([item(toBeSigned, change)], certificate, NOW)
    return undefined
  } catch (error) {
    if (!isSigningError(error) || error.code !== 'BRIDGE_CLAIM_MISMATCH') throw error
    return String(error.details['claim'])
  }
}

describe('signed attributes that say what the person is shown', () => {
  test.each([
    ['CAdES, with signing-time and issuerSerial', cades],
    ['PAdES, with neither', pades],
    [
      'a certificate hash by SHA-384',
      [
        contentType,
        messageDigest,
        certId(der(0x30, oid(SHA384)), der(0x04, sha('sha384', certificate))),
      ],
    ],
    [
      'NULL parameters of the hash',
      [
        contentType,
        messageDigest,
        certId(der(0x30, oid(SHA384), der(0x05)), der(0x04, sha('sha384', certificate))),
      ],
    ],
  ])('%s', (_, attributes) => {
    expect(failedClaim(setOf(attributes))).toBeUndefined()
  })
})

describe('what is refused', () => {
  const without = (attributes: Uint8Array[], ...more: Uint8Array[]) =>
    setOf([...attributes, ...more])
  const policy = attribute('2a864886f70d010910020f', der(0x05))

  test.each<[string, string, Uint8Array]>([
    ['structure', 'no bytes', new Uint8Array()],
    ['structure', 'the transmitted tag [0]', der(0xa0, ...cades.toSorted(compareBytes))],
    [
      'structure',
      'attributes out of order',
      der(0x31, ...cades.toSorted(compareBytes).toReversed()),
    ],
    ['structure', 'the same attribute twice', without(cades, messageDigest)],
    ['structure', 'a byte after the end', concatBytes(setOf(cades), Uint8Array.of(0))],
    [
      'structure',
      'a length that is not minimal',
      concatBytes(Uint8Array.of(0x31, 0x83, 0), setOf(cades).subarray(2)),
    ],
    [
      'structure',
      'the indefinite form',
      concatBytes(Uint8Array.of(0x31, 0x80), ...cades.toSorted(compareBytes), Uint8Array.of(0, 0)),
    ],
    ['attributes', 'an attribute of a type that is not allowed', without(cades, policy)],
    ['attributes', 'one type twice with two values', without(cades, signingTime('261121095958Z'))],
    [
      'attributes',
      'two values in one attribute',
      without(
        pades,
        attribute(
          SIGNING_TIME,
          der(0x17, encodeUtf8('261121095958Z')),
          der(0x17, encodeUtf8('261121095959Z')),
        ),
      ),
    ],
    ['attributes', 'no value', without(pades, attribute(SIGNING_TIME))],
    ['content-type', 'no content-type', setOf([messageDigest, ess])],
    [
      'content-type',
      'another content type',
      setOf([attribute(CONTENT_TYPE, oid('2a864886f70d010702')), messageDigest, ess]),
    ],
    ['message-digest', 'no message-digest', setOf([contentType, ess])],
    [
      'message-digest',
      'the digest of another document',
      setOf([contentType, attribute(MESSAGE_DIGEST, der(0x04, sha('sha256', other))), ess]),
    ],
    [
      'message-digest',
      'a digest cut short',
      setOf([contentType, attribute(MESSAGE_DIGEST, der(0x04, digest.subarray(1))), ess]),
    ],
    [
      'signing-time',
      'a time two days ago',
      setOf([contentType, messageDigest, signingTime('261119095959Z'), ess]),
    ],
    [
      'signing-time',
      'a time two days ahead',
      setOf([contentType, messageDigest, signingTime('261123100001Z'), ess]),
    ],
    [
      'signing-time',
      'a day that does not exist',
      setOf([contentType, messageDigest, signingTime('261131100000Z'), ess]),
    ],
    [
      'signing-time',
      'a time without seconds',
      setOf([contentType, messageDigest, signingTime('2611210959Z'), ess]),
    ],
    [
      'signing-time',
      'a time with an offset',
      setOf([contentType, messageDigest, signingTime('261121165959+0700'), ess]),
    ],
    [
      'signing-time',
      'GeneralizedTime before 2050',
      setOf([contentType, messageDigest, signingTime('20261121095959Z', 0x18), ess]),
    ],
    [
      'signing-time',
      'a time that is text',
      setOf([contentType, messageDigest, signingTime('261121095959Z', 0x0c), ess]),
    ],
    ['signing-certificate', 'no signing-certificate-v2', setOf([contentType, messageDigest])],
    [
      'signing-certificate',
      'another certificate',
      setOf([contentType, messageDigest, certId(der(0x04, sha('sha256', other)))]),
    ],
    [
      'signing-certificate',
      'SHA-256 named though it is the default',
      setOf([contentType, messageDigest, certId(der(0x30, oid(SHA256)), certHash)]),
    ],
    [
      'signing-certificate',
      'a hash by SHA-1',
      setOf([
        contentType,
        messageDigest,
        certId(der(0x30, oid('2b0e03021a')), der(0x04, sha('sha1', certificate))),
      ]),
    ],
    [
      'signing-certificate',
      'the serial number of another certificate',
      setOf([
        contentType,
        messageDigest,
        certId(certHash, issuerSerial(fields.issuer, parseCertificateFields(other).serialNumber)),
      ]),
    ],
    [
      'signing-certificate',
      'the issuer of another certificate',
      setOf([
        contentType,
        messageDigest,
        certId(certHash, issuerSerial(parseCertificateFields(other).issuer, fields.serialNumber)),
      ]),
    ],
    [
      'signing-certificate',
      'a second certificate',
      setOf([
        contentType,
        messageDigest,
        attribute(
          SIGNING_CERTIFICATE,
          der(0x30, der(0x30, der(0x30, certHash), der(0x30, certHash))),
        ),
      ]),
    ],
    [
      'signing-certificate',
      'a policy',
      setOf([
        contentType,
        messageDigest,
        attribute(
          SIGNING_CERTIFICATE,
          der(0x30, der(0x30, der(0x30, certHash)), der(0x30, der(0x30, oid('2a03')))),
        ),
      ]),
    ],
  ])('%s: %s', (claim, _, toBeSigned) => {
    expect(failedClaim(toBeSigned)).toBe(claim)
  })

  test('a digest by another hash than the algorithm’s', () => {
    expect(failedClaim(setOf(cades), { algorithm: 'RS384' })).toBe('digest-algorithm')
  })

  test('more than 64 KiB', () => {
    expect(failedClaim(der(0x31, new Uint8Array(65_000).fill(5)))).toBeDefined()
    expect(failedClaim(new Uint8Array(70_000))).toBe('structure')
  })
})

describe('a good structure that was damaged', () => {
  const good = setOf(cades)

  test('cut off anywhere, it is refused', () => {
    for (let length = 0; length < good.length; length++) {
      expect(failedClaim(good.subarray(0, length)), `${length} bytes`).toBeDefined()
    }
  })

  test('with any byte changed to any other, it is refused, unless it says another time near by', () => {
    const text = encodeUtf8('261121095959Z')
    const timeStart = indexOf(good, text)
    const passed = new Set<number>()
    for (let offset = 0; offset < good.length; offset++) {
      for (let value = 0; value < 256; value++) {
        if (value === good[offset]) continue
        const damaged = Uint8Array.from(good)
        damaged[offset] = value
        if (failedClaim(damaged) === undefined) passed.add(offset - timeStart)
      }
    }
    // Day, hours, minutes, seconds: another year, month or day is more than a day away.
    expect([...passed].toSorted((a, b) => a - b)).toEqual([5, 6, 7, 8, 9, 10, 11])
  })
})

function indexOf(bytes: Uint8Array, part: Uint8Array): number {
  return Buffer.from(bytes).indexOf(part)
}
