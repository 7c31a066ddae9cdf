/**
 * Builds on what was signed before, by whomever: today's signature gets its time stamp tomorrow.
 *
 * ```
 * CMS ─ each signer without a stamp gets one; what proves all certificates; a stamp over that, or one more
 * PDF ─ the signature that the file ends with gets one, in the room that was kept for it; else the file gets one, as an
 *       appended revision
 * ASiC, Office ─ each signature in the container without a stamp gets one
 * JWS ─ each signature without a stamp gets one; a compact text becomes a flattened one
 * ```
 * @module
 */
import { TAG } from '../asn1/der.ts'
import { readChunk, sizeOf } from '../digest.ts'
import { load } from '../load.ts'
import { type RequestToken, requestTimestamp } from '../trust/request-timestamp.ts'
import type { Bytes, DocumentInput, HashProgress } from '../types.ts'
import { assertCallOptions } from './call-options.ts'
import { climbAs } from './climb-as.ts'
import { assertLevel, decideTimestamp } from './decide-level.ts'
import { assertDocumentInput, assertPassword, ownInput } from './document.ts'
import { type Climb, planClimb } from './ladder.ts'
import type { BuildChoice, Level } from './level.ts'
import * as cms from './upgrade-cms.ts'

/** What is to become of it. */
export interface UpgradeOptions extends BuildChoice {
  readonly to: Exclude<Level, 'B-B'>
  /** Opens an encrypted PDF; not needed where it opens without one. */
  readonly password?: string | undefined
  /** What a JWS names by digests: needed at B-LTA alone, whose time stamp is over them too. */
  readonly documents?:
    readonly { readonly name: string; readonly data: DocumentInput }[] | undefined
}

/** `{`, as JSON begins, and the `e` that is the base64url of it, as a compact JWS does. */
const OBJECT = 0x7b
const COMPACT = 0x65
/** `P`, as a ZIP begins. */
const ZIP = 0x50
/** XML starts with `<`, or with the byte order mark of UTF-8. */
const MARKUP = 0x3c
const BYTE_ORDER_MARK = 0xef
const WHITE_SPACE: readonly number[] = [0x20, 0x09, 0x0a, 0x0d]
const MAX_SPACE_BYTES = 1024

/**
 * Brings a signed document to a level, as far as it is not there.
 * @param signed a CMS (DER), a PDF, XML, a JWS, an ASiC, or a Word, Excel or PowerPoint file; copied
 * @returns of bytes fresh ones, of a Blob a Blob
 * @throws {UsageError} USAGE_ARGUMENT
 * @throws {TrustError} TRUST_TIMESTAMP, TRUST_STATUS, TRUST_REVOKED; the error's `signed` is what was reached, to go on from later
 * @throws {FormatError} FORMAT_MALFORMED; FORMAT_UNSUPPORTED where a PDF has no signature; FORMAT_PASSWORD;
 *   FORMAT_CHANGED
 * @throws {UserError} USER_CANCELLED when the signal aborts
 * @see EN 319 122-1 §6.3, EN 319 142-1 §6.3   @since 0.1
 */
export async function upgrade(signed: Uint8Array, options: UpgradeOptions): Promise<Bytes>
export async function upgrade(signed: Blob, options: UpgradeOptions): Promise<Blob>
export async function upgrade(signed: DocumentInput, options: UpgradeOptions): Promise<Bytes | Blob>
export async function upgrade(
  signed: DocumentInput,
  options: UpgradeOptions,
): Promise<DocumentInput> {
  assertDocumentInput('signed', signed)
  const { to, password, documents, ...choice } = (options ?? {}) as UpgradeOptions
  assertCallOptions(choice)
  assertLevel('to', to, 'B-T')
  assertPassword(password)
  const first = await readFirst(signed)
  if (first === TAG.SEQUENCE) {
    return planClimb(cms.createRungs<Bytes | Blob>(), { ...choice, to })(ownInput(signed))
  }
  if (first === OBJECT || first === COMPACT) {
    const json = await load(import('./upgrade-json.ts'))
    return climbWhole(signed, planClimb(json.createRungs({ documents }), { ...choice, to }))
  }
  if (first === ZIP) {
    const own = ownInput(signed)
    const { findRungs } = await load(import('./upgrade-zip.ts'))
    return planClimb(await findRungs(own), { ...choice, to })(own)
  }
  if (first === MARKUP || first === BYTE_ORDER_MARK) {
    const xml = await load(import('./upgrade-xml.ts'))
    return climbWhole(signed, planClimb(xml.createRungs({ documents }), { ...choice, to }))
  }
  const { createRungs } = await load(import('./upgrade-pdf.ts'))
  return planClimb(createRungs(password), { ...choice, to })(ownInput(signed))
}

/** The first octet, behind the white space that JSON and XML may begin with: nothing else does. */
async function readFirst(signed: DocumentInput): Promise<number | undefined> {
  const head = await readChunk(signed, 0, Math.min(MAX_SPACE_BYTES, sizeOf(signed)))
  return head.find((octet) => !WHITE_SPACE.includes(octet))
}

/** What is read as a whole is bytes meanwhile. */
async function climbWhole(signed: DocumentInput, climb: Climb<Bytes>): Promise<DocumentInput> {
  if (signed instanceof Uint8Array) return climb(new Uint8Array(signed))
  const { type, size } = signed
  const bytes = (await readChunk(signed, 0, size)) as Bytes
  return climbAs(climb, bytes, (reached) => new Blob([reached], { type }))
}

/** How a whole file is stamped. */
export interface TimestampPdfOptions extends Pick<
  BuildChoice,
  'timestamp' | 'timestampTimeoutMs' | 'onTimestamp' | 'signal'
> {
  /** Opens an encrypted PDF; not needed where it opens without one. */
  readonly password?: string | undefined
  /** How far hashing has come. */
  readonly onProgress?: HashProgress | undefined
}

/**
 * Gives a PDF a document time stamp, signed or not: proof that all of it existed at a time, for an archive of what comes
 * in. Earlier signatures stay valid, and so does a certification.
 * @param pdf read where it must be; not retained
 * @returns of a Uint8Array a fresh one that the caller owns, of a Blob a Blob
 * @throws {UsageError} USAGE_ARGUMENT
 * @throws {TrustError} TRUST_TIMESTAMP
 * @throws {FormatError} FORMAT_MALFORMED, FORMAT_UNSUPPORTED, FORMAT_CHANGED, FORMAT_PASSWORD; FORMAT_NOT_ALLOWED where
 *   the author of an encrypted document allows no new field
 * @throws {UserError} USER_CANCELLED when the signal aborts
 * @see ISO 32000-2 §12.8.5, EN 319 142-1 §5.4.3   @since 0.1
 */
export async function timestampPdf(pdf: Uint8Array, options: TimestampPdfOptions): Promise<Bytes>
export async function timestampPdf(pdf: Blob, options: TimestampPdfOptions): Promise<Blob>
export async function timestampPdf(
  pdf: DocumentInput,
  options: TimestampPdfOptions,
): Promise<Bytes | Blob>
export async function timestampPdf(
  pdf: DocumentInput,
  options: TimestampPdfOptions,
): Promise<DocumentInput> {
  assertDocumentInput('pdf', pdf)
  assertCallOptions(options)
  const { onProgress, password, ...choice } = (options ?? {}) as TimestampPdfOptions
  assertPassword(password)
  const stamping = decideTimestamp(choice)
  const { addDocumentTimestamp } = await load(import('./document-timestamp.ts'))
  const ask: RequestToken = (imprint) => requestTimestamp(imprint, stamping)
  return addDocumentTimestamp(pdf, ask, { signal: choice.signal, onProgress, password })
}
