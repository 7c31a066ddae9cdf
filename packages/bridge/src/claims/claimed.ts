/**
 * One item as its readers get it: the bytes to be signed, and what they must be found to say.
 * @module
 */
import { type Algorithm, DIGESTS, getAlgorithm } from '@trien/sdk/algorithms'
import { equalBytes } from '@trien/sdk/bytes'
import type { SignItem } from '@trien/sdk/wire'
import type { ClaimedCertificate } from './certificate.ts'
import { assertClaim } from './mismatch.ts'

/** A document that the person will be shown. */
export interface ClaimedDocument {
  readonly name: string
  readonly mediaType: string
  readonly size: number
  /** By the algorithm's own hash. */
  readonly digest: Uint8Array
}

/** What is compared. */
export interface Claimed {
  readonly algorithm: Algorithm
  readonly toBeSigned: Uint8Array
  /** What the bytes to be signed name by digest alone: in XML the signature's own properties, in CMS a manifest of files. */
  readonly signedProperties: Uint8Array | undefined
  /** XML of Office files only: what Word says in them of how a signature was made. */
  readonly officeObject: Uint8Array | undefined
  /** Counter-signatures only: the signature that would be signed. */
  readonly countersigned: SignItem['countersigned']
  /** In the order in which the bytes to be signed name them; at least one. */
  readonly documents: readonly ClaimedDocument[]
  readonly certificate: ClaimedCertificate
  readonly now: Date
}

/**
 * Makes it of what came over the wire.
 * @throws {BridgeError} BRIDGE_CLAIM_MISMATCH {claim: digest-algorithm} where a digest is not by the algorithm's hash;
 *   {claim: countersigned} where a signature is confirmed by what is no counter-signature, or none by one;
 *   {claim: office-object} where it comes along with what is no XML
 */
export function readClaimed(item: SignItem, certificate: ClaimedCertificate, now: Date): Claimed {
  const algorithm = getAlgorithm(item.algorithm)
  const documents = [item.document, ...(item.alsoSigned ?? [])].map((document) => {
    const { name, mediaType, size, digest } = document
    assertClaim('digest-algorithm', digest.algorithm === algorithm.digest)
    assertClaim('document-digest', digest.value.length === DIGESTS[algorithm.digest].bytes)
    return { name, mediaType, size, digest: digest.value }
  })
  const { toBeSigned, signedProperties, officeObject, countersigned } = item
  // The person is told of a signature instead of a document where, and only where, one is signed.
  const isCountersignature = item.kind === 'cms-countersignature'
  assertClaim('countersigned', (countersigned !== undefined) === isCountersignature)
  assertClaim('office-object', officeObject === undefined || item.kind === 'xml-signed-info')
  return {
    ...{ algorithm, toBeSigned, signedProperties, officeObject, countersigned, documents },
    ...{ certificate, now },
  }
}

/** @throws {BridgeError} BRIDGE_CLAIM_MISMATCH {claim: documents} where there are more */
export function getOnlyDocument({ documents, signedProperties }: Claimed): ClaimedDocument {
  const [document, ...others] = documents
  assertClaim('signed-properties', signedProperties === undefined)
  assertClaim('documents', document !== undefined && others.length === 0)
  return document
}

/**
 * Pairs digests that the bytes name with the documents that are shown, in order: none may be left on either side.
 * @throws {BridgeError} BRIDGE_CLAIM_MISMATCH {claim: documents | document-digest}
 */
export function assertDigests(
  documents: readonly ClaimedDocument[],
  digests: readonly Uint8Array[],
): void {
  assertClaim('documents', documents.length === digests.length)
  documents.forEach((document, index) => {
    const digest = digests[index]
    assertClaim('document-digest', digest !== undefined && equalBytes(digest, document.digest))
  })
}

/**
 * Where a document lies outside the signature, the bytes name it: by its last step, or whole; 255 characters come to as many
 * as nine octets each.
 * @throws {BridgeError} BRIDGE_CLAIM_MISMATCH {claim: document-name}
 */
export function assertNamed(uri: string, { name }: ClaimedDocument): void {
  assertClaim('document-name', /^[\w.~!$&'()*+,;=:@%/-]{1,2295}$/.test(uri))
  let path: string
  try {
    path = decodeURIComponent(uri)
  } catch {
    path = ''
  }
  const isOwn = path !== '' && (path === name || path.split('/').at(-1) === name)
  assertClaim('document-name', isOwn && !path.split('/').includes('..'))
}
