/**
 * What the canonical SignedInfo of an XML signature says.
 *
 * ```
 * SignedInfo                                                           XML Signature 1.1 §4.4
 *   CanonicalizationMethod  1.0, 1.1 or exclusive, without comments      the form that these very bytes must have
 *   SignatureMethod         the algorithm that was asked for
 *   Reference …             one for each document that is shown, in order; and at most one of the signature's own
 *     Transforms            enveloped-signature or without all signatures, a canonicalisation, base64: nothing else that could
 *                           pick or change content
 *     DigestMethod          the algorithm's own hash
 *     DigestValue           the document's digest, or that of the properties that came along
 * ```
 *
 * An Office file (docx, xlsx, pptx) is one document by the digest of its idPackageObject, which names every part; beside
 * it stands idOfficeObject, which came along and is blank.
 *
 * SignedInfo does not name the certificate: XAdES does in its SignedProperties, which SignedInfo holds the digest of, so
 * that they come along and are read too. Plain XML signatures name none. They are allowed, for the key that signs is the
 * one that is shown, and a certificate that somebody puts beside the signature later must hold that key; the person is
 * told.
 * @module
 */
import { createHash } from 'node:crypto'
import { equalBytes } from '@trien/sdk/bytes'
import { type Claimed, type ClaimedDocument, assertDigests, assertNamed } from './claimed.ts'
import { assertClaim, readAs } from './mismatch.ts'
import { OBJECT_TYPE, OFFICE_URI, PACKAGE_URI, assertOfficeObject } from './office-object.ts'
import type { Said } from './said.ts'
import { assertProperties, findId } from './signed-properties.ts'
import * as uris from './xml/algorithms.ts'
import type { XmlElement } from './xml/element.ts'
import { DSIG, getAlgorithmUri, getChildren, getElement } from './xml/expect.ts'
import { assertCanonical, parseElement } from './xml/reader.ts'
import { type Reference, findForm, readReference } from './xml/reference.ts'

const MAX_REFERENCES = 512
/** XAdES marks the reference to its properties with this Type (EN 319 132-1 §4.4.2). */
const SIGNED_PROPERTIES = 'http://uri.etsi.org/01903#SignedProperties'
/** And with this one that to the value of a signature that is confirmed (§5.2.7). */
const COUNTERSIGNED = 'http://uri.etsi.org/01903#CountersignedSignature'
/** Types that a signature's own Object may have. */
const OWN_OBJECT: readonly (string | undefined)[] = [undefined, OBJECT_TYPE]
const LOCAL_ID = /^#[A-Za-z_][\w.-]*$/

/**
 * @returns whether the certificate is named: by XAdES alone; and what XAdES says beside it and the time
 * @throws {BridgeError} BRIDGE_CLAIM_MISMATCH {claim}
 */
export function assertSignedInfo(claimed: Claimed): {
  readonly namesCertificate: boolean
  readonly said: Said
} {
  const { documents, signedProperties } = claimed
  const references = readReferences(claimed)
  assertApart(references)

  const properties =
    signedProperties && readAs('signed-properties', () => parseElement(signedProperties))
  const ownUri = properties && `#${readAs('signed-properties', () => findId(properties))}`
  const isOwn = ({ type, uri }: Reference): boolean => type === SIGNED_PROPERTIES || uri === ownUri
  const own = references.filter(isOwn)
  const signed = takeOfficeObject(
    references.filter((reference) => !isOwn(reference)),
    claimed,
    properties,
  )

  assertDigests(
    documents,
    signed.map(({ digest }) => digest),
  )
  signed.forEach((reference, index) => {
    assertDocument(reference, documents[index] as ClaimedDocument, claimed)
  })
  assertClaim('signed-properties', own.length === (properties === undefined ? 0 : 1))
  if (properties === undefined) return { namesCertificate: false, said: {} }
  assertOwnReference(own[0] as Reference, ownUri, claimed, properties)
  const said = assertProperties(properties, claimed, signed)
  return { namesCertificate: isXades(properties), said }
}

const isXades = ({ local }: XmlElement): boolean => local === 'SignedProperties'

/** Reads all but what the references mean; the bytes must have the canonical form that they themselves name. */
function readReferences({ toBeSigned, algorithm }: Claimed): readonly Reference[] {
  const root = readAs('structure', () => parseElement(toBeSigned))
  const [canonicalization, method, ...elements] = readAs('structure', () => {
    getElement(root, { namespace: DSIG, local: 'SignedInfo', attributes: ['Id'] })
    return getChildren(root, 3, MAX_REFERENCES + 2)
  })
  readAs('canonicalization', () => {
    const form = uris.C14N_METHODS.get(getAlgorithmUri(canonicalization, 'CanonicalizationMethod'))
    assertClaim('canonicalization', form !== undefined)
    assertCanonical(toBeSigned, root, form)
  })
  readAs('algorithm', () => {
    const uri = getAlgorithmUri(method, 'SignatureMethod')
    assertClaim('algorithm', uri === uris.SIGNATURE_METHODS[algorithm.name])
  })
  return elements.map((element) => {
    const reference = readAs('reference', () => readReference(element))
    const isOwnHash = reference.digestMethod === uris.DIGEST_METHODS[algorithm.digest]
    assertClaim('digest-algorithm', isOwnHash)
    return reference
  })
}

/** Two references of one Id, or to one place, could be taken for each other. */
function assertApart(references: readonly Reference[]): void {
  const ids = references.flatMap(({ id }) => (id === undefined ? [] : [id]))
  const places = references.map(({ uri }) => uri)
  assertClaim('reference', new Set(ids).size === ids.length)
  assertClaim('reference', new Set(places).size === places.length)
}

/**
 * Of an Office file, takes out the reference to what Word says of the signature; exactly the package must be left.
 * @returns the references to documents
 */
function takeOfficeObject(
  references: readonly Reference[],
  claimed: Claimed,
  properties: XmlElement | undefined,
): readonly Reference[] {
  const { officeObject } = claimed
  if (officeObject === undefined) return references
  const [signed, said, ...others] = references
  assertClaim('office-object', properties !== undefined && isXades(properties))
  assertClaim('office-object', said?.uri === OFFICE_URI && others.length === 0)
  assertClaim('reference', signed?.uri === PACKAGE_URI)
  assertOfficeObject(officeObject, said, claimed)
  return [signed]
}

/** A document: the file that holds the signature, a part of it, or a file beside it that is named as it is shown. */
function assertDocument(
  { uri, type, transforms }: Reference,
  document: ClaimedDocument,
  { officeObject }: Claimed,
): void {
  if (officeObject !== undefined) {
    assertClaim('reference', type === OBJECT_TYPE)
    assertClaim('transform', transforms.length === 0)
    return
  }
  const isCounterSignature = type === COUNTERSIGNED && LOCAL_ID.test(uri)
  assertClaim('reference', type === undefined || isCounterSignature)
  const [first, ...rest] = transforms
  const isEnveloped = first === uris.ENVELOPED || first === uris.XPATH
  const others = isEnveloped ? rest : transforms
  if (uri === '' || LOCAL_ID.test(uri)) {
    // The whole file holds the signature too, which cannot sign itself.
    assertClaim('transform', isEnveloped || uri !== '')
    const isPlain = findForm(others) !== undefined
    assertClaim('transform', isPlain || (!isEnveloped && others.join() === uris.BASE64))
    return
  }
  assertNamed(uri, document)
  assertClaim('transform', transforms.length === 0)
}

/** The reference to the signature's own properties must be to these bytes. */
function assertOwnReference(
  { uri, type, transforms, digest }: Reference,
  ownUri: string | undefined,
  { signedProperties, algorithm }: Claimed,
  properties: XmlElement,
): void {
  assertClaim('reference', uri === ownUri && LOCAL_ID.test(uri))
  assertClaim(
    'reference',
    isXades(properties) ? type === SIGNED_PROPERTIES : OWN_OBJECT.includes(type),
  )
  const form = findForm(transforms)
  assertClaim('transform', form !== undefined)
  const bytes = signedProperties ?? new Uint8Array()
  readAs('signed-properties', () => assertCanonical(bytes, properties, form))
  const hash = createHash(algorithm.digest.replace('-', '')).update(bytes).digest()
  assertClaim('signed-properties', equalBytes(hash, digest))
}
