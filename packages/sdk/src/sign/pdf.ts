/**
 * PDF signatures, PAdES B-B and B-T, as a revision that is appended: `signPdf` for one go, `preparePdf` and `completePdf`
 * where the signature value comes from another worker, another machine or another day.
 *
 * ```
 * pdf ─ plan revision ─ hash all but the gap ─► preparePdf ─► toBeSigned ─ Signer ─► signatureValue
 *   ─ completePdf ─ verify ─► pdf │ revision with /Contents <30 82 … 00 00>
 * ```
 * @module
 */
import { getAlgorithm } from '../algorithms.ts'
import { equalBytes, type Bytes } from '../bytes.ts'
import { completeSignedData, estimateSignedDataBytes } from '../cms/complete.ts'
import { assertCertificates, prepareSignedAttributes } from '../cms/prepare.ts'
import { CHUNK_BYTES, readChunk, sizeOf } from '../digest.ts'
import { FormatError, wrongArgument } from '../errors.ts'
import { load } from '../load.ts'
import type { SigningPlan } from '../pades/append-signature.ts'
import type { Appearance } from '../pades/appearance/appearance.ts'
import { layOut, type Layout } from '../pades/layout.ts'
import type { ChangeLevel, FieldLock } from '../pades/field-lock.ts'
import { planSignature } from '../pades/plan.ts'
import { assertSigningTime } from '../signing-time.ts'
import type { AlgorithmName, DocumentInput, HashProgress, Prepared, Signer } from '../types.ts'
import { decideAlgorithm } from './algorithm-choice.ts'
import { askSigner } from './ask-signer.ts'
import { assertCallOptions } from './call-options.ts'
import type { ClaimsChoice } from './claims.ts'
import {
  assertDocumentInput,
  assertPassword,
  describeDocument,
  type DocumentLabel,
} from './document.ts'
import type { Level, LevelChoice } from './level.ts'
import { isBuiltOn, prepareLevel } from './prepare-level.ts'
import { type ProfileChoice, applyProfile } from './profile.ts'

export type { ChangeLevel, DocumentLabel, FieldLock, Level, LevelChoice }

/** What both ways of signing can be told. */
interface PdfOptions extends ClaimsChoice {
  /** Why the person signs, as viewers show it; not beside `claims.commitment`. */
  readonly reason?: string | undefined
  /** Where the person signs, as viewers show it; not beside `claims.place`, which is written there. */
  readonly location?: string | undefined
  /** Who signs, as viewers show it. Default: viewers take it from the certificate. */
  readonly name?: string | undefined
  /** Full name of an empty signature field, or of a new one. Default: a new one, `Signature1` or the next that is free. */
  readonly fieldName?: string | undefined
  /**
   * Opens an encrypted document: the user's password, or the owner's, which signs against the author's restrictions too.
   * Not needed where the document opens without one. It is neither kept nor logged.
   */
  readonly password?: string | undefined
  /** What is seen of the signature, and where. Default: nothing. */
  readonly appearance?: Appearance | undefined
  /**
   * Certifies the document, which only its first signature can: what may be done after it. 1: nothing; 2: filling in and
   * signing; 3: commenting as well.
   */
  readonly certify?: ChangeLevel | undefined
  /** What a new field locks once it is signed; a field that is there has its own lock. */
  readonly lock?: FieldLock | undefined
  /** What the person is told of the document before signing. */
  readonly document?: DocumentLabel | undefined
  /** The time that the signer claims. Default: now. */
  readonly signingTime?: Date | undefined
  /** Room for the DER signature. Default: what it needs and 8 KiB, enough for a time stamp to be added later; 16 KiB at B-T. */
  readonly reserveBytes?: number | undefined
  readonly signal?: AbortSignal | undefined
  /** How far hashing has come. */
  readonly onProgress?: HashProgress | undefined
}

export interface PreparePdfOptions extends PdfOptions {
  /** DER of the signer's certificate. */
  readonly certificate: Uint8Array
  /** DER of its issuers. Default: none. */
  readonly chain?: readonly Uint8Array[] | undefined
  readonly algorithm: AlgorithmName
}

export interface SignPdfOptions extends PdfOptions, LevelChoice, ProfileChoice {
  readonly signer: Signer
  /** One of `signer.algorithms`. Default: the first. */
  readonly algorithm?: AlgorithmName | undefined
}

/** What completing a PDF needs besides the request; never the document. */
export interface PdfState extends SigningPlan {
  readonly chain: readonly Bytes[]
}

export type PreparedPdf = Prepared<'pdf', PdfState>

/** A time stamp with its chain, to be added without signing anew. */
const SPARE_BYTES = 8192
/** Where one is added at once, its authority may be one that sends more along. */
const STAMPED_SPARE_BYTES = 16_384
/** 1 MiB: above it something else went wrong. */
const MAX_RESERVE_BYTES = 1 << 20

/**
 * Signs a PDF. The input stays as it is, byte for byte, at the start of the output; signatures that it had stay valid.
 * @param pdf read where it must be; a Blob is never in memory as a whole; not retained
 * @returns of a Uint8Array a fresh one that the caller owns, of a Blob a Blob
 * @throws {FormatError} FORMAT_MALFORMED where the file needs repair; FORMAT_UNSUPPORTED {feature};
 *   FORMAT_PASSWORD {reason: 'missing' | 'wrong'} where it is encrypted; FORMAT_NOT_ALLOWED {rule}; FORMAT_PLACEHOLDER_TOO_SMALL; FORMAT_CHANGED where `pdf` was written to meanwhile
 * @throws {UsageError} USAGE_ARGUMENT, USAGE_UNSUPPORTED_ALGORITHM, USAGE_INSECURE_CONTEXT
 * @throws {UserError} USER_CANCELLED when the signal aborts, and whatever else the signer throws
 * @throws {TokenError} TOKEN_SIGNATURE_INVALID where the signature value does not verify; nothing is returned then
 * @throws {TrustError} TRUST_TIMESTAMP; from there on the error's `signed` is the document at B-B
 * @see EN 319 142-1 §6 (PAdES B-B, B-T), ISO 32000-2 §12.8   @since 0.1
 */
export async function signPdf(pdf: Uint8Array, options: SignPdfOptions): Promise<Bytes>
export async function signPdf(pdf: Blob, options: SignPdfOptions): Promise<Blob>
export async function signPdf(pdf: DocumentInput, options: SignPdfOptions): Promise<Bytes | Blob>
export async function signPdf(pdf: DocumentInput, options: SignPdfOptions): Promise<DocumentInput> {
  if (options?.profile !== undefined) {
    return signPdf(pdf, await applyProfile('pdf', options))
  }
  // Left out by mistake in plain JavaScript, options are a signer that is missing.
  const { signer, signal, ...rest } = (options ?? {}) as SignPdfOptions
  const algorithm = decideAlgorithm(signer, rest.algorithm)
  const { certificate, chain } = signer
  const [{ prepared, layout }, climb] = await Promise.all([
    prepareWithLayout(pdf, { ...rest, signal, certificate, chain, algorithm }),
    prepareLevel({ ...rest, signal }, signer, async () =>
      (await import('./upgrade-pdf.ts')).createRungs(rest.password),
    ),
  ])
  const value = await askSigner(signer, prepared, signal === undefined ? {} : { signal })
  const signed = await finish(layout, prepared, value)
  return climb === undefined ? signed : climb(signed)
}

/**
 * Prepares a PDF for a signature value that comes later.
 * @returns frozen and structured-cloneable; holds the revision, not the document
 * @throws as `signPdf`, but for the signer's errors
 * @since 0.1
 */
export async function preparePdf(
  pdf: DocumentInput,
  options: PreparePdfOptions,
): Promise<PreparedPdf> {
  return (await prepareWithLayout(pdf, options)).prepared
}

/**
 * Completes what was prepared with its signature value, which is verified first.
 * @param pdf the very document that was prepared
 * @param prepared as `preparePdf` returned it, or a structured clone
 * @param signatureValue RSA's octets, or ECDSA's r‖s at fixed width
 * @returns as `signPdf`
 * @throws {FormatError} FORMAT_CHANGED where the document or the revision is not what was prepared
 * @throws {TokenError} TOKEN_SIGNATURE_INVALID
 * @since 0.1
 */
export async function completePdf(
  pdf: Uint8Array,
  prepared: PreparedPdf,
  signatureValue: Uint8Array,
): Promise<Bytes>
export async function completePdf(
  pdf: Blob,
  prepared: PreparedPdf,
  signatureValue: Uint8Array,
): Promise<Blob>
export async function completePdf(
  pdf: DocumentInput,
  prepared: PreparedPdf,
  signatureValue: Uint8Array,
): Promise<Bytes | Blob>
export async function completePdf(
  pdf: DocumentInput,
  prepared: PreparedPdf,
  signatureValue: Uint8Array,
): Promise<DocumentInput> {
  assertDocumentInput('pdf', pdf)
  if (sizeOf(pdf) !== prepared.document.size) throw new FormatError('FORMAT_CHANGED')
  const layout = layOut(pdf, prepared.state)
  const digest = await layout.digest(getAlgorithm(prepared.algorithm).digest, {})
  if (!equalBytes(digest, prepared.documentDigest)) throw new FormatError('FORMAT_CHANGED')
  return finish(layout, prepared, signatureValue)
}

async function finish(
  layout: Layout,
  prepared: PreparedPdf,
  signatureValue: Uint8Array,
): Promise<DocumentInput> {
  const { chain } = prepared.state
  return layout.finish(await completeSignedData({ ...prepared, chain }, signatureValue))
}

async function prepareWithLayout(
  pdf: DocumentInput,
  given: PreparePdfOptions,
): Promise<{ prepared: PreparedPdf; layout: Layout }> {
  assertDocumentInput('pdf', pdf)
  const options = (given ?? {}) as PreparePdfOptions & LevelChoice
  assertCallOptions(options)
  for (const key of ['reason', 'location', 'name', 'fieldName'] as const) {
    assertText(key, options[key])
  }
  assertPassword(options.password)
  const { certificate, chain = [], algorithm, signingTime = new Date() } = options
  assertCertificates(certificate, chain)
  assertSigningTime(signingTime)
  const document = describeDocument(pdf, {
    name: options.document?.name,
    mediaType: options.document?.mediaType ?? 'application/pdf',
  })
  const { digest } = getAlgorithm(algorithm)
  // What is no more than one chunk is read but once, to be looked at and to be hashed.
  const isSmall = pdf instanceof Blob && pdf.size <= CHUNK_BYTES
  const held = isSmall ? await readChunk(pdf, 0, pdf.size) : pdf
  const { location, claimed } = await claimsOf(options)
  const plan = await planSignature(held, {
    ...{ certificate, digest, signingTime, contentsBytes: contentsBytesOf(options, claimed) },
    ...{ reason: options.reason, location, name: options.name },
    ...{ fieldName: options.fieldName, password: options.password },
    ...{ certify: options.certify, lock: options.lock, ...buildingOf(options) },
    paint: await paintOf(options, signingTime),
  })
  const layout = layOut(pdf, plan, held)
  const documentDigest = await layout.digest(digest, options)
  const { chain: ownChain, ...attributes } = await prepareSignedAttributes({
    ...{ certificate, chain, algorithm, documentDigest, claimed },
    // PAdES: the claimed time stands in the signature dictionary's /M alone (EN 319 142-1 §6.3).
    signingTime: undefined,
  })
  const state = Object.freeze({ ...plan, chain: ownChain })
  const prepared = Object.freeze({ format: 'pdf' as const, ...attributes, document, state })
  return { prepared, layout }
}

/** What a signature field may demand of the level; of halves nobody knows what is built on them. */
function buildingOf({ level = 'B-B' }: LevelChoice) {
  return { isStamped: level !== 'B-B', hasRevocation: level === 'B-LT' || level === 'B-LTA' }
}

/** Loaded only where something is claimed. */
async function claimsOf(options: PreparePdfOptions) {
  if (options.claims === undefined) return { location: options.location, claimed: [] }
  return (await load(import('./pdf-claims.ts'))).placeClaims(options)
}

/** Loaded only where something is to be seen. */
async function paintOf({ appearance, certificate }: PreparePdfOptions, signingTime: Date) {
  if (appearance === undefined) return undefined
  const { prepareAppearance } = await load(import('./pdf-appearance.ts'))
  return prepareAppearance(appearance, { certificate, signingTime })
}

function contentsBytesOf(
  options: PreparePdfOptions & LevelChoice,
  claimed: readonly Uint8Array[],
): number {
  const { certificate, chain = [], algorithm, reserveBytes } = options
  const spareBytes = isBuiltOn(options) ? STAMPED_SPARE_BYTES : SPARE_BYTES
  const attributes = { certificate, chain, algorithm, signingTime: undefined, claimed }
  const needed = estimateSignedDataBytes(attributes)
  if (reserveBytes === undefined) return needed + spareBytes
  if (!Number.isInteger(reserveBytes) || reserveBytes < 0 || reserveBytes > MAX_RESERVE_BYTES) {
    throw wrongArgument('reserveBytes', `a whole number up to ${MAX_RESERVE_BYTES}`)
  }
  if (reserveBytes < needed) {
    const details = { needed, reserved: reserveBytes }
    throw new FormatError('FORMAT_PLACEHOLDER_TOO_SMALL', { details })
  }
  return reserveBytes
}

function assertText(argument: string, value: unknown): void {
  if (value === undefined || (typeof value === 'string' && value.length <= 1000)) return
  throw wrongArgument(argument, 'text of at most 1000 characters')
}
