/**
 * XAdES in a container: over all files by their names. Loaded only where it is wanted.
 *
 * ```
 * ASiC-E   META-INF/signatures001.xml    a file a signature; and META-INF/manifest.xml says what the files are
 * ASiC-S   META-INF/signatures.xml       a file for all signatures
 *            asic:XAdESSignatures
 *              ds:Signature              a reference a file, and one to its own properties
 * ```
 * @module
 */
import { assertNotArchived } from '../../asic/archived.ts'
import {
  type AsicContainer,
  MAX_SIGNATURES_BYTES,
  MEDIA_TYPES,
  nextNames,
} from '../../asic/container.ts'
import {
  DOCUMENT_MANIFEST,
  encodeDocumentManifest,
  parseDocumentManifest,
} from '../../asic/document-manifest.ts'
import { ASIC, type ManifestReference, encodePath } from '../../asic/manifest.ts'
import { type Bytes, encodeHex, encodeUtf8 } from '../../bytes.ts'
import { assertSignature } from '../../cms/assert-signature.ts'
import { wrongArgument } from '../../errors.ts'
import { completeSignature } from '../../xades/complete.ts'
import { findPlace } from '../../xades/place.ts'
import { prepareXades } from '../../xades/prepare-xades.ts'
import { isNamed } from '../../xades/children.ts'
import { malformedXml } from '../../xml/malformed.ts'
import { parseXml } from '../../xml/parse.ts'
import { findEntry, readEntry } from '../../zip/archive.ts'
import type { NewEntry } from '../../zip/write.ts'
import { readClaims } from '../claims.ts'
import { type AsicSigning, OCTETS, type PreparedAsic, describeFiles } from './options.ts'

const MAX_MANIFEST_BYTES = 16 << 20
/** As many as a signer takes. */
const MAX_TO_BE_SIGNED_BYTES = 64 * 1024
const EMPTY = `<?xml version="1.0" encoding="UTF-8"?>\n<asic:XAdESSignatures xmlns:asic="${ASIC}"></asic:XAdESSignatures>`

/**
 * Prepares a signature by XAdES.
 * @param references all files, in the order of the container
 * @throws {UsageError} USAGE_ARGUMENT, also where media types are given that the container's own manifest denies, and where
 *   so many files have so long names that a signer would not take it; USAGE_UNSUPPORTED_ALGORITHM, USAGE_NOT_LOADED
 * @throws {FormatError} FORMAT_MALFORMED, FORMAT_UNSUPPORTED; FORMAT_NOT_ALLOWED {rule: archived}
 * @see EN 319 162-1 §4.3.3.2, §4.4.3.3
 */
export async function prepareXadesFile(
  container: AsicContainer,
  references: readonly ManifestReference[],
  { certificate, chain, algorithm, signingTime, claims }: AsicSigning,
): Promise<PreparedAsic> {
  const described = await describeAll(container, references)
  const { signatureName, before } = await findFile(container)
  const source = before ?? encodeUtf8(EMPTY)
  const place = await findPlace(source, undefined)
  const signature = await prepareXades({
    ...{ certificate, chain, algorithm, signingTime, source, place },
    // Nobody else's in the whole container: readers of some countries refuse two of one name, in whichever files.
    signatureId: `sig-${encodeHex(crypto.getRandomValues(new Uint8Array(8)))}`,
    c14n: 'exclusive',
    claims: await readClaims({ claims }),
    data: described.map(({ name, mediaType = OCTETS, digest }) => ({
      ...{ uri: encodePath(name), transforms: [], mediaType, digest: digest.value },
    })),
  })
  const { toBeSigned, signedProperties } = signature
  if (Math.max(toBeSigned.length, signedProperties?.length ?? 0) > MAX_TO_BE_SIGNED_BYTES) {
    throw wrongArgument('files', 'fewer files or shorter names, or signatures: CAdES')
  }
  return Object.freeze({
    ...{ format: 'asic', kind: 'xml-signed-info', algorithm, toBeSigned },
    ...(signedProperties && { signedProperties }),
    ...describeFiles(container.files, described),
    certificate: new Uint8Array(certificate),
    state: Object.freeze({
      ...{ references, chain: [], signatureName, before, signingTime },
      manifest: describeContainer(container, described),
      xml: { source, place, text: signature.text },
    }),
  })
}

/**
 * Makes what goes into the container, of the signature value, which is verified first.
 * @throws {TokenError} TOKEN_SIGNATURE_INVALID
 */
export async function completeXadesFile(
  prepared: PreparedAsic,
  xml: NonNullable<PreparedAsic['state']['xml']>,
  signatureValue: Uint8Array,
): Promise<readonly NewEntry[]> {
  const signature = await assertSignature(prepared, signatureValue)
  const data = await completeSignature({ ...xml, ...signature })
  const { signatureName, manifest } = prepared.state
  const described = manifest === undefined ? [] : [{ name: manifest.name, data: manifest.bytes }]
  return [...described, { name: signatureName, data }]
}

/** The container's own manifest says what its files are, and a signature must say the same. */
async function describeAll(
  { archive }: AsicContainer,
  references: readonly ManifestReference[],
): Promise<readonly ManifestReference[]> {
  const manifest = findEntry(archive, DOCUMENT_MANIFEST)
  if (manifest === undefined) return references
  const types = await parseDocumentManifest(await readEntry(archive, manifest, MAX_MANIFEST_BYTES))
  return references.map((reference) => {
    const mediaType = types.get(reference.name) ?? reference.mediaType
    if (reference.mediaType === undefined || reference.mediaType === mediaType) {
      return { ...reference, mediaType }
    }
    throw wrongArgument('mediaTypes', `what META-INF/manifest.xml says: ${mediaType}`)
  })
}

/** Readers of OpenDocument want a manifest, and so do validators, whoever signed without one before. */
function describeContainer(
  { archive, type }: AsicContainer,
  references: readonly ManifestReference[],
): { readonly name: string; readonly bytes: Bytes } | undefined {
  const isThere = findEntry(archive, DOCUMENT_MANIFEST) !== undefined
  if (type === 'ASiC-S' || isThere) return undefined
  const files = references.map(({ name, mediaType = OCTETS }) => ({ name, mediaType }))
  return { name: DOCUMENT_MANIFEST, bytes: encodeDocumentManifest(MEDIA_TYPES[type], files) }
}

/** In ASiC-S all signatures are in one file (EN 319 162-1 §4.3.3.2). */
async function findFile({ archive, type }: AsicContainer): Promise<{
  readonly signatureName: string
  readonly before: Bytes | undefined
}> {
  if (type === 'ASiC-E') {
    const { signatureName } = nextNames(archive, (number) => ({
      signatureName: `META-INF/signatures${number}.xml`,
    }))
    return { signatureName, before: undefined }
  }
  const signatureName = 'META-INF/signatures.xml'
  const entry = findEntry(archive, signatureName)
  const before = entry && (await readEntry(archive, entry, MAX_SIGNATURES_BYTES))
  await assertNotArchived(archive, signatureName)
  if (before !== undefined) await assertSignatures(before)
  return { signatureName, before }
}

async function assertSignatures(file: Bytes): Promise<void> {
  const { dom } = await parseXml(file)
  if (isNamed(dom.documentElement, ASIC, 'XAdESSignatures')) return
  throw malformedXml(0, 'XAdESSignatures')
}
