import { X509Certificate } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { SignItem } from '@trien/sdk/wire'
import {
  DSIG,
  INCLUSIVE,
  PROPERTIES_TYPE,
  SHA256,
  XADES,
  bytes,
  certificate,
  claimsOf,
  digest,
  document,
  failedClaim,
  invoice,
  other,
  sha256,
} from '../../../../test/helpers/xml-signature.ts'

const OBJECT = `${DSIG}Object`
const INFO = [
  ['SetupID', ''],
  ['SignatureText', ''],
  ['SignatureImage', ''],
  ['SignatureComments', ''],
  ['WindowsVersion', '10.0'],
  ['OfficeVersion', '16.0'],
  ['ApplicationVersion', '16.0'],
  ['Monitors', '1'],
  ['HorizontalResolution', '1920'],
  ['VerticalResolution', '1080'],
  ['ColorDepth', '32'],
  ['SignatureProviderId', '{00000000-0000-0000-0000-000000000000}'],
  ['SignatureProviderUrl', ''],
  ['SignatureProviderDetails', '9'],
  ['SignatureType', '1'],
]
const blank = INFO.map(([name, value]) => `<${name}>${value}</${name}>`).join('')
const office = (info = blank): string =>
  `<Object xmlns="${DSIG}" Id="idOfficeObject"><SignatureProperties><SignatureProperty Id="idOfficeV1Details" Target="#idPackageSignature">` +
  `<SignatureInfoV1 xmlns="http://schemas.microsoft.com/office/2006/digsig">${info}</SignatureInfoV1></SignatureProperty></SignatureProperties></Object>`

const MEDIA_TYPE = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'
const serial = BigInt(`0x${new X509Certificate(certificate).serialNumber}`).toString()
const named = (issuer = 'CN=Người ký', number = serial, certDigest = sha256(certificate)): string =>
  `<xd:SigningCertificate><xd:Cert><xd:CertDigest><DigestMethod Algorithm="${SHA256}"></DigestMethod><DigestValue>${certDigest.toString('base64')}</DigestValue></xd:CertDigest>` +
  `<xd:IssuerSerial><X509IssuerName>${issuer}</X509IssuerName><X509SerialNumber>${number}</X509SerialNumber></xd:IssuerSerial></xd:Cert></xd:SigningCertificate>`
const time = (value = '2026-11-21T09:59:59Z') => `<xd:SigningTime>${value}</xd:SigningTime>`
const POLICY =
  '<xd:SignaturePolicyIdentifier><xd:SignaturePolicyImplied></xd:SignaturePolicyImplied></xd:SignaturePolicyIdentifier>'
const properties = (signed = time() + named() + POLICY, type = MEDIA_TYPE): string =>
  `<xd:SignedProperties xmlns="${DSIG}" xmlns:xd="${XADES}" Id="idSignedProperties"><xd:SignedSignatureProperties>${signed}</xd:SignedSignatureProperties>` +
  `<xd:SignedDataObjectProperties><xd:DataObjectFormat ObjectReference="#idPackageReference"><xd:MimeType>${type}</xd:MimeType></xd:DataObjectFormat></xd:SignedDataObjectProperties></xd:SignedProperties>`

const { reference, signedInfo } = invoice
const packed = { uri: '#idPackageObject', id: 'idPackageReference', type: OBJECT, transforms: [] }
const said = { uri: '#idOfficeObject', type: OBJECT, transforms: [] }
const own = { uri: '#idSignedProperties', type: PROPERTIES_TYPE, transforms: [INCLUSIVE] }

interface Wish {
  readonly packed?: object
  readonly said?: object
  readonly own?: object
  readonly object?: string
  readonly properties?: string
  readonly more?: string
}
/** A SignedInfo over a package, and what comes along. */
function sign(wish: Wish = {}): [string, Partial<SignItem>] {
  const { object = office(), properties: of = properties(), more = '' } = wish
  const references = [
    reference({ ...packed, ...wish.packed }),
    reference({ ...said, digest: sha256(object), ...wish.said }),
    reference({ ...own, digest: sha256(of), ...wish.own }),
    more,
  ]
  const along = { signedProperties: bytes(of), officeObject: bytes(object) }
  const shown = document('đơn.docx', digest, MEDIA_TYPE)
  return [signedInfo(references.join(''), INCLUSIVE), { ...along, document: shown }]
}

test('an Office file is signed as it is shown', () => {
  expect(claimsOf(...sign())).toEqual({ namesCertificate: true, said: [] })
})

const said1 = (name: string, value: string, was = '') =>
  office(blank.replace(`<${name}>${was}</${name}>`, `<${name}>${value}</${name}>`))

describe('what is refused of an Office file', () => {
  test.each<[string, string, Wish]>([
    // What Word says of the signature.
    ['office-object', 'a comment', { object: said1('SignatureComments', 'Tôi đồng ý bán nhà') }],
    ['office-object', 'a text in place of a name', { object: said1('SignatureText', 'Bộ trưởng') }],
    ['office-object', 'a picture', { object: said1('SignatureImage', 'AAAA') }],
    ['office-object', 'a line on the page', { object: said1('SetupID', '{1}') }],
    ['office-object', 'another type', { object: said1('SignatureType', '2', '1') }],
    ['office-object', 'words for a version', { object: said1('OfficeVersion', 'sixteen', '16.0') }],
    ['office-object', 'an address', { object: said1('SignatureProviderUrl', 'https://evil.test') }],
    ['office-object', 'a field more', { object: office(`${blank}<A></A>`) }],
    ['office-object', 'a field less', { object: office(blank.replace('<SetupID></SetupID>', '')) }],
    ['office-object', 'another Object', { object: office().replace('V1Details', 'V2Details') }],
    [
      'office-object',
      'an Object of another Id',
      { object: office().replace('idOffice', 'idOther') },
    ],
    [
      'office-object',
      'two properties',
      {
        object: office().replace(
          '</SignatureProperties>',
          '<SignatureProperty></SignatureProperty></SignatureProperties>',
        ),
      },
    ],
    [
      'office-object',
      'an Object in another form',
      {
        object: office().replace(' Id="idOfficeObject"', ' Id="idOfficeObject" xmlns:x="urn:x"'),
      },
    ],
    ['office-object', 'another Object than the one that came along', { said: { digest } }],
    // References.
    ['reference', 'another element than the package', { packed: { uri: '#idOther' } }],
    ['reference', 'a file in place of the package', { packed: { uri: 'a.docx' } }],
    ['reference', 'a package that is not marked', { packed: { type: undefined } }],
    ['reference', 'a package marked as a manifest', { packed: { type: `${DSIG}Manifest` } }],
    ['transform', 'a package that is changed first', { packed: { transforms: [INCLUSIVE] } }],
    ['office-object', 'another place for what Word says', { said: { uri: '#idOther' } }],
    ['reference', 'what Word says, not marked', { said: { type: undefined } }],
    ['transform', 'what Word says, changed first', { said: { transforms: [INCLUSIVE] } }],
    [
      'office-object',
      'a picture beside the package',
      {
        more: reference({ uri: '#idValidSigLnImg', type: OBJECT, transforms: [] }),
      },
    ],
    // Properties.
    [
      'signing-certificate',
      'the certificate of another',
      {
        properties: properties(time() + named(undefined, undefined, sha256(other)) + POLICY),
      },
    ],
    [
      'signing-certificate',
      'another issuer',
      {
        properties: properties(time() + named('CN=Người khác') + POLICY),
      },
    ],
    [
      'signing-certificate',
      'another serial number',
      {
        properties: properties(time() + named(undefined, '1') + POLICY),
      },
    ],
    ['signed-properties', 'no policy', { properties: properties(time() + named()) }],
    [
      'signed-properties',
      'a policy of its own',
      {
        properties: properties(
          time() + named() + POLICY.replaceAll('SignaturePolicyImplied', 'SignaturePolicyId'),
        ),
      },
    ],
    [
      'signed-properties',
      'words in the policy',
      {
        properties: properties(time() + named() + POLICY.replace('Implied><', 'Implied>a<')),
      },
    ],
    [
      'signing-time',
      'a time of another day',
      {
        properties: properties(time('2026-11-19T09:59:59Z') + named() + POLICY),
      },
    ],
    ['signed-properties', 'no time', { properties: properties(named() + POLICY) }],
    ['media-type', 'another kind of file', { properties: properties(undefined, 'text/plain') }],
    [
      'signed-properties',
      'a role',
      {
        properties: properties(`${time()}${named()}${POLICY}<xd:SignerRole></xd:SignerRole>`),
      },
    ],
  ])('%s: %s', (claim, _, wish) => {
    expect(failedClaim(...sign(wish))).toBe(claim)
  })

  test.each<[string, string, { [Name in keyof SignItem]?: SignItem[Name] | undefined }]>([
    ['documents', 'without what Word says', { officeObject: undefined }],
    ['office-object', 'without its properties', { signedProperties: undefined }],
    [
      'document-digest',
      'with another digest',
      { document: document('a.docx', sha256('x'), MEDIA_TYPE) },
    ],
    ['documents', 'with a document more', { alsoSigned: [document('b.docx', digest, MEDIA_TYPE)] }],
    ['office-object', 'as a JWS', { kind: 'jws-signing-input' }],
  ])('%s: %s', (claim, _, change) => {
    const [text, along] = sign()
    expect(failedClaim(text, { ...along, ...change } as Partial<SignItem>)).toBe(claim)
  })

  test('reference: its references where it is no Office file', () => {
    const [, { document: shown }] = sign()
    const text = signedInfo(reference(packed), INCLUSIVE)
    expect(failedClaim(text, { document: shown as SignItem['document'] })).toBe('reference')
  })

  test('office-object: an Office file of which no certificate is named', () => {
    const object = office()
    const text = signedInfo(
      reference(packed) + reference({ ...said, digest: sha256(object) }),
      INCLUSIVE,
    )
    expect(failedClaim(text, { officeObject: bytes(object) })).toBe('office-object')
  })
})
