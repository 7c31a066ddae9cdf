/**
 * A Signature as text.
 *
 * ```
 * Signature Id?                                                          XML Signature 1.1 §4.2
 *   SignedInfo      CanonicalizationMethod, SignatureMethod, Reference …
 *   SignatureValue  Id?
 *   KeyInfo         X509Data: subject's name?, certificates
 *   Object …
 * ```
 * @module
 */
import { encodeBase64 } from '../base64.ts'
import { type Algorithm, getAlgorithm } from '../algorithms.ts'
import type { AlgorithmName } from '../types.ts'
import { C14N_URIS, type C14nName } from '../xml/c14n-methods.ts'
import { type Attributes, encodeElement, encodeText } from './element-text.ts'
import * as uris from './uris.ts'

/** What is done to what a reference leads to, before it is hashed. */
export type Transform = 'enveloped' | 'without-signatures' | 'base64' | C14nName

/** One thing that is signed. */
export interface SignatureReference {
  readonly id?: string | undefined
  /** Empty for the file that holds the signature, `#id` for a part of it, else the address of another file. */
  readonly uri: string
  readonly type?: string | undefined
  readonly transforms: readonly Transform[]
}

/** What a Signature is made of, but for its values. */
export interface SignatureParts {
  readonly id: string
  /** Of the namespace of XML Signature: `ds`, or none, so that it is the default one. */
  readonly prefix: 'ds' | ''
  readonly algorithm: AlgorithmName
  readonly c14n: C14nName
  readonly references: readonly SignatureReference[]
  readonly keyInfo: {
    readonly subjectName?: string | undefined
    readonly certificates: readonly Uint8Array[]
  }
  /** XML of whole Object elements, with this prefix. */
  readonly objects: readonly string[]
  /** Whether the value has a name, which a counter-signature needs. */
  readonly namesValue: boolean
}

/** The text around the signature value. */
export interface SignatureText {
  readonly head: string
  readonly tail: string
}

/** The name of a signature's value. */
export const valueIdOf = (signatureId: string): string => `${signatureId}-value`

/**
 * Writes it.
 * @param digests of the references, in their order; left out, the values are empty
 */
export function encodeSignature(
  parts: SignatureParts,
  digests: readonly Uint8Array[] = [],
): SignatureText {
  const { prefix, keyInfo } = parts
  const tag = createTag(prefix)
  const valueName = nameIn(prefix, 'SignatureValue')
  const signature = nameIn(prefix, 'Signature')
  const declaration = prefix === '' ? 'xmlns' : `xmlns:${prefix}`
  const subject =
    keyInfo.subjectName === undefined
      ? []
      : [tag('X509SubjectName', {}, encodeText(keyInfo.subjectName))]
  const certificates = keyInfo.certificates.map((der) =>
    tag('X509Certificate', {}, encodeBase64(der)),
  )
  const valueId = parts.namesValue ? ` Id="${valueIdOf(parts.id)}"` : ''
  return {
    head: `<${signature} ${declaration}="${uris.DSIG}" Id="${parts.id}">${encodeSignedInfo(parts, digests)}<${valueName}${valueId}>`,
    tail: `</${valueName}>${tag('KeyInfo', {}, tag('X509Data', {}, ...subject, ...certificates))}${parts.objects.join('')}</${signature}>`,
  }
}

/** Writes elements of a prefix. */
export const createTag =
  (prefix: string) =>
  (name: string, attributes: Attributes, ...content: string[]): string =>
    encodeElement(nameIn(prefix, name), attributes, ...content)

const nameIn = (prefix: string, name: string): string =>
  prefix === '' ? name : `${prefix}:${name}`

function encodeSignedInfo(parts: SignatureParts, digests: readonly Uint8Array[]): string {
  const tag = createTag(parts.prefix)
  const algorithm = getAlgorithm(parts.algorithm)
  return tag(
    'SignedInfo',
    {},
    tag('CanonicalizationMethod', { Algorithm: C14N_URIS[parts.c14n] }),
    tag('SignatureMethod', { Algorithm: uris.SIGNATURE_METHODS[algorithm.name] }),
    ...parts.references.map((reference, index) =>
      encodeReference(parts.prefix, reference, algorithm, digests[index]),
    ),
  )
}

function encodeReference(
  prefix: string,
  { id, uri, type, transforms }: SignatureReference,
  { digest }: Algorithm,
  value: Uint8Array | undefined,
): string {
  const tag = createTag(prefix)
  const listed = transforms.map((transform) => encodeTransform(prefix, transform))
  return tag(
    'Reference',
    { Id: id, Type: type, URI: uri },
    listed.length === 0 ? '' : tag('Transforms', {}, ...listed),
    tag('DigestMethod', { Algorithm: uris.DIGEST_METHODS[digest] }),
    tag('DigestValue', {}, value === undefined ? '' : encodeBase64(value)),
  )
}

function encodeTransform(prefix: string, transform: Transform): string {
  const tag = createTag(prefix)
  if (transform === 'without-signatures') {
    return tag('Transform', { Algorithm: uris.XPATH }, tag('XPath', {}, uris.WITHOUT_SIGNATURES))
  }
  const address = { enveloped: uris.ENVELOPED, base64: uris.BASE64, ...C14N_URIS }[transform]
  return tag('Transform', { Algorithm: address })
}
