/**
 * What a XAdES signature says of itself, as text.
 *
 * ```
 * Object
 *   QualifyingProperties Target                                           EN 319 132-1 §4.3.1
 *     SignedProperties Id
 *       SignedSignatureProperties   SigningTime, SigningCertificateV2     §5.2.1, §5.2.2
 *                                   what the signer claims beside them    see claim-elements
 *       SignedDataObjectProperties  DataObjectFormat of each reference    §5.2.4
 * ```
 * @module
 */
import { encodeBase64 } from '../base64.ts'
import { getAlgorithm } from '../algorithms.ts'
import type { AlgorithmName } from '../types.ts'
import type { ClaimElements } from './claim-elements.ts'
import { encodeElement, encodeText } from './element-text.ts'
import { DIGEST_METHODS, XADES } from './uris.ts'

/** What is said. */
export interface PropertiesParts {
  readonly signatureId: string
  readonly algorithm: AlgorithmName
  readonly signingTime: Date
  /** Of the signer's certificate, by the algorithm's own hash. */
  readonly certificateDigest: Uint8Array
  /** Of each reference to a document: its Id and what kind of document it is. */
  readonly formats: readonly { readonly referenceId: string; readonly mediaType: string }[]
  readonly claims?: ClaimElements | undefined
}

/** The name by which SignedInfo refers to the properties. */
export const propertiesIdOf = (signatureId: string): string => `${signatureId}-properties`

const tag = (name: string, attributes: Record<string, string>, ...content: string[]): string =>
  encodeElement(`xades:${name}`, attributes, ...content)

/** Writes the Object that holds them; the prefix `ds` is that of the signature around. */
export function encodeProperties(parts: PropertiesParts): string {
  const { signatureId, formats, claims = { ofSignature: '', ofData: '' } } = parts
  const ofData = formats.map(({ referenceId, mediaType }) =>
    tag(
      'DataObjectFormat',
      { ObjectReference: `#${referenceId}` },
      tag('MimeType', {}, encodeText(mediaType)),
    ),
  )
  const aboutData = [...ofData, claims.ofData].join('')
  const signed = tag(
    'SignedProperties',
    { Id: propertiesIdOf(signatureId) },
    tag(
      'SignedSignatureProperties',
      {},
      tag('SigningTime', {}, encodeXmlTime(parts.signingTime)),
      tag('SigningCertificateV2', {}, tag('Cert', {}, encodeCertDigest(parts))),
      claims.ofSignature,
    ),
    aboutData === '' ? '' : tag('SignedDataObjectProperties', {}, aboutData),
  )
  const properties = tag(
    'QualifyingProperties',
    { 'xmlns:xades': XADES, Target: `#${signatureId}` },
    signed,
  )
  return encodeElement('ds:Object', {}, properties)
}

function encodeCertDigest({ algorithm, certificateDigest }: PropertiesParts): string {
  const method = DIGEST_METHODS[getAlgorithm(algorithm).digest]
  return tag(
    'CertDigest',
    {},
    encodeElement('ds:DigestMethod', { Algorithm: method }),
    encodeElement('ds:DigestValue', {}, encodeBase64(certificateDigest)),
  )
}

/** Whole seconds in UTC (XML Schema 2 §3.2.7). */
function encodeXmlTime(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`
}
