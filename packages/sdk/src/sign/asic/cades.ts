/**
 * CAdES in a container: over the one file of ASiC-S, over a manifest of all files in ASiC-E.
 * @module
 */
import { getAlgorithm } from '../../algorithms.ts'
import { type AsicContainer, listCades, nextNames } from '../../asic/container.ts'
import { type ManifestReference, encodeManifest } from '../../asic/manifest.ts'
import { completeSignedData } from '../../cms/complete.ts'
import { prepareSignedAttributes } from '../../cms/prepare.ts'
import { digestBytes } from '../../digest.ts'
import { wrongArgument } from '../../errors.ts'
import { load } from '../../load.ts'
import type { NewEntry } from '../../zip/write.ts'
import { encodeCmsClaims } from '../claims.ts'
import { type AsicSigning, type PreparedAsic, describeFiles } from './options.ts'

/** What a .p7s is, as the manifest says it. */
const MEDIA_TYPE = 'application/pkcs7-signature'
/** As many as a signer takes. */
const MAX_MANIFEST_BYTES = 64 * 1024

/**
 * Prepares a signature by CAdES.
 * @param references all files, in the order of the container
 * @throws {UsageError} USAGE_ARGUMENT, USAGE_UNSUPPORTED_ALGORITHM
 * @throws {FormatError} FORMAT_MALFORMED where a certificate cannot be read; and of a further one in ASiC-S as `readBefore`
 * @see EN 319 162-1 §4.3.3.2, §4.4.3.2
 */
export async function prepareCades(
  container: AsicContainer,
  references: readonly ManifestReference[],
  { certificate, chain, algorithm, signingTime, claims }: AsicSigning,
): Promise<PreparedAsic> {
  const described = describeFiles(container.files, references)
  const place =
    container.type === 'ASiC-S'
      ? await placeAlone(container)
      : placeByManifest(container.archive, references)
  const { digest } = getAlgorithm(algorithm)
  const documentDigest = place.manifest
    ? await digestBytes(digest, place.manifest.bytes)
    : described.documentDigest
  const claimed = await encodeCmsClaims({ claims })
  const attributes = await prepareSignedAttributes({
    ...{ certificate, chain, algorithm, documentDigest, signingTime, claimed },
  })
  const { chain: ownChain, ...request } = attributes
  return Object.freeze({
    format: 'asic',
    ...request,
    ...described,
    // What the signed attributes name by digest: the files that are shown are named by the manifest alone.
    ...(place.manifest === undefined ? {} : { signedProperties: place.manifest.bytes }),
    state: Object.freeze({ references, chain: ownChain, ...place, signingTime, xml: undefined }),
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
  const { chain, signatureName, manifest, before } = prepared.state
  const cms =
    before === undefined
      ? await completeSignedData({ ...prepared, chain }, signatureValue)
      : await (await load(import('./beside.ts'))).addBeside(prepared, signatureValue, before)
  const signature = { name: signatureName, data: cms }
  return manifest === undefined
    ? [signature]
    : [{ name: manifest.name, data: manifest.bytes }, signature]
}

type Place = Pick<PreparedAsic['state'], 'signatureName' | 'manifest' | 'before'>

async function placeAlone(container: AsicContainer): Promise<Place> {
  if (listCades(container.archive).length > 0) {
    const { readBefore } = await load(import('./beside.ts'))
    return { ...(await readBefore(container)), manifest: undefined }
  }
  return { signatureName: 'META-INF/signature.p7s', manifest: undefined, before: undefined }
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
  if (bytes.length > MAX_MANIFEST_BYTES) {
    throw wrongArgument('files', 'fewer files or shorter names')
  }
  return { signatureName: signature, manifest: { name: manifest, bytes }, before: undefined }
}
