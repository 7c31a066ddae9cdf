/**
 * What xmlsec1 signs, the bridge reads: canonical SignedInfo and properties of the profiles that Trien's formats write,
 * made by somebody else's canonicalisation, and signed by xmlsec1 over the very bytes that were read.
 */
import { createHash, createSign } from 'node:crypto'
import type { AlgorithmName } from '@trien/sdk/types'
import type { SignItem } from '@trien/sdk/wire'
import { afterAll, describe, expect, it } from 'vitest'
import { assertClaims } from '../../packages/bridge/src/claims.ts'
import { hasTools } from '../helpers/tools.ts'
import { type SignedXml, type XmlSigner, createXmlSigner } from '../helpers/xmlsec.ts'

const isReady = hasTools('xmlsec1', 'openssl')

const DSIG = 'http://www.w3.org/2000/09/xmldsig#'
const MORE = 'http://www.w3.org/2001/04/xmldsig-more#'
const SHA256 = 'http://www.w3.org/2001/04/xmlenc#sha256'
const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#'
const INCLUSIVE = 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315'
const INCLUSIVE_11 = 'http://www.w3.org/2006/12/xml-c14n11'
const ENVELOPED = `${DSIG}enveloped-signature`

/** The time now as invoices have it: local, without a zone. */
const localTime = (): string => new Date(Date.now() + 7 * 3_600_000).toISOString().slice(0, 19)
const utcTime = (): string => `${new Date().toISOString().slice(0, 19)}Z`
const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest()

function reference(p: string, uri: string, transforms: readonly string[], more = ''): string {
  const listed = transforms.map((uri) => `<${p}Transform Algorithm="${uri}"/>`).join('')
  return `<${p}Reference${more} URI="${uri}">${
    listed && `<${p}Transforms>${listed}</${p}Transforms>`
  }<${p}DigestMethod Algorithm="${SHA256}"/><${p}DigestValue/></${p}Reference>`
}
function signature(
  p: string,
  wish: { c14n: string; method: string; references: string; object?: string },
): string {
  return `<${p}Signature xmlns${p && ':ds'}="${DSIG}" Id="sig-1"><${p}SignedInfo><${p}CanonicalizationMethod Algorithm="${
    wish.c14n
  }"/><${p}SignatureMethod Algorithm="${wish.method}"/>${wish.references}</${p}SignedInfo><${p}SignatureValue/>${
    wish.object ?? ''
  }</${p}Signature>`
}

interface Profile {
  readonly name: string
  readonly ids: readonly string[]
  readonly template: (certificate: Uint8Array, method: string) => string
  /** Which reference is the signature's own. */
  readonly own?: number
}

const PROFILES: readonly Profile[] = [
  {
    name: 'XAdES B-B, enveloped, exclusive',
    ids: ['SignedProperties'],
    own: 1,
    template: (certificate, method) => {
      const properties =
        `<xades:SignedProperties Id="xades-1"><xades:SignedSignatureProperties><xades:SigningTime>${utcTime()}</xades:SigningTime>` +
        `<xades:SigningCertificateV2><xades:Cert><xades:CertDigest><ds:DigestMethod Algorithm="${SHA256}"/>` +
        `<ds:DigestValue>${sha256(certificate).toString('base64')}</ds:DigestValue></xades:CertDigest></xades:Cert></xades:SigningCertificateV2>` +
        `</xades:SignedSignatureProperties><xades:SignedDataObjectProperties><xades:DataObjectFormat ObjectReference="#r-1">` +
        `<xades:MimeType>application/xml</xades:MimeType></xades:DataObjectFormat></xades:SignedDataObjectProperties></xades:SignedProperties>`
      const object = `<ds:Object><xades:QualifyingProperties xmlns:xades="http://uri.etsi.org/01903/v1.3.2#" Target="#sig-1">${properties}</xades:QualifyingProperties></ds:Object>`
      const references =
        reference('ds:', '', [ENVELOPED, EXCLUSIVE], ' Id="r-1"') +
        reference(
          'ds:',
          '#xades-1',
          [EXCLUSIVE],
          ' Type="http://uri.etsi.org/01903#SignedProperties"',
        )
      return `<đơn xmlns="urn:don" xmlns:x="urn:x">Nội dung &amp; số 12${signature('ds:', { c14n: EXCLUSIVE, method, references, object })}</đơn>`
    },
  },
  {
    name: 'e-invoice, inclusive, with its time',
    ids: ['DLHDon', 'Object'],
    own: 1,
    template: (_, method) => {
      const object = `<Object Id="time-1"><SignatureProperties><SignatureProperty Target="#sig-1"><SigningTime>${localTime()}</SigningTime></SignatureProperty></SignatureProperties></Object>`
      const references = reference('', '#HD-1', [ENVELOPED]) + reference('', '#time-1', [])
      return `<HDon xmlns:xsi="urn:xsi"><DLHDon Id="HD-1"><TTChung>1</TTChung></DLHDon><DSCKS><NBan>${signature('', { c14n: INCLUSIVE, method, references, object })}</NBan></DSCKS></HDon>`
    },
  },
  {
    name: 'social insurance, the whole file',
    ids: [],
    template: (_, method) =>
      `<GIAMDINHHS xml:lang="vi"><NOIDUNGFILE>AA==</NOIDUNGFILE><CHUKYDONVI>${signature('', {
        c14n: INCLUSIVE,
        method,
        references: reference('', '', [ENVELOPED]),
      })}</CHUKYDONVI></GIAMDINHHS>`,
  },
  {
    name: 'a part of the file, C14N 1.1',
    ids: ['to-khai'],
    template: (_, method) =>
      `<a><to-khai Id="NODE"><b/></to-khai><c>${signature('ds:', {
        c14n: INCLUSIVE_11,
        method,
        references: reference('ds:', '#NODE', [INCLUSIVE_11]),
      })}</c></a>`,
  },
]

function itemOf({ toBeSigned, digested }: SignedXml, algorithm: AlgorithmName, own?: number) {
  const documents = digested
    .filter((_, index) => index !== own)
    .map((bytes) => ({
      name: 'đơn.xml',
      mediaType: 'application/xml',
      size: bytes.length,
      digest: { algorithm: 'SHA-256' as const, value: new Uint8Array(sha256(bytes)) },
    }))
  const properties = own === undefined ? undefined : digested[own]
  const item: SignItem = {
    id: '1',
    kind: 'xml-signed-info',
    algorithm,
    toBeSigned,
    document: documents[0]!,
    ...(properties && { signedProperties: properties }),
  }
  return item
}

describe.skipIf(!isReady).each<[AlgorithmName, string, readonly string[]]>([
  ['RS256', `${MORE}rsa-sha256`, ['rsa:2048']],
  ['ES256', `${MORE}ecdsa-sha256`, ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256']],
])('what xmlsec1 signs by %s', (algorithm, method, newKey) => {
  const signer: XmlSigner | undefined = isReady ? createXmlSigner(...newKey) : undefined
  const stranger = isReady ? createXmlSigner(...newKey) : undefined
  afterAll(() => {
    signer?.remove()
    stranger?.remove()
  })

  it.each(PROFILES)('$name', ({ template, ids, own }) => {
    const { certificate, privateKey, sign } = signer!
    const signed = sign(template(certificate, method), ids)
    const item = itemOf(signed, algorithm, own)
    expect(() => assertClaims([item], certificate)).not.toThrow()
    if (algorithm === 'RS256') {
      const again = createSign('sha256').update(item.toBeSigned).sign(privateKey)
      expect(again.equals(signed.signature)).toBe(true)
    }

    const mismatch = expect.objectContaining({ code: 'BRIDGE_CLAIM_MISMATCH' })
    const digest = { ...item.document.digest, value: new Uint8Array(32) }
    const another = { ...item, document: { ...item.document, digest } }
    expect(() => assertClaims([another], certificate)).toThrowError(mismatch)
    const { signedProperties, ...without } = item
    if (signedProperties === undefined) return
    if (!own) return
    expect(() => assertClaims([without], certificate)).toThrowError(mismatch)
    if (ids.includes('SignedProperties')) {
      expect(() => assertClaims([item], stranger!.certificate)).toThrowError(mismatch)
    }
  })
})
