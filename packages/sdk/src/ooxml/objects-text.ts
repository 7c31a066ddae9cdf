/**
 * What a package signature holds beside its values, as text, in the default namespace of XML Signature and by the prefixes
 * that Word writes: some readers go by them.
 *
 * ```
 * Object Id="idPackageObject"                                            ISO/IEC 29500-2 §10.5.6
 *   Manifest        Reference of each part, its content type in the address
 *   SignatureProperties  SignatureTime
 * Object Id="idOfficeObject"                                             [MS-OFFCRYPTO] §2.5.2.5
 *   SignatureProperties  SignatureInfoV1
 * Object
 *   QualifyingProperties                                                 [MS-OFFCRYPTO] §2.5.2.6, EN 319 132-1 §5
 * ```
 * @module
 */
import { getAlgorithm } from '../algorithms.ts'
import type { Bytes } from '../bytes.ts'
import type { AlgorithmName } from '../types.ts'
import { encodeElement as tag, encodeText } from '../xades/element-text.ts'
import { DIGEST_METHODS, XADES } from '../xades/uris.ts'
import { encodeBase64 } from '../base64.ts'
import { C14N_URIS } from '../xml/c14n-methods.ts'
import { DIGITAL_SIGNATURE, RELATIONSHIP_TRANSFORM } from './names.ts'

/** Ids, all of which Word's own signatures have. */
export const SIGNATURE_ID = 'idPackageSignature'
export const PACKAGE_OBJECT = 'idPackageObject'
export const OFFICE_OBJECT = 'idOfficeObject'
export const SIGNED_PROPERTIES = 'idSignedProperties'
/** Of the reference to what is signed. */
export const REFERENCE_ID = 'idPackageReference'

/** A part, with the digest of what is signed of it. */
export interface PartReference {
  readonly name: string
  readonly type: string
  /** Of relationships alone: those that are signed, sorted. */
  readonly ids: readonly string[] | undefined
  readonly digest: Bytes
}

/** Writes the Object that says which parts are signed. */
export function encodePackageObject(
  references: readonly PartReference[],
  algorithm: AlgorithmName,
  signingTime: Date,
): string {
  const method = DIGEST_METHODS[getAlgorithm(algorithm).digest]
  const time = tag(
    'mdssi:SignatureTime',
    { 'xmlns:mdssi': DIGITAL_SIGNATURE },
    tag('mdssi:Format', {}, 'YYYY-MM-DDThh:mm:ssTZD'),
    tag('mdssi:Value', {}, encodeTime(signingTime)),
  )
  return tag(
    'Object',
    { Id: PACKAGE_OBJECT },
    tag('Manifest', {}, ...references.map((reference) => encodeReference(reference, method))),
    encodeSignatureProperty('idSignatureTime', time),
  )
}

/** The address of a part, as signatures have it: what it is belongs to what is signed (§10.5.7). */
export const encodeAddress = ({ name, type }: Pick<PartReference, 'name' | 'type'>): string =>
  `${name}?ContentType=${type}`

function encodeReference(reference: PartReference, method: string): string {
  const { ids, digest } = reference
  const transform = (algorithm: string, ...content: string[]): string =>
    tag('Transform', { Algorithm: algorithm }, ...content)
  const chosen = ids?.map((id) =>
    tag('mdssi:RelationshipReference', { 'xmlns:mdssi': DIGITAL_SIGNATURE, SourceId: id }),
  )
  const transforms = chosen && [
    transform(RELATIONSHIP_TRANSFORM, ...chosen),
    transform(C14N_URIS['c14n-1.0']),
  ]
  return tag(
    'Reference',
    { URI: encodeAddress(reference) },
    transforms === undefined ? '' : tag('Transforms', {}, ...transforms),
    tag('DigestMethod', { Algorithm: method }),
    tag('DigestValue', {}, encodeBase64(digest)),
  )
}

function encodeSignatureProperty(id: string, content: string): string {
  const property = tag('SignatureProperty', { Id: id, Target: `#${SIGNATURE_ID}` }, content)
  return tag('SignatureProperties', {}, property)
}

/**
 * All that the schema wants, in its order. It asks for the signer's programs and screen, which are nobody's business: told
 * are the same of everybody.
 */
const SIGNATURE_INFO: readonly (readonly [name: string, value: string])[] = [
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
  // Without a line on the page that it stands on.
  ['SignatureType', '1'],
]

/**
 * Writes the Object in which Word says how a signature was made.
 * @param attributes further ones: the namespace, where it stands alone
 */
export function encodeOfficeObject(attributes: { readonly xmlns?: string } = {}): string {
  const xmlns = 'http://schemas.microsoft.com/office/2006/digsig'
  const info = SIGNATURE_INFO.map(([name, value]) => tag(name, {}, value))
  return tag(
    'Object',
    { ...attributes, Id: OFFICE_OBJECT },
    encodeSignatureProperty('idOfficeV1Details', tag('SignatureInfoV1', { xmlns }, ...info)),
  )
}

/** What the signature says of itself. */
export interface OfficeProperties {
  readonly algorithm: AlgorithmName
  readonly signingTime: Date
  /** Of the signer's certificate, by the algorithm's own hash. */
  readonly certificateDigest: Uint8Array
  /** As X509IssuerName has it. */
  readonly issuerName: string
  readonly serialNumber: bigint
  /** Of the whole file. */
  readonly mediaType: string
}

/**
 * Writes the Object with the properties of XAdES. Word wants SigningCertificate, which names the issuer in words, and a
 * policy, of which it takes the implied one; EN 319 132-1 would have SigningCertificateV2.
 */
export function encodeOfficeProperties(properties: OfficeProperties): string {
  const { algorithm, signingTime, certificateDigest, issuerName, serialNumber } = properties
  const Algorithm = DIGEST_METHODS[getAlgorithm(algorithm).digest]
  const certificate = tag(
    'xd:Cert',
    {},
    tag(
      'xd:CertDigest',
      {},
      tag('DigestMethod', { Algorithm }),
      tag('DigestValue', {}, encodeBase64(certificateDigest)),
    ),
    tag(
      'xd:IssuerSerial',
      {},
      tag('X509IssuerName', {}, encodeText(issuerName)),
      tag('X509SerialNumber', {}, serialNumber.toString()),
    ),
  )
  const format = tag(
    'xd:DataObjectFormat',
    { ObjectReference: `#${REFERENCE_ID}` },
    tag('xd:MimeType', {}, encodeText(properties.mediaType)),
  )
  const signed = tag(
    'xd:SignedProperties',
    { Id: SIGNED_PROPERTIES },
    tag(
      'xd:SignedSignatureProperties',
      {},
      tag('xd:SigningTime', {}, encodeTime(signingTime)),
      tag('xd:SigningCertificate', {}, certificate),
      tag('xd:SignaturePolicyIdentifier', {}, tag('xd:SignaturePolicyImplied', {})),
    ),
    tag('xd:SignedDataObjectProperties', {}, format),
  )
  return tag(
    'Object',
    {},
    tag('xd:QualifyingProperties', { 'xmlns:xd': XADES, Target: `#${SIGNATURE_ID}` }, signed),
  )
}

/** Whole seconds in UTC. */
const encodeTime = (time: Date): string => `${time.toISOString().slice(0, 19)}Z`
