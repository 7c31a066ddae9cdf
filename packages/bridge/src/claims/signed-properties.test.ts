import { describe, expect, test } from 'vitest'
import type { SignItem } from '@trien/sdk/wire'
import {
  BASE64,
  DSIG,
  PROPERTIES_TYPE,
  bytes,
  certDigest,
  certificate,
  failedClaim,
  format,
  invoiceInfo,
  issuerSerial,
  other,
  own,
  properties,
  reference,
  sha256,
  signedInfo,
  signingCertificate,
  signingTime,
  timeObject,
  withProperties,
  xades,
} from '../../../../test/helpers/xml-signature.ts'

describe('what is refused of a signature’s own properties', () => {
  const plain = signedInfo(reference())
  const object = { signedProperties: bytes(timeObject()) }

  test.each<[string, string, string, Partial<SignItem>?]>([
    // Properties.
    ['signed-properties', 'properties that did not come along', xades()],
    ['signed-properties', 'properties that nobody refers to', plain, withProperties()],
    [
      'signed-properties',
      'other properties',
      xades(),
      withProperties(properties(signingCertificate(), '')),
    ],
    [
      'signed-properties',
      'two references to them',
      signedInfo(reference({ id: 'r-1' }) + own(properties()) + own(properties(), { uri: '#b' })),
      withProperties(),
    ],
    [
      'reference',
      'properties by another Id',
      xades(undefined, { uri: '#other' }),
      withProperties(),
    ],
    [
      'reference',
      'properties that are not marked',
      signedInfo(
        reference({ id: 'r-1' }) + reference({ uri: '#xades-1', digest: sha256(properties()) }),
      ),
      withProperties(),
    ],
    [
      'transform',
      'properties that are changed first',
      xades(undefined, { transforms: [BASE64] }),
      withProperties(),
    ],
    [
      'signed-properties',
      'properties in another form',
      xades(properties().replace(' Id', ' xmlns:x="urn:x" Id')),
      withProperties(properties().replace(' Id', ' xmlns:x="urn:x" Id')),
    ],
    [
      'reference',
      'a time object marked as properties of XAdES',
      invoiceInfo(undefined, { type: PROPERTIES_TYPE }),
      object,
    ],
    [
      'signing-time',
      'a time two days ago',
      invoiceInfo(timeObject('2026-11-19T09:59:59')),
      { signedProperties: bytes(timeObject('2026-11-19T09:59:59')) },
    ],
    [
      'signing-time',
      'an invoice’s time with a zone',
      invoiceInfo(timeObject('2026-11-21T10:00:00Z')),
      { signedProperties: bytes(timeObject('2026-11-21T10:00:00Z')) },
    ],
    [
      'signed-properties',
      'something else in the Object',
      invoiceInfo(timeObject().replaceAll('SigningTime', 'Role')),
      { signedProperties: bytes(timeObject().replaceAll('SigningTime', 'Role')) },
    ],
  ])('%s: %s', (claim, _, text, change) => {
    expect(failedClaim(text, change)).toBe(claim)
  })

  const role = '<xades:SignerRoleV2></xades:SignerRoleV2>'
  const policy = '<xades:SignaturePolicyIdentifier></xades:SignaturePolicyIdentifier>'
  const commitment = '<xades:CommitmentTypeIndication></xades:CommitmentTypeIndication>'
  test.each<[string, string, string]>([
    ['signing-certificate', 'no certificate', properties(signingTime())],
    [
      'signing-certificate',
      'another certificate',
      properties(signingCertificate(certDigest(other))),
    ],
    [
      'signing-certificate',
      'a certificate by SHA-1',
      properties(signingCertificate(certDigest(certificate, 'sha1', `${DSIG}sha1`))),
    ],
    [
      'signing-certificate',
      'two certificates',
      properties(signingCertificate(`${certDigest()}</xades:Cert><xades:Cert>${certDigest()}`)),
    ],
    [
      'signing-certificate',
      'the issuer of another',
      properties(signingCertificate(certDigest() + issuerSerial(other))),
    ],
    [
      'signing-certificate',
      'an address to fetch it from',
      properties(
        signingCertificate().replace('<xades:Cert>', '<xades:Cert URI="http://evil.test/">'),
      ),
    ],
    [
      'signing-certificate',
      'the older attribute',
      properties(signingCertificate().replaceAll('CertificateV2', 'Certificate')),
    ],
    [
      'signing-time',
      'a time ahead',
      properties(signingTime('2026-11-23T10:00:01Z') + signingCertificate()),
    ],
    [
      'signing-time',
      'a time without a zone',
      properties(signingTime('2026-11-21T10:00:00') + signingCertificate()),
    ],
    [
      'signing-time',
      'a day that does not exist',
      properties(signingTime('2026-11-31T10:00:00Z') + signingCertificate()),
    ],
    ['signed-properties', 'a role', properties(signingTime() + signingCertificate() + role)],
    ['signed-properties', 'a policy', properties(signingTime() + signingCertificate() + policy)],
    ['signed-properties', 'a commitment', properties(undefined, format() + commitment)],
    [
      'media-type',
      'another media type',
      properties(undefined, format('#r-1', '<xades:MimeType>text/html</xades:MimeType>')),
    ],
    ['media-type', 'a format of nothing', properties(undefined, format('#r-9'))],
    [
      'signed-properties',
      'a description',
      properties(undefined, format('#r-1', '<xades:Description>a</xades:Description>')),
    ],
    [
      'signed-properties',
      'more than one format a document',
      properties(undefined, format() + format()),
    ],
    ['signed-properties', 'no Id', properties().replace(' Id="xades-1"', '')],
    ['signed-properties', 'a DOCTYPE', `<!DOCTYPE a>${properties()}`],
  ])('%s: properties with %s', (claim, _, text) => {
    expect(failedClaim(xades(text), withProperties(text))).toBe(claim)
  })

  test('properties beside another kind of bytes', () => {
    const change = { kind: 'cms-signed-attributes', toBeSigned: Uint8Array.of(0x31, 0) } as const
    // To CMS they are a manifest, and no good one.
    expect(failedClaim('', { ...change, ...withProperties() })).toBe('manifest')
  })

  test('any byte changed to any other, in both of them', () => {
    const text = properties(signingCertificate(), '')
    const [good, along] = [xades(text), bytes(text)]
    expect(failedClaim(good, { signedProperties: along })).toBeUndefined()
    expect(
      findAccepted(bytes(good), (damaged) => ({ toBeSigned: damaged, signedProperties: along })),
    )
      // The Id of a document's reference means nothing to anybody, and where `#doc` leads the page alone knows.
      .toEqual(new Set(['r-1', '#doc']))
    expect(
      findAccepted(along, (damaged) => ({ signedProperties: damaged, toBeSigned: bytes(good) })),
    ).toEqual(new Set())
    function findAccepted(
      from: Uint8Array,
      change: (damaged: Uint8Array<ArrayBuffer>) => Partial<SignItem>,
    ) {
      const accepted = new Set<string>()
      for (let offset = 0; offset < from.length; offset++) {
        for (const value of [
          0,
          9,
          32,
          34,
          38,
          39,
          47,
          48,
          60,
          62,
          65,
          97,
          0xc3,
          from[offset]! ^ 1,
          from[offset]! ^ 32,
        ]) {
          if (value === from[offset]) continue
          const damaged = Uint8Array.from(from)
          damaged[offset] = value
          if (failedClaim('', change(damaged)) !== undefined) continue
          const around = Buffer.from(from.subarray(0, offset + 1)).toString('latin1')
          accepted.add(/"([^"]*)$/.exec(around) ? wordAt(from, offset) : around.slice(-9))
        }
      }
      return accepted
    }
    function wordAt(from: Uint8Array, offset: number): string {
      const all = Buffer.from(from).toString('latin1')
      return all.slice(all.lastIndexOf('"', offset) + 1, all.indexOf('"', offset))
    }
  })
})
