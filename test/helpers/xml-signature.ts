/**
 * Parts of XML signatures, written by hand in canonical form, and the bridge's judgement on them: for tests that change
 * one thing at a time.
 * @module
 */
import { createHash } from 'node:crypto'
import type { SignItem } from '@trien/sdk/wire'
import { encodeUtf8 } from '@trien/sdk/bytes'
import { isSigningError } from '@trien/sdk/errors'
import { type Claims, assertClaims } from '../../packages/bridge/src/claims.ts'
import { parseCertificateFields } from '../../packages/bridge/src/der/certificate-fields.ts'
import { createAuthority } from '../../packages/bridge/src/soft/authority.ts'

export const NOW = new Date('2026-11-21T10:00:00Z')
export const { certificate } = await createAuthority([['2.5.4.3', 'Người ký']])
export const other = (await createAuthority([['2.5.4.3', 'Người khác']])).certificate
export const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest()

export const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#'
export const INCLUSIVE = 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315'
export const INCLUSIVE_11 = 'http://www.w3.org/2006/12/xml-c14n11'
export const ENVELOPED = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature'
export const BASE64 = 'http://www.w3.org/2000/09/xmldsig#base64'
export const DSIG = 'http://www.w3.org/2000/09/xmldsig#'
export const XADES = 'http://uri.etsi.org/01903/v1.3.2#'
export const PROPERTIES_TYPE = 'http://uri.etsi.org/01903#SignedProperties'
export const RSA = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'
export const SHA256 = 'http://www.w3.org/2001/04/xmlenc#sha256'

export const digest = sha256('văn bản')
export const document = (name = 'đơn.xml', value = digest, mediaType = 'application/xml') => ({
  name,
  mediaType,
  size: 9,
  digest: { algorithm: 'SHA-256' as const, value: new Uint8Array(value) },
})

export interface ReferenceWish {
  readonly uri?: string
  readonly id?: string
  readonly type?: string
  readonly transforms?: readonly string[]
  readonly digest?: Uint8Array
  readonly method?: string
}
/** Attributes stand in the order of their names. */
export const attributes = (values: Readonly<Record<string, string | undefined>>): string =>
  Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}="${value}"`)
    .join('')

/** Writes a SignedInfo with a prefix, as XAdES has it, or without, as Vietnam's invoices do. */
export function writer(prefix: 'ds:' | '') {
  const tag = (name: string, content: string, values = {}): string =>
    `<${prefix}${name}${attributes(values)}>${content}</${prefix}${name}>`
  const algorithm = (name: string, uri: string) => tag(name, '', { Algorithm: uri })
  const reference = (wish: ReferenceWish = {}): string => {
    const { uri = '#doc', id, type, transforms = [EXCLUSIVE], method = SHA256 } = wish
    const listed = transforms.map((transform) => algorithm('Transform', transform)).join('')
    return tag(
      'Reference',
      (listed && tag('Transforms', listed)) +
        algorithm('DigestMethod', method) +
        tag('DigestValue', Buffer.from(wish.digest ?? digest).toString('base64')),
      { Id: id, Type: type, URI: uri },
    )
  }
  const signedInfo = (references: string, c14n = EXCLUSIVE, method = RSA): string =>
    tag(
      'SignedInfo',
      algorithm('CanonicalizationMethod', c14n) + algorithm('SignatureMethod', method) + references,
      { [prefix ? 'xmlns:ds' : 'xmlns']: DSIG },
    )
  return { reference, signedInfo }
}
export const { reference, signedInfo } = writer('ds:')

export const bytes = (text: string) => new Uint8Array(encodeUtf8(text))
export const certDigest = (of = certificate, hash = 'sha256', uri = SHA256): string =>
  `<xades:CertDigest><ds:DigestMethod xmlns:ds="${DSIG}" Algorithm="${uri}"></ds:DigestMethod>` +
  `<ds:DigestValue xmlns:ds="${DSIG}">${createHash(hash).update(of).digest('base64')}</ds:DigestValue></xades:CertDigest>`
export const signingTime = (time = '2026-11-21T16:59:59+07:00') =>
  `<xades:SigningTime>${time}</xades:SigningTime>`
export const signingCertificate = (content = certDigest()) =>
  `<xades:SigningCertificateV2><xades:Cert>${content}</xades:Cert></xades:SigningCertificateV2>`
export const format = (
  target = '#r-1',
  type = '<xades:MimeType>application/xml</xades:MimeType>',
) => `<xades:DataObjectFormat ObjectReference="${target}">${type}</xades:DataObjectFormat>`
export const properties = (
  signature = signingTime() + signingCertificate(),
  data = format(),
): string =>
  `<xades:SignedProperties xmlns:xades="${XADES}" Id="xades-1"><xades:SignedSignatureProperties>${signature}</xades:SignedSignatureProperties>${
    data && `<xades:SignedDataObjectProperties>${data}</xades:SignedDataObjectProperties>`
  }</xades:SignedProperties>`

export function item(text: string, change: Partial<SignItem> = {}): SignItem {
  return {
    id: '1',
    kind: 'xml-signed-info',
    algorithm: 'RS256',
    toBeSigned: bytes(text),
    document: document(),
    ...change,
  }
}
export function failedClaim(text: string, change?: Partial<SignItem>): string | undefined {
  try {
    assertClaims([item(text, change)], certificate, NOW)
    return undefined
  } catch (error) {
    if (!isSigningError(error) || error.code !== 'BRIDGE_CLAIM_MISMATCH') throw error
    return String(error.details['claim'])
  }
}

/** What is found in an item that is as it will be shown. */
export const claimsOf = (text: string, change?: Partial<SignItem>): Claims =>
  assertClaims([item(text, change)], certificate, NOW)

export const own = (of: string, wish: ReferenceWish = {}) =>
  reference({ uri: '#xades-1', type: PROPERTIES_TYPE, digest: sha256(of), ...wish })
/** A XAdES SignedInfo over one part of the file, and the properties that come along. */
export const xades = (of = properties(), wish: ReferenceWish = {}) =>
  signedInfo(reference({ id: 'r-1' }) + own(of, wish))
export const withProperties = (of = properties()): Partial<SignItem> => ({
  signedProperties: bytes(of),
})

export const issuerSerial = (of = certificate): string => {
  const { issuer, serialNumber } = parseCertificateFields(of)
  const wrap = (number: number, ...parts: Uint8Array[]) => {
    const content = Buffer.concat(parts)
    return Buffer.concat([Uint8Array.of(number, content.length), content])
  }
  const der = wrap(0x30, wrap(0x30, wrap(0xa4, issuer)), serialNumber)
  return `<xades:IssuerSerialV2>${der.toString('base64')}</xades:IssuerSerialV2>`
}

/** As Vietnam's invoices have it: no prefix, inclusive C14N, the time in an Object of its own. */
export const invoice = writer('')
export const timeObject = (time = '2026-11-21T16:59:59', id = 'time-1', inner = '') =>
  `<Object xmlns="${DSIG}" Id="${id}"><SignatureProperties${inner}><SignatureProperty Target="#sig-1"><SigningTime>${time}</SigningTime></SignatureProperty></SignatureProperties></Object>`
export const invoiceInfo = (object = timeObject(), wish: ReferenceWish = {}) =>
  invoice.signedInfo(
    invoice.reference({ uri: '#HD-1', transforms: [ENVELOPED] }) +
      invoice.reference({ uri: '#time-1', transforms: [], digest: sha256(object), ...wish }),
    INCLUSIVE,
  )
