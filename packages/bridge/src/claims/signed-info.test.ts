import { describe, expect, test } from 'vitest'
import type { SignItem } from '@trien/sdk/wire'
import {
  BASE64,
  DSIG,
  ENVELOPED,
  EXCLUSIVE,
  INCLUSIVE,
  INCLUSIVE_11,
  RSA,
  bytes,
  certDigest,
  certificate,
  claimsOf,
  digest,
  document,
  failedClaim,
  invoice,
  invoiceInfo,
  issuerSerial,
  properties,
  reference,
  sha256,
  signedInfo,
  signingCertificate,
  timeObject,
  withProperties,
  xades,
} from '../../../../test/helpers/xml-signature.ts'

const COUNTERSIGNED = 'http://uri.etsi.org/01903#CountersignedSignature'
const XPATH = 'http://www.w3.org/TR/1999/REC-xpath-19991116'

/** The whole file, of which an expression leaves something out. */
const withExpression = (text = 'not(ancestor-or-self::ds:Signature)', tag = 'ds:XPath'): string =>
  signedInfo(reference({ uri: '', transforms: [XPATH, EXCLUSIVE] })).replace(
    `"${XPATH}"></ds:Transform>`,
    `"${XPATH}"><${tag}>${text}</${tag}></ds:Transform>`,
  )

describe('a SignedInfo that says what the person is shown', () => {
  test.each<[string, string, Partial<SignItem>?]>([
    ['XAdES of a part of the file', xades(), withProperties()],
    [
      'XAdES without time and formats',
      xades(properties(signingCertificate(), '')),
      withProperties(properties(signingCertificate(), '')),
    ],
    [
      'XAdES with issuer and serial number',
      xades(properties(signingCertificate(certDigest() + issuerSerial()))),
      withProperties(properties(signingCertificate(certDigest() + issuerSerial()))),
    ],
    [
      'XAdES with the certificate’s SHA-512',
      xades(
        properties(
          signingCertificate(
            certDigest(certificate, 'sha512', 'http://www.w3.org/2001/04/xmlenc#sha512'),
          ),
        ),
      ),
      withProperties(
        properties(
          signingCertificate(
            certDigest(certificate, 'sha512', 'http://www.w3.org/2001/04/xmlenc#sha512'),
          ),
        ),
      ),
    ],
    ['the whole file', signedInfo(reference({ uri: '', transforms: [ENVELOPED, EXCLUSIVE] }))],
    ['the whole file but its signatures', withExpression()],
    ['the value of a signature', signedInfo(reference({ uri: '#sig-value', type: COUNTERSIGNED }))],
    ['inclusive C14N 1.1', signedInfo(reference({ transforms: [INCLUSIVE_11] }), INCLUSIVE_11)],
    ['an Object in base64', signedInfo(reference({ transforms: [BASE64] }))],
    ['a file beside it', signedInfo(reference({ uri: '%C4%91%C6%A1n.xml', transforms: [] }))],
    [
      'a file in a folder beside it',
      signedInfo(reference({ uri: 'a/%C4%91%C6%A1n.xml', transforms: [] })),
    ],
    ['an invoice, with its time', invoiceInfo(), { signedProperties: bytes(timeObject()) }],
    [
      'an invoice whose time is in no namespace',
      invoiceInfo(timeObject(undefined, undefined, ' xmlns=""')),
      { signedProperties: bytes(timeObject(undefined, undefined, ' xmlns=""')) },
    ],
    [
      'social insurance: the whole file, no properties',
      invoice.signedInfo(invoice.reference({ uri: '', transforms: [ENVELOPED] }), INCLUSIVE),
    ],
    [
      'namespaces and a language from outside, in the inclusive form',
      signedInfo(reference({ transforms: [INCLUSIVE] }), INCLUSIVE).replace(
        `xmlns:ds="${DSIG}"`,
        `xmlns="urn:a" xmlns:ds="${DSIG}" xmlns:x="urn:b" xml:lang="vi"`,
      ),
    ],
    [
      'RSASSA-PSS',
      signedInfo(reference(), EXCLUSIVE, 'http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1'),
      { algorithm: 'PS256' },
    ],
    [
      'ECDSA',
      signedInfo(reference(), EXCLUSIVE, 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256'),
      { algorithm: 'ES256' },
    ],
  ])('%s', (_, text, change) => {
    expect(failedClaim(text, change)).toBeUndefined()
  })

  test('names the certificate in XAdES alone', () => {
    const named = { namesCertificate: true, said: [] }
    expect(claimsOf(xades(), withProperties())).toEqual(named)
    const whole = signedInfo(reference({ uri: '', transforms: [ENVELOPED, EXCLUSIVE] }))
    expect(claimsOf(whole)).toEqual({ ...named, namesCertificate: false })
    const timed = { signedProperties: bytes(timeObject()) }
    expect(claimsOf(invoiceInfo(), timed)).toEqual({ ...named, namesCertificate: false })
  })

  test('several documents, in their order', () => {
    const second = sha256('hai')
    const text = signedInfo(
      reference({ uri: 'a.pdf', transforms: [] }) +
        reference({ uri: 'b.pdf', transforms: [], digest: second }),
    )
    const [a, b] = [document('a.pdf'), document('b.pdf', second)]
    expect(failedClaim(text, { document: a, alsoSigned: [b] })).toBeUndefined()
    expect(failedClaim(text, { document: b, alsoSigned: [a] })).toBe('document-digest')
    expect(failedClaim(text, { document: a })).toBe('documents')
    expect(failedClaim(text, { document: a, alsoSigned: [b, b] })).toBe('documents')
    const swapped = { document: document('b.pdf'), alsoSigned: [document('a.pdf', second)] }
    expect(failedClaim(text, swapped)).toBe('document-name')
  })
})

describe('what is refused of a SignedInfo', () => {
  const plain = signedInfo(reference())
  const replace = (from: string, to: string) => {
    expect(plain).toContain(from)
    return plain.replace(from, to)
  }
  test.each<[string, string, string, Partial<SignItem>?]>([
    // Algorithms.
    ['algorithm', 'another algorithm', signedInfo(reference(), EXCLUSIVE, `${RSA}x`)],
    ['algorithm', 'SHA-1', signedInfo(reference(), EXCLUSIVE, `${DSIG}rsa-sha1`)],
    ['algorithm', 'a MAC', signedInfo(reference(), EXCLUSIVE, `${DSIG}hmac-sha1`)],
    [
      'algorithm',
      'parameters',
      replace(
        '></ds:SignatureMethod',
        '><ds:HMACOutputLength>1</ds:HMACOutputLength></ds:SignatureMethod',
      ),
    ],
    ['algorithm', 'PSS without its parameters', plain, { algorithm: 'PS256' }],
    ['digest-algorithm', 'a digest by SHA-1', signedInfo(reference({ method: `${DSIG}sha1` }))],
    [
      'digest-algorithm',
      'a digest by another hash',
      signedInfo(reference({ method: 'http://www.w3.org/2001/04/xmlenc#sha512' })),
    ],
    // Documents.
    ['document-digest', 'another document', signedInfo(reference({ digest: sha256('khác') }))],
    [
      'documents',
      'a document that is not shown',
      signedInfo(reference() + reference({ uri: '#b' })),
    ],
    ['reference', 'one place twice', signedInfo(reference() + reference())],
    [
      'reference',
      'one Id twice',
      signedInfo(reference({ id: 'r' }) + reference({ id: 'r', uri: '#b' })),
    ],
    ['reference', 'no URI', replace(' URI="#doc"', '')],
    ['reference', 'a manifest', signedInfo(reference({ type: `${DSIG}Manifest` }))],
    ['reference', 'a digest with a line break', replace('</ds:DigestValue', '\n</ds:DigestValue')],
    [
      'reference',
      'a digest with other last bits',
      plain.replace(
        /(.)=<\/ds:DigestV/,
        (_, last: string) => `${String.fromCharCode(last.charCodeAt(0) + 1)}=</ds:DigestV`,
      ),
    ],
    [
      'document-name',
      'an address elsewhere',
      signedInfo(reference({ uri: 'https://evil.test/đơn.xml', transforms: [] })),
    ],
    ['document-name', 'a pointer', signedInfo(reference({ uri: "#xpointer(id('doc'))" }))],
    [
      'document-name',
      'another name',
      signedInfo(reference({ uri: 'hop-dong.xml', transforms: [] })),
    ],
    [
      'document-name',
      'a way out of the container',
      signedInfo(reference({ uri: '../%C4%91%C6%A1n.xml', transforms: [] })),
    ],
    [
      'document-name',
      'half a character',
      signedInfo(reference({ uri: '%C4.xml', transforms: [] })),
    ],
    // Transforms.
    ['reference', 'an expression that picks something', withExpression('//ds:x')],
    ['reference', 'an expression that leaves out more', withExpression('not(self::*)')],
    [
      'reference',
      'an expression by a prefix of another meaning',
      withExpression('not(ancestor-or-self::x:Signature)'),
    ],
    ['reference', 'an expression in another element', withExpression(undefined, 'ds:Filter')],
    [
      'reference',
      'no expression',
      signedInfo(reference({ uri: '', transforms: [XPATH, EXCLUSIVE] })),
    ],
    [
      'reference',
      'the value of a signature in another file',
      signedInfo(reference({ uri: 'đơn.xml', type: COUNTERSIGNED, transforms: [] })),
    ],
    ['transform', 'the whole file, itself included', signedInfo(reference({ uri: '' }))],
    [
      'transform',
      'an XSLT',
      signedInfo(reference({ transforms: ['http://www.w3.org/TR/1999/REC-xslt-19991116'] })),
    ],
    ['transform', 'comments', signedInfo(reference({ transforms: [`${EXCLUSIVE}WithComments`] }))],
    ['transform', 'enveloped twice', signedInfo(reference({ transforms: [ENVELOPED, ENVELOPED] }))],
    ['transform', 'enveloped last', signedInfo(reference({ transforms: [EXCLUSIVE, ENVELOPED] }))],
    [
      'transform',
      'base64 of the file itself',
      signedInfo(reference({ uri: '', transforms: [ENVELOPED, BASE64] })),
    ],
    [
      'transform',
      'a file that is changed first',
      signedInfo(reference({ uri: '%C4%91%C6%A1n.xml' })),
    ],
    [
      'reference',
      'transforms with parameters',
      replace('></ds:Transform><', '><ds:XPath>a</ds:XPath></ds:Transform><'),
    ],
    [
      'reference',
      'four transforms',
      signedInfo(reference({ transforms: [ENVELOPED, EXCLUSIVE, EXCLUSIVE, EXCLUSIVE] })),
    ],
  ])('%s: %s', (claim, _, text, change) => {
    expect(failedClaim(text, change)).toBe(claim)
  })

  test('a digest too short, and by another hash than the algorithm’s', () => {
    const value = new Uint8Array(digest.subarray(1))
    const short = { ...document(), digest: { algorithm: 'SHA-256' as const, value } }
    expect(failedClaim(plain, { document: short })).toBe('document-digest')
    expect(failedClaim(plain, { algorithm: 'RS512' })).toBe('digest-algorithm')
  })
})
