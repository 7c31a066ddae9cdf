/**
 * CAdES in a container: over the one file of ASiC-S, over a manifest of all files in ASiC-E.
 * @module
 */
import { getAlgorithm } from '../../algorithms.ts'
import { type AsicContainer, listCades, nextNames } from '../../asic/container.ts'
import { type ManifestReference, encodeManifest } from '../../asic/manifest.ts'
import type { Bytes } from '../../bytes.ts'
import { completeSignedData } from '../../cms/complete.ts'
import { prepareSignedAttributes } from '../../cms/prepare.ts'
import { digestBytes } from '../../digest.ts'
import { FormatError } from '../../errors.ts'
import type { NewEntry } from '../../zip/write.ts'
import {
  type AsicCertificate,
  type AsicOptions,
  type PreparedAsic,
  describeFiles,
} from './options.ts'

/** What a .p7s is, as the manifest says it. */
const MEDIA_TYPE = 'application/pkcs7-signature'

/**
 * Prepares a signature by CAdES.
 * @param references all files, in the order of the container
 * @throws {UsageError} USAGE_ARGUMENT, USAGE_UNSUPPORTED_ALGORITHM
 * @throws {FormatError} FORMAT_MALFORMED where a certificate cannot be read; FORMAT_UNSUPPORTED for a second signature
 *   in ASiC-S, which would change the file that holds the first
 * @see EN 319 162-1 §4.3.3.2, §4.4.3.2
 */
export async function prepareCades(
  { archive, type, files }: AsicContainer,
  references: readonly ManifestReference[],
  options: AsicCertificate & AsicOptions,
): Promise<PreparedAsic> {
  const { certificate, chain = [], algorithm, signingTime = new Date() } = options
  if (type === 'ASiC-S' && listCades(archive).length > 0) {
    const details = { feature: 'second CAdES signature in ASiC-S' }
    throw new FormatError('FORMAT_UNSUPPORTED', { details })
  }
  const described = describeFiles(files, references)
  const place = type === 'ASiC-S' ? placeAlone() : placeByManifest(archive, references)
  const { digest } = getAlgorithm(algorithm)
  const documentDigest = place.manifest
    ? await digestBytes(digest, place.manifest.bytes)
    : described.documentDigest
  const attributes = await prepareSignedAttributes({
    ...{ certificate, chain, algorithm, documentDigest, signingTime },
  })
  const { chain: ownChain, ...request } = attributes
  return Object.freeze({
    format: 'asic',
    ...request,
    ...described,
    // What the signed attributes name by digest: the files that are shown are named by the manifest alone.
    ...(place.manifest === undefined ? {} : { signedProperties: place.manifest.bytes }),
    state: Object.freeze({ references, chain: ownChain, ...place, signingTime }),
  })
}

/**
 * Makes what goes into the container, of the signature value, which is verified first.
 * @throws {TokenError} TOKEN_SIGNATURE_INVALID
 */
export async function completeCades(
  prepared: PreparedAsic,
  signatureValue: Uint8Array,
): Promise<readonly NewEntry[]> {
  const { chain, signatureName, manifest } = prepared.state
  const cms = await completeSignedData({ ...prepared, chain }, signatureValue)
  const signature = { name: signatureName, data: cms }
  return manifest === undefined
    ? [signature]
    : [{ name: manifest.name, data: manifest.bytes }, signature]
}

interface Place {
  readonly signatureName: string
  readonly manifest: { readonly name: string; readonly bytes: Bytes } | undefined
}

function placeAlone(): Place {
  return { signatureName: 'META-INF/signature.p7s', manifest: undefined }
}

function placeByManifest(
  archive: AsicContainer['archive'],
  references: readonly ManifestReference[],
): Place {
  const { signature, manifest } = nextNames(archive, (number) => ({
    signature: `META-INF/signature${number}.p7s`,
    manifest: `META-INF/ASiCManifest${number}.xml`,
  }))
  const bytes = encodeManifest({ name: signature, mediaType: MEDIA_TYPE }, references)
  return { signatureName: signature, manifest: { name: manifest, bytes } }
}
