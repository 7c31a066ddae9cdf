/**
 * The manifest of a signature container, ASiC-E with CAdES: the signature is over this file, and this file names the
 * documents.
 *
 * ```
 * ASiCManifest                                                                                 EN 319 162-1 §A.4
 *   SigReference URI MimeType          where the signature goes
 *   DataObjectReference URI MimeType?  one for each document that is shown, in order
 *     DigestMethod                     the algorithm's own hash
 *     DigestValue
 * ```
 *
 * It must be in canonical form and hold nothing else: no Rootfile, no extension.
 * @module
 */
import { type Claimed, assertDigests, assertNamed } from './claimed.ts'
import { assertClaim, readAs } from './mismatch.ts'
import { DIGEST_METHODS } from './xml/algorithms.ts'
import type { XmlElement } from './xml/element.ts'
import { DSIG, getAlgorithmUri, getBase64, getChildren, getElement } from './xml/expect.ts'
import { assertCanonical, parseElement } from './xml/reader.ts'

/** EN 319 162-1 §A.4. */
const ASIC = 'http://uri.etsi.org/02918/v1.2.1#'
const MAX_DOCUMENTS = 512
const SIGNATURE = /^META-INF\/[\w.-]{0,64}signature[\w.-]{0,64}\.p7s$/i

/**
 * Refuses a manifest that names anything but the documents.
 * @throws {BridgeError} BRIDGE_CLAIM_MISMATCH {claim}
 */
export function assertManifest(manifest: Uint8Array, claimed: Claimed): void {
  const references = readAs('manifest', () => {
    const root = getElement(parseElement(manifest), { namespace: ASIC, local: 'ASiCManifest' })
    assertCanonical(manifest, root, 'inclusive')
    const [by, ...files] = getChildren(root, 2, MAX_DOCUMENTS + 1)
    const { attributes } = getElement(by, named('SigReference'))
    assertClaim('manifest', SIGNATURE.test(attributes.get('URI') ?? ''))
    return files
  })
  const { documents, algorithm } = claimed
  const digests = references.map((element) => readAs('manifest', () => readDigest(element)))
  for (const { method } of digests) {
    assertClaim('digest-algorithm', method === DIGEST_METHODS[algorithm.digest])
  }
  assertDigests(
    documents,
    digests.map(({ value }) => value),
  )
  references.forEach(({ attributes }, index) => {
    const document = documents[index]
    assertClaim('documents', document !== undefined)
    assertNamed(attributes.get('URI') ?? '', document)
    const type = attributes.get('MimeType')
    assertClaim('media-type', type === undefined || type === document.mediaType)
  })
  const places = references.map(({ attributes }) => attributes.get('URI'))
  assertClaim('reference', new Set(places).size === places.length)
}

function readDigest(element: XmlElement): { method: string; value: Uint8Array } {
  const parts = getChildren(getElement(element, named('DataObjectReference')), 2)
  const value = getElement(parts[1], { namespace: DSIG, local: 'DigestValue' })
  return { method: getAlgorithmUri(parts[0], 'DigestMethod'), value: getBase64(value) }
}

const named = (local: string) => ({ namespace: ASIC, local, attributes: ['MimeType', 'URI'] })
