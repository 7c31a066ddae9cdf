/**
 * CMS signatures, CAdES B-B to B-LTA: `signCms` for one go, `prepareCms` and `completeCms` where the signature value comes from
 * another worker, another machine or another day.
 *
 * ```
 * data ─ hash ─► prepareCms ─► toBeSigned ─ Signer ─► signatureValue ─ completeCms ─ verify ─► ContentInfo (.p7s, .p7m)
 * ```
 * @module
 */
import { getAlgorithm } from '../algorithms.ts'
import type { Bytes } from '../bytes.ts'
import { assertContent, completeSignedData } from '../cms/complete.ts'
import { assertCertificates, prepareSignedAttributes } from '../cms/prepare.ts'
import { digestDocument, sizeOf } from '../digest.ts'
import { wrongArgument } from '../errors.ts'
import { load } from '../load.ts'
import type {
  AlgorithmName,
  DigestName,
  DocumentInput,
  DocumentStream,
  HashProgress,
  Prepared,
  Signer,
} from '../types.ts'
import { decideAlgorithm } from './algorithm-choice.ts'
import { askSigner } from './ask-signer.ts'
import { assertCallOptions } from './call-options.ts'
import { type ClaimsChoice, encodeCmsClaims } from './claims.ts'
import {
  type DocumentLabel,
  assertDocumentInput,
  describeDocument,
  isDocumentInput,
  ownInput,
} from './document.ts'
import type { DigestedStream } from './document-stream.ts'
import type { Level, LevelChoice } from './level.ts'
import { prepareLevel } from './prepare-level.ts'
import { type ProfileChoice, applyProfile } from './profile.ts'

export type { DocumentLabel, Level, LevelChoice }

/** What both ways of signing can be told. */
interface CmsOptions extends ClaimsChoice {
  /** False encloses the data in the signature, a Blob without holding it in memory. Default: true. */
  readonly detached?: boolean | undefined
  /** What the person is told of the data before signing. */
  readonly document?: DocumentLabel | undefined
  /** The time that the signer claims, whole seconds count; the bridge refuses one that is far off. Default: now. */
  readonly signingTime?: Date | undefined
  readonly signal?: AbortSignal | undefined
  /** How far hashing has come. */
  readonly onProgress?: HashProgress | undefined
}

interface Detached {
  readonly detached?: true | undefined
}

interface Attached {
  readonly detached: false
}

export interface PrepareCmsOptions extends CmsOptions {
  /** DER of the signer's certificate. */
  readonly certificate: Uint8Array
  /** DER of its issuers. Default: none. */
  readonly chain?: readonly Uint8Array[] | undefined
  readonly algorithm: AlgorithmName
}

export interface SignCmsOptions extends CmsOptions, LevelChoice, ProfileChoice {
  readonly signer: Signer
  /** One of `signer.algorithms`. Default: the first. */
  readonly algorithm?: AlgorithmName | undefined
}

/** The data to enclose; undefined in a detached signature. */
type Content = Bytes | Blob | undefined

/** What completing a CMS needs besides the request. */
export interface CmsState<Inside extends Content = Bytes | undefined> {
  readonly chain: readonly Bytes[]
  readonly content: Inside
}

export type PreparedCms<Inside extends Content = Bytes | undefined> = Prepared<
  'cms',
  CmsState<Inside>
>

/**
 * Signs data: hash, signed attributes, signature value, check, SignedData.
 * @param data read in chunks where it is a Blob and the signature is detached; not retained. A stream, for a detached
 *   signature alone, is read once, and no more of it is held than a piece
 * @returns DER ContentInfo; a fresh array that the caller owns, but a Blob around a Blob
 * @throws {UsageError} USAGE_ARGUMENT, USAGE_UNSUPPORTED_ALGORITHM, USAGE_INSECURE_CONTEXT
 * @throws {UserError} USER_CANCELLED when the signal aborts, and whatever else the signer throws
 * @throws {TokenError} TOKEN_SIGNATURE_INVALID where the signature value does not verify; nothing is returned then
 * @throws {TrustError} TRUST_REVOKED, TRUST_VALIDITY, TRUST_STATUS before the key is asked; TRUST_TIMESTAMP, TRUST_STATUS
 *   after: the error's `signed` is then the signature as far as it was built, for `upgrade`
 * @throws {FormatError} FORMAT_MALFORMED where a certificate cannot be read; FORMAT_CHANGED where `data` is a File that
 *   was changed or removed since it was chosen
 * @see EN 319 122-1 §6 (CAdES baseline), RFC 5652 §5   @since 0.1
 */
export async function signCms(
  data: Uint8Array | DocumentStream,
  options: SignCmsOptions,
): Promise<Bytes>
export async function signCms(
  data: DocumentInput | DocumentStream,
  options: SignCmsOptions & Detached,
): Promise<Bytes>
export async function signCms(data: Blob, options: SignCmsOptions & Attached): Promise<Blob>
export async function signCms(
  data: DocumentInput | DocumentStream,
  options: SignCmsOptions,
): Promise<Bytes | Blob>
export async function signCms(
  data: DocumentInput | DocumentStream,
  options: SignCmsOptions,
): Promise<Bytes | Blob> {
  if (options?.profile !== undefined) {
    return signCms(data, await applyProfile('cms', options))
  }
  // Left out by mistake in plain JavaScript, options are a signer that is missing.
  const { signer, signal, ...rest } = (options ?? {}) as SignCmsOptions
  const algorithm = decideAlgorithm(signer, rest.algorithm)
  const { certificate, chain } = signer
  // At once: the caller may write to its data from here on.
  const [prepared, climb] = await Promise.all([
    prepareCms(data, { ...rest, signal, certificate, chain, algorithm }),
    prepareLevel<Bytes | Blob>({ ...rest, signal }, signer, async () =>
      (await import('./upgrade-cms.ts')).createRungs<Bytes | Blob>(),
    ),
  ])
  const value = await askSigner(signer, prepared, signal === undefined ? {} : { signal })
  const signed = await complete(prepared, value)
  return climb === undefined ? signed : climb(signed)
}

/**
 * Prepares data for a signature value that comes later.
 * @returns frozen and structured-cloneable; owns its bytes
 * @throws {UsageError} USAGE_ARGUMENT, USAGE_UNSUPPORTED_ALGORITHM
 * @throws {UserError} USER_CANCELLED when the signal aborts
 * @throws {FormatError} FORMAT_MALFORMED where a certificate cannot be read; FORMAT_CHANGED as `signCms`
 * @since 0.1
 */
export async function prepareCms(
  data: Uint8Array | DocumentStream,
  options: PrepareCmsOptions,
): Promise<PreparedCms>
export async function prepareCms(
  data: DocumentInput | DocumentStream,
  options: PrepareCmsOptions & Detached,
): Promise<PreparedCms>
export async function prepareCms(
  data: Blob,
  options: PrepareCmsOptions & Attached,
): Promise<PreparedCms<Blob>>
export async function prepareCms(
  data: DocumentInput | DocumentStream,
  options: PrepareCmsOptions,
): Promise<PreparedCms<Content>>
export async function prepareCms(
  data: DocumentInput | DocumentStream,
  options: PrepareCmsOptions,
): Promise<PreparedCms<Content>> {
  const given = (options ?? {}) as PrepareCmsOptions
  const { detached = true, certificate, chain = [], algorithm, signingTime = new Date() } = given
  assertCallOptions(given)
  if (typeof detached !== 'boolean') throw wrongArgument('detached', 'true or false')
  assertCertificates(certificate, chain)
  // Whether it can be read at all is found below.
  const described = describeDocument(Object(data) as DocumentInput, given.document)
  const { digest } = getAlgorithm(algorithm)
  const [{ content, documentDigest, size }, claimed] = await Promise.all([
    readData(data, digest, { ...given, detached }),
    encodeCmsClaims(given),
  ])
  const { chain: ownChain, ...attributes } = await prepareSignedAttributes({
    ...{ certificate, chain, algorithm, documentDigest, signingTime, claimed },
  })
  const document = Object.freeze({ ...described, size })
  const state = Object.freeze({ chain: ownChain, content })
  return Object.freeze({ format: 'cms', ...attributes, document, state })
}

/**
 * Completes what was prepared with its signature value, which is verified first.
 * @param prepared as `prepareCms` returned it, or a structured clone
 * @param signatureValue RSA's octets, or ECDSA's r‖s at fixed width
 * @returns DER ContentInfo; a fresh array that the caller owns, but a Blob around a Blob
 * @throws {TokenError} TOKEN_SIGNATURE_INVALID
 * @throws {FormatError} FORMAT_CHANGED where the enclosed content was changed since
 * @since 0.1
 */
export async function completeCms(prepared: PreparedCms, signatureValue: Uint8Array): Promise<Bytes>
export async function completeCms(
  prepared: PreparedCms<Blob>,
  signatureValue: Uint8Array,
): Promise<Blob>
export async function completeCms(
  prepared: PreparedCms<Content>,
  signatureValue: Uint8Array,
): Promise<Bytes | Blob>
export async function completeCms(
  prepared: PreparedCms<Content>,
  signatureValue: Uint8Array,
): Promise<Bytes | Blob> {
  const { content } = prepared.state
  if (content instanceof Blob) {
    const { algorithm, documentDigest } = prepared
    await assertContent(getAlgorithm(algorithm), documentDigest, content)
  }
  return complete(prepared, signatureValue)
}

/** A Blob is not hashed again: it is as it was, or cannot be read any more. */
async function complete(
  prepared: PreparedCms<Content>,
  signatureValue: Uint8Array,
): Promise<Bytes | Blob> {
  const { chain, content } = prepared.state
  if (!(content instanceof Blob)) {
    return completeSignedData({ ...prepared, chain }, signatureValue, content)
  }
  const { encloseContent } = await load(import('../cms/content-blob.ts'))
  const detached = await completeSignedData({ ...prepared, chain }, signatureValue)
  return encloseContent(detached, content, 'application/pkcs7-mime')
}

/** Hashes data; what is enclosed must be what was hashed, so of bytes the copy is hashed. */
async function readData(
  data: DocumentInput | DocumentStream,
  digest: DigestName,
  options: CmsOptions,
): Promise<DigestedStream & { readonly content: Content }> {
  if (options.detached && !isDocumentInput(data)) {
    const { digestStream } = await load(import('./document-stream.ts'))
    return { content: undefined, ...(await digestStream(digest, data, options)) }
  }
  assertDocumentInput('data', data)
  const content = options.detached ? undefined : ownInput(data)
  const documentDigest = await digestDocument(digest, [content ?? data], options)
  return { content, documentDigest, size: sizeOf(data) }
}
