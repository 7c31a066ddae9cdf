/**
 * Signature containers, ASiC-E and ASiC-S: files and their signatures in one ZIP. `signAsic` packs and signs,
 * `addAsicSignature` signs what others signed, `counterSignAsic` one of their signatures; `packAsic`, `prepareAsic` and
 * `completeAsic` are the steps, for a signature value that comes from another worker, another machine or another day.
 *
 * ```
 * files ─ packAsic ─► container ─ hash ─ prepareAsic ─► toBeSigned ─ Signer ─► signatureValue
 *   ─ completeAsic ─ verify ─► container with META-INF/signatures001.xml, or signature001.p7s
 * ```
 * @module
 */
import { getAlgorithm } from '../algorithms.ts'
import {
  type AsicContainer,
  type AsicSignature,
  type AsicType,
  MAX_SIGNATURES_BYTES,
  MEDIA_TYPES,
  listTimestamps,
  openContainer,
} from '../asic/container.ts'
import type { ManifestReference } from '../asic/manifest.ts'
import { type Bytes, encodeUtf8, equalBytes } from '../bytes.ts'
import { assertCertificates } from '../cms/prepare.ts'
import { assertNotAborted } from '../digest.ts'
import { FormatError, wrongArgument } from '../errors.ts'
import { load } from '../load.ts'
import { assertSigningTime } from '../signing-time.ts'
import type { AlgorithmName, DigestName, DocumentInput, Signer } from '../types.ts'
import { digestEntry, findEntry, readEntry } from '../zip/archive.ts'
import { extendZip, writeZip } from '../zip/write.ts'
import { decideAlgorithm } from './algorithm-choice.ts'
import { askSigner } from './ask-signer.ts'
import { assertCallOptions } from './call-options.ts'
import { completeCades, prepareCades } from './asic/cades.ts'
import {
  type AsicCertificate,
  type AsicFile,
  type AsicOptions,
  type PreparedAsic,
  assertFiles,
  assertMediaTypes,
  listMediaTypes,
} from './asic/options.ts'
import { assertDocumentInput, ownInput } from './document.ts'
import type { Level, LevelChoice } from './level.ts'
import { prepareLevel } from './prepare-level.ts'
import { type ProfileChoice, applyProfile } from './profile.ts'

export { counterSignAsic, type CounterSignAsicOptions } from './asic/counter-sign.ts'
export type { AsicFile, AsicSignature, AsicType, Level, LevelChoice, PreparedAsic }

export interface PrepareAsicOptions extends AsicOptions, AsicCertificate {}

/** What adding a signature can be told. */
export interface AddAsicOptions extends AsicOptions, LevelChoice, ProfileChoice {
  readonly signer: Signer
  /** One of `signer.algorithms`. Default: the first. */
  readonly algorithm?: AlgorithmName | undefined
}

export interface SignAsicOptions extends Omit<AddAsicOptions, 'mediaTypes'> {
  /** Default: ASiC-E; ASiC-S holds one file. */
  readonly container?: AsicType | undefined
}

/**
 * Packs files into a container and signs them.
 * @param files read in chunks where they are Blobs; not retained
 * @returns bytes where all files are, else a Blob that refers to them
 * @throws {UsageError} USAGE_ARGUMENT, USAGE_UNSUPPORTED_ALGORITHM, USAGE_INSECURE_CONTEXT
 * @throws {UserError} USER_CANCELLED when the signal aborts, and whatever else the signer throws
 * @throws {TokenError} TOKEN_SIGNATURE_INVALID where the signature value does not verify; nothing is returned then
 * @throws {FormatError} FORMAT_MALFORMED where a certificate cannot be read; FORMAT_UNSUPPORTED above 4 GiB;
 *   FORMAT_CHANGED where a File was changed or removed since it was chosen
 * @throws {TrustError} TRUST_TIMESTAMP and others of levels; from there on the error's `signed` is what was reached
 * @see EN 319 162-1 §5 (ASiC B-B to B-LTA)   @since 0.1
 */
export async function signAsic(
  files: readonly AsicFile[],
  options: SignAsicOptions,
): Promise<Bytes | Blob> {
  const { container: type, signingTime = new Date(), ...rest } = (options ?? {}) as SignAsicOptions
  // Before anything is hashed.
  decideAlgorithm(rest.signer, rest.algorithm)
  assertSigningTime(signingTime)
  const container = await packAsic(files, { container: type, time: signingTime })
  return addAsicSignature(container, { ...rest, signingTime, mediaTypes: listMediaTypes(files) })
}

/**
 * Adds a signature over all files of a container, whoever packed or signed it. What was there keeps its bytes.
 * @param container not retained
 * @returns of bytes fresh ones, of a Blob a Blob
 * @throws as `signAsic`; {FormatError} FORMAT_MALFORMED or FORMAT_UNSUPPORTED {feature} where the container is damaged or of
 *   another kind
 * @since 0.1
 */
export async function addAsicSignature(
  container: DocumentInput,
  options: AddAsicOptions,
): Promise<Bytes | Blob> {
  if (options?.profile !== undefined) {
    return addAsicSignature(container, await applyProfile('asic', options))
  }
  // Left out by mistake in plain JavaScript, options are a signer that is missing.
  const { signer, signal, ...rest } = (options ?? {}) as AddAsicOptions
  const algorithm = decideAlgorithm(signer, rest.algorithm)
  const { certificate, chain } = signer
  const given = { ...rest, signal, certificate, chain, algorithm }
  const { opened, prepared } = await prepareOpened(ownInput(container), given)
  const climb = await prepareLevel({ ...rest, signal }, signer, async () =>
    (await import('./upgrade-asic.ts')).createRungs(prepared.state.signatureName),
  )
  const value = await askSigner(signer, prepared, signal === undefined ? {} : { signal })
  const signed = await place(opened, prepared, value)
  return climb === undefined ? signed : climb(signed)
}

/**
 * Packs files into a container that nobody has signed yet.
 * @returns bytes where all files are, else a Blob that refers to them
 * @throws {UsageError} USAGE_ARGUMENT
 * @throws {FormatError} FORMAT_UNSUPPORTED above 4 GiB; FORMAT_CHANGED
 * @since 0.1
 */
export async function packAsic(
  files: readonly AsicFile[],
  options: {
    /** Default: ASiC-E. */
    readonly container?: AsicType | undefined
    /** Of the entries. Default: now. */
    readonly time?: Date | undefined
  } = {},
): Promise<Bytes | Blob> {
  const { container: type = 'ASiC-E', time = new Date() } = options
  assertFiles(files, type)
  assertSigningTime(time, { argument: 'time' })
  const mimetype = { name: 'mimetype', data: encodeUtf8(MEDIA_TYPES[type]) }
  const packed = await writeZip(
    [mimetype, ...files.map(({ name, data }) => ({ name, data }))],
    time,
  )
  return typed(packed, type)
}

/**
 * Prepares a signature over all files of a container for a value that comes later.
 * @returns frozen and structured-cloneable; holds digests, not the files
 * @throws as `addAsicSignature`, but for the signer's errors
 * @since 0.1
 */
export async function prepareAsic(
  container: DocumentInput,
  options: PrepareAsicOptions,
): Promise<PreparedAsic> {
  return (await prepareOpened(container, (options ?? {}) as PrepareAsicOptions)).prepared
}

/**
 * Completes what was prepared with its signature value, which is verified first.
 * @param container the very one that was prepared
 * @param prepared as `prepareAsic` returned it, or a structured clone
 * @param signatureValue RSA's octets, or ECDSA's r‖s at fixed width
 * @returns as `addAsicSignature`
 * @throws {FormatError} FORMAT_CHANGED where a file of the container is not what was prepared
 * @throws {TokenError} TOKEN_SIGNATURE_INVALID
 * @since 0.1
 */
export async function completeAsic(
  container: DocumentInput,
  prepared: PreparedAsic,
  signatureValue: Uint8Array,
): Promise<Bytes | Blob> {
  assertDocumentInput('container', container)
  if (!(signatureValue instanceof Uint8Array)) throw wrongArgument('signatureValue', 'a Uint8Array')
  const opened = await openContainer(ownInput(container))
  const { digest } = getAlgorithm(prepared.algorithm)
  const now = await digestFiles(opened, digest, {})
  const { references, signatureName, before } = prepared.state
  const isSame = (one: ManifestReference, index: number): boolean => {
    const other = now[index]
    return one.name === other?.name && equalBytes(one.digest.value, other.digest.value)
  }
  // Somebody else's signature may have come into the place meanwhile.
  const entry = findEntry(opened.archive, signatureName)
  const there = entry && (await readEntry(opened.archive, entry, MAX_SIGNATURES_BYTES))
  const isFree =
    there === undefined || before === undefined ? there === before : equalBytes(there, before)
  if (!isFree || now.length !== references.length || !references.every(isSame)) {
    throw new FormatError('FORMAT_CHANGED')
  }
  return place(opened, prepared, signatureValue)
}

async function prepareOpened(
  container: DocumentInput,
  options: PrepareAsicOptions,
): Promise<{ opened: AsicContainer; prepared: PreparedAsic }> {
  assertDocumentInput('container', container)
  assertCallOptions(options)
  const { certificate, chain = [], algorithm, signingTime = new Date() } = options
  assertCertificates(certificate, chain)
  assertSigningTime(signingTime)
  assertMediaTypes(options.mediaTypes)
  const opened = await openContainer(container)
  const kind = decideKind(opened, options.signatures)
  const { digest } = getAlgorithm(algorithm)
  const references = await digestFiles(opened, digest, options)
  const { claims } = options
  const signing = { certificate, chain, algorithm, signingTime, claims }
  const prepared =
    kind === 'CAdES'
      ? await prepareCades(opened, references, signing)
      : await (await load(import('./asic/xades.ts'))).prepareXadesFile(opened, references, signing)
  return { opened, prepared }
}

/** EN 319 162-1 §4.4.1: a container has signatures of one kind. */
function decideKind({ archive, signature }: AsicContainer, wanted: unknown): AsicSignature {
  if (wanted !== undefined && wanted !== 'XAdES' && wanted !== 'CAdES') {
    throw wrongArgument('signatures', 'XAdES or CAdES')
  }
  if (signature === undefined && listTimestamps(archive).length > 0) {
    const details = { feature: 'container that has time stamps and no signature' }
    throw new FormatError('FORMAT_UNSUPPORTED', { details })
  }
  if (signature !== undefined && wanted !== undefined && wanted !== signature) {
    throw wrongArgument('signatures', `${signature}, which the container has`)
  }
  return wanted ?? signature ?? 'XAdES'
}

/** Hashes every file where it lies. */
async function digestFiles(
  { archive, files }: AsicContainer,
  algorithm: DigestName,
  { mediaTypes = {}, signal, onProgress }: AsicOptions,
): Promise<readonly ManifestReference[]> {
  const total = files.reduce((sum, { size }) => sum + size, 0)
  const references: ManifestReference[] = []
  let done = 0
  for (const entry of files) {
    assertNotAborted(signal)
    const value = await digestEntry(archive, entry, algorithm)
    const mediaType = Object.hasOwn(mediaTypes, entry.name) ? mediaTypes[entry.name] : undefined
    references.push({ name: entry.name, mediaType, digest: { algorithm, value } })
    onProgress?.((done += entry.size), total)
  }
  assertNotAborted(signal)
  return references
}

async function place(
  { archive, type }: AsicContainer,
  prepared: PreparedAsic,
  value: Uint8Array,
): Promise<Bytes | Blob> {
  const { xml } = prepared.state
  const entries =
    xml === undefined
      ? await completeCades(prepared, value)
      : await (await load(import('./asic/xades.ts'))).completeXadesFile(prepared, xml, value)
  return typed(await extendZip(archive, entries, prepared.state.signingTime), type)
}

function typed(zip: Bytes | Blob, type: AsicType): Bytes | Blob {
  return zip instanceof Blob ? new Blob([zip], { type: MEDIA_TYPES[type] }) : zip
}
