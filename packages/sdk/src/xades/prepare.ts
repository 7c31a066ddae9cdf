/**
 * The first half of a signature in XML: everything but the private key's work. The signature is put into the file with
 * empty values, the whole is parsed as its receivers will, and what its references lead to is hashed there.
 *
 * ```
 * file, place, parts ─ write ─► file with an empty signature ─ parse ─► digests ─ SignedInfo, canonical ─► toBeSigned
 * ```
 * @module
 */
import { getAlgorithm } from '../algorithms.ts'
import { encodeBase64 } from '../base64.ts'
import { type Bytes, encodeUtf8 } from '../bytes.ts'
import { digestBytes } from '../digest.ts'
import { FormatError, wrongArgument } from '../errors.ts'
import { type XmlEdit, applyEdit } from '../xml/insert.ts'
import { type XmlDocument, parseXml } from '../xml/parse.ts'
import { getChild, isNamed } from './children.ts'
import {
  canonicalizeMethod,
  followReference,
  isInFile,
  isOver,
  readReferences,
  setText,
} from './references.ts'
import { type SignatureParts, type SignatureText, encodeSignature } from './signature-text.ts'
import { DSIG } from './uris.ts'

/** Where a signature goes, and what it is. */
export interface SignatureInput {
  /** The file that it is put into; empty where it is a file of its own. */
  readonly source: Uint8Array
  readonly place: XmlEdit
  readonly parts: SignatureParts
  /** Digests of what lies outside the file, by the place of the reference. */
  readonly outside: ReadonlyMap<number, Uint8Array>
  /** The place of the reference to the signature's own properties, where it has one. */
  readonly ownReference: number | undefined
}

/** A signature that waits for its value. */
export interface PreparedSignature {
  readonly toBeSigned: Bytes
  /** What the reference to the signature's own properties leads to. */
  readonly signedProperties: Bytes | undefined
  /** Of all references, in order. */
  readonly digests: readonly Bytes[]
  readonly text: SignatureText
}

/**
 * Prepares a signature.
 * @throws {FormatError} FORMAT_MALFORMED, FORMAT_UNSUPPORTED; FORMAT_NOT_ALLOWED {rule: duplicate-id} where a reference
 *   leads to several places; {rule: earlier-signature} where a signature that is there already would break
 */
export async function prepareSignature(input: SignatureInput): Promise<PreparedSignature> {
  const { source, place, parts, outside, ownReference } = input
  const { digest } = getAlgorithm(parts.algorithm)
  const empty = encodeSignature(parts)
  const file = applyEdit(source, place, empty.head + empty.tail)
  const xml = await parseXml(file)
  const signature = findAt(xml, file, place)
  assertEarlierKept(xml, signature)
  const digests: Bytes[] = []
  let signedProperties: Bytes | undefined
  for (const [index, reference] of readReferences(signature).entries()) {
    const octets = isInFile(reference) ? followReference(xml, reference, { signature }) : undefined
    const given = outside.get(index)
    if ((octets === undefined) === (given === undefined))
      throw wrongArgument('document', 'a digest of what lies outside')
    const value = octets === undefined ? (given as Bytes) : await digestBytes(digest, octets)
    digests.push(value)
    setText(reference.digestValue, encodeBase64(value))
    if (index === ownReference) signedProperties = octets
  }
  const toBeSigned = canonicalizeSignedInfo(signature)
  return { toBeSigned, signedProperties, digests, text: encodeSignature(parts, digests) }
}

/** The octets that are signed (XML Signature 1.1 §3.1.2). @throws {FormatError} */
export function canonicalizeSignedInfo(signature: Element): Bytes {
  const signedInfo = getChild(signature, DSIG, 'SignedInfo')
  return canonicalizeMethod(signedInfo, getChild(signedInfo, DSIG, 'CanonicalizationMethod'))
}

/**
 * Finds the Signature that was put into a place.
 * @param file that the tree was read from
 * @throws {FormatError} FORMAT_CHANGED where there is none
 */
export function findAt(xml: XmlDocument, file: Uint8Array, place: XmlEdit): Element {
  const before = file.subarray(xml.startBytes, place.start + encodeUtf8(place.before).length)
  const offset = new TextDecoder('utf-8', { ignoreBOM: true }).decode(before).length
  const element = xml.elements[xml.spans.findIndex(({ start }) => start === offset)]
  if (element !== undefined && isNamed(element, DSIG, 'Signature')) return element
  throw new FormatError('FORMAT_CHANGED')
}

/** A signature that is there already must mean the same with the new one beside or in it. */
function assertEarlierKept(xml: XmlDocument, signature: Element): void {
  for (const earlier of xml.elements) {
    if (earlier === signature || !isNamed(earlier, DSIG, 'Signature')) continue
    for (const reference of readReferences(earlier)) {
      if (!isInFile(reference)) continue
      if (!isOver(xml, reference, { signature: earlier, element: signature })) continue
      throw new FormatError('FORMAT_NOT_ALLOWED', { details: { rule: 'earlier-signature' } })
    }
  }
}
