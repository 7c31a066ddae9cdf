/**
 * Word, Excel and PowerPoint files of 2007 and later, signed as Word signs them: `signOffice` for one go, also for a file
 * that others signed; `prepareOffice` and `completeOffice` where the signature value comes from another worker, another
 * machine or another day.
 *
 * ```
 * file ─ parts, hash ─► prepareOffice ─► toBeSigned ─ Signer ─► signatureValue
 *   ─ completeOffice ─ verify ─► file with _xmlsignatures/sig1.xml, every signed part as it was
 * ```
 * @module
 */
import { getAlgorithm } from '../algorithms.ts'
import { parseCertificate } from '../asn1/certificate.ts'
import { type Bytes, equalBytes } from '../bytes.ts'
import { assertSignature } from '../cms/assert-signature.ts'
import { assertCertificates } from '../cms/prepare.ts'
import { assertNotAborted } from '../digest.ts'
import { FormatError, UsageError } from '../errors.ts'
import type { PartReference } from '../ooxml/objects-text.ts'
import { type OfficePackage, openPackage } from '../ooxml/package.ts'
import {
  SIGNATURE_PLACE,
  SIGNATURE_SOURCE,
  digestParts,
  prepareOfficeSignature,
} from '../ooxml/prepare.ts'
import { nextSignatureName, planSignature } from '../ooxml/signatures.ts'
import { assertSigningTime } from '../signing-time.ts'
import type {
  AlgorithmName,
  DocumentInput,
  HashProgress,
  Prepared,
  Signer,
  SigningRequest,
} from '../types.ts'
import { completeSignature } from '../xades/complete.ts'
import type { SignatureText } from '../xades/signature-text.ts'
import { extendZip } from '../zip/write.ts'
import { decideAlgorithm } from './algorithm-choice.ts'
import { askSigner } from './ask-signer.ts'
import { assertCallOptions } from './call-options.ts'
import { type DocumentLabel, assertDocumentInput, describeDocument, ownInput } from './document.ts'
import type { Level, LevelChoice } from './level.ts'
import { isReadable } from './office/algorithm.ts'
import { prepareLevel } from './prepare-level.ts'
import { type ProfileChoice, applyProfile } from './profile.ts'

export type { DocumentLabel, Level, LevelChoice }

/** What both ways of signing can be told. */
interface OfficeOptions {
  /** What the person is told of the file before signing; what kind of file it is says the file. */
  readonly document?: Pick<DocumentLabel, 'name'> | undefined
  /** The time that the signer claims, whole seconds count; the bridge refuses one that is far off. Default: now. */
  readonly signingTime?: Date | undefined
  readonly signal?: AbortSignal | undefined
  /** How far hashing has come, in bytes of the parts. */
  readonly onProgress?: HashProgress | undefined
}

export interface PrepareOfficeOptions extends OfficeOptions {
  /** DER of the signer's certificate. */
  readonly certificate: Uint8Array
  /** RS or ES with 256, 384 or 512. */
  readonly algorithm: AlgorithmName
}

export interface SignOfficeOptions extends OfficeOptions, LevelChoice, ProfileChoice {
  readonly signer: Signer
  /** One of `signer.algorithms`, RS or ES. Default: the first of these. */
  readonly algorithm?: AlgorithmName | undefined
}

/** What completing a signature of a package needs besides the request and the file. */
export interface OfficeState {
  /** Every signed part, with its digest. */
  readonly references: readonly PartReference[]
  /** The part that holds the signature. */
  readonly signatureName: string
  readonly text: SignatureText
  readonly signingTime: Date
}

export type PreparedOffice = Prepared<'office', OfficeState>

/**
 * Signs a file. Signatures that it has stay good, and so does every byte of what they are over.
 * @param file read part by part; not retained
 * @returns of bytes fresh ones, of a Blob a Blob
 * @throws {UsageError} USAGE_ARGUMENT, USAGE_INSECURE_CONTEXT, USAGE_NOT_LOADED; USAGE_UNSUPPORTED_ALGORITHM also for PSS, which
 *   Office cannot read
 * @throws {FormatError} FORMAT_MALFORMED; FORMAT_UNSUPPORTED {feature} for files of before 2007, encrypted ones and other
 *   kinds; FORMAT_NOT_ALLOWED {rule: earlier-signature}; FORMAT_CHANGED
 * @throws {UserError} USER_CANCELLED when the signal aborts, and whatever else the signer throws
 * @throws {TokenError} TOKEN_SIGNATURE_INVALID where the signature value does not verify; nothing is returned then
 * @throws {TrustError} TRUST_TIMESTAMP and others of levels; from there on the error's `signed` is what was reached
 * @see ISO/IEC 29500-2 §10, [MS-OFFCRYPTO] §2.5.2, EN 319 132-1 §6 (XAdES B-B to B-LTA)   @since 0.1
 */
export async function signOffice(file: Uint8Array, options: SignOfficeOptions): Promise<Bytes>
export async function signOffice(file: Blob, options: SignOfficeOptions): Promise<Blob>
export async function signOffice(
  file: DocumentInput,
  options: SignOfficeOptions,
): Promise<Bytes | Blob>
export async function signOffice(
  file: DocumentInput,
  options: SignOfficeOptions,
): Promise<Bytes | Blob> {
  if (options?.profile !== undefined) {
    return signOffice(file as Blob, await applyProfile('office', options))
  }
  // Left out by mistake in plain JavaScript, options are a signer that is missing.
  const { signer, signal, ...rest } = (options ?? {}) as SignOfficeOptions
  const readable = rest.algorithm ?? signer?.algorithms?.find(isReadable)
  const algorithm = decideAlgorithm(signer, readable)
  const { certificate, chain } = signer
  assertDocumentInput('file', file)
  const given = { ...rest, signal, certificate, algorithm }
  const { opened, prepared } = await prepareOpened(ownInput(file), given)
  const climb = await prepareLevel({ ...rest, signal }, signer, async () => {
    const { createRungs } = await import('./upgrade-office.ts')
    return createRungs({ only: prepared.state.signatureName, pool: chain })
  })
  const value = await askSigner(signer, prepared, signal === undefined ? {} : { signal })
  const signed = await place(opened, prepared, value)
  return climb === undefined ? signed : climb(signed)
}

/**
 * Prepares a signature for a value that comes later.
 * @returns frozen and structured-cloneable; holds digests, not the file
 * @throws as `signOffice`, but for the signer's errors
 * @since 0.1
 */
export async function prepareOffice(
  file: DocumentInput,
  options: PrepareOfficeOptions,
): Promise<PreparedOffice> {
  assertDocumentInput('file', file)
  return (await prepareOpened(file, (options ?? {}) as PrepareOfficeOptions)).prepared
}

/**
 * Completes what was prepared with its signature value, which is verified first.
 * @param file the very one that was prepared
 * @param prepared as `prepareOffice` returned it, or a structured clone
 * @param signatureValue RSA's octets, or ECDSA's r‖s at fixed width
 * @returns as `signOffice`
 * @throws {FormatError} FORMAT_CHANGED where the file is not what was prepared
 * @throws {TokenError} TOKEN_SIGNATURE_INVALID
 * @since 0.1
 */
export async function completeOffice(
  file: DocumentInput,
  prepared: PreparedOffice,
  signatureValue: Uint8Array,
): Promise<Bytes | Blob> {
  assertDocumentInput('file', file)
  const opened = await openPackage(ownInput(file))
  const now = await digestParts(opened, getAlgorithm(prepared.algorithm).digest)
  const { references, signatureName } = prepared.state
  const isSame =
    now.length === references.length &&
    now.every((one, index) => isSameReference(one, references[index])) &&
    nextSignatureName(opened) === signatureName
  if (!isSame) throw new FormatError('FORMAT_CHANGED')
  return place(opened, prepared, signatureValue)
}

function isSameReference(one: PartReference, other: PartReference | undefined): boolean {
  return (
    one.name === other?.name &&
    one.type === other.type &&
    one.ids?.join() === other.ids?.join() &&
    equalBytes(one.digest, other.digest)
  )
}

async function prepareOpened(
  file: DocumentInput,
  options: PrepareOfficeOptions,
): Promise<{ readonly opened: OfficePackage; readonly prepared: PreparedOffice }> {
  const { certificate, signingTime = new Date(), signal, onProgress } = options
  assertCallOptions(options)
  assertCertificates(certificate, [])
  assertSigningTime(signingTime)
  const { name: algorithm, digest } = getAlgorithm(options.algorithm)
  if (!isReadable(algorithm) || !parseCertificate(certificate).algorithms.includes(algorithm)) {
    throw new UsageError('USAGE_UNSUPPORTED_ALGORITHM', { details: { algorithm } })
  }
  const opened = await openPackage(file)
  const { mediaType, parts } = opened
  const document = describeDocument(file, { name: options.document?.name, mediaType })
  const total = parts.reduce((sum, { entry }) => sum + entry.size, 0)
  let done = 0
  const references = await digestParts(opened, digest, (bytes) => {
    assertNotAborted(signal)
    onProgress?.((done += bytes), total)
  })
  assertNotAborted(signal)
  const { toBeSigned, signedProperties, officeObject, digests, text } =
    await prepareOfficeSignature({ references, mediaType, certificate, algorithm, signingTime })
  const request: SigningRequest = {
    ...{ kind: 'xml-signed-info', algorithm, toBeSigned, document },
    documentDigest: digests[0] as Bytes,
    ...(signedProperties && { signedProperties }),
    officeObject,
  }
  const state = { references, signatureName: nextSignatureName(opened), text, signingTime }
  const own = new Uint8Array(certificate)
  return {
    opened,
    prepared: Object.freeze({
      ...{ format: 'office', ...request, certificate: own, state: Object.freeze(state) },
    }),
  }
}

async function place(
  opened: OfficePackage,
  prepared: PreparedOffice,
  signatureValue: Uint8Array,
): Promise<Bytes | Blob> {
  const { text, signatureName, signingTime } = prepared.state
  const signature = await completeSignature({
    ...{ source: SIGNATURE_SOURCE, place: SIGNATURE_PLACE, text },
    ...(await assertSignature(prepared, signatureValue)),
  })
  const entries = await planSignature(opened, signatureName, signature)
  const signed = await extendZip(opened.archive, entries, signingTime)
  return signed instanceof Blob ? new Blob([signed], { type: opened.mediaType }) : signed
}
