/**
 * Repairs damaged PDFs that nobody signed: on purpose, for what comes out is another document, and somebody should look at
 * it before it is signed.
 *
 * ```
 * pdf ─ sound? ─► as it is
 *     └ signed? refused ─ read object by object ─ write anew ─ read again, all pages there? ─► another pdf, and what was done
 * ```
 * @module
 */
import type { Bytes } from '../bytes.ts'
import { readChunk, sizeOf } from '../digest.ts'
import { isSigningError } from '../errors.ts'
import { load } from '../load.ts'
import { findForm, listFields } from '../pades/form.ts'
import { openDocument } from '../pades/open.ts'
import { getCatalog, getFirstPage } from '../pades/structure.ts'
import type { ObjectCipher } from '../pdf/cipher.ts'
import { unsupported } from '../pdf/malformed.ts'
import { assertUnsigned } from '../pdf-repair/assert-unsigned.ts'
import { assertWhole } from '../pdf-repair/assert-whole.ts'
import { collectAll, collectPlain, resolverOf, type Collected } from '../pdf-repair/collect.ts'
import { readHeader } from '../pdf-repair/header.ts'
import { readObjects } from '../pdf-repair/read-objects.ts'
import type { Repair } from '../pdf-repair/repair.ts'
import { chooseTrailer, encryptedTrailer } from '../pdf-repair/trailer.ts'
import { writeRepaired } from '../pdf-repair/write.ts'
import type { DocumentInput } from '../types.ts'
import { assertDocumentInput, assertPassword, ownInput } from './document.ts'

export type { Repair }

export interface RepairPdfOptions {
  /** Opens an encrypted document; not needed where it opens without one. */
  readonly password?: string | undefined
}

/** What came of it. */
export interface RepairedPdf<Pdf extends Uint8Array | Blob> {
  /** Of bytes a fresh array, of a Blob a Blob. */
  readonly pdf: Pdf
  /** What was done; empty where nothing had to be. */
  readonly repairs: readonly Repair[]
}

/** It is read as a whole, and once more as it is written. */
const MAX_BYTES = 512 << 20

/**
 * Makes a document that can be signed of one that is damaged: its header, its cross-reference, its streams' lengths are put
 * right. No page is left out, and none changes what it says.
 * @param pdf not retained
 * @throws {FormatError} FORMAT_MALFORMED where it is signed, for repairing it would break the signature, and where it has
 *   lost what a page shows; FORMAT_UNSUPPORTED {feature}; FORMAT_PASSWORD; FORMAT_CHANGED
 * @throws {UsageError} USAGE_ARGUMENT
 * @since 0.1
 */
export async function repairPdf(
  pdf: Uint8Array,
  options?: RepairPdfOptions,
): Promise<RepairedPdf<Bytes>>
export async function repairPdf(pdf: Blob, options?: RepairPdfOptions): Promise<RepairedPdf<Blob>>
export async function repairPdf(
  pdf: DocumentInput,
  options?: RepairPdfOptions,
): Promise<RepairedPdf<Bytes | Blob>>
export async function repairPdf(
  pdf: DocumentInput,
  options?: RepairPdfOptions,
): Promise<RepairedPdf<Uint8Array | Blob>> {
  assertDocumentInput('pdf', pdf)
  const { password } = options ?? {}
  assertPassword(password)
  const size = sizeOf(pdf)
  if (await isSound(pdf, password)) {
    return { pdf: ownInput(pdf), repairs: [] }
  }
  if (size > MAX_BYTES) throw unsupported(`repair of files above ${MAX_BYTES} bytes`)
  const { pdf: repaired, repairs } = await rebuild(await readChunk(pdf, 0, size), password)
  const isBlob = pdf instanceof Blob
  return { pdf: isBlob ? new Blob([repaired], { type: 'application/pdf' }) : repaired, repairs }
}

async function isSound(pdf: DocumentInput, password: string | undefined): Promise<boolean> {
  try {
    await assertSound(pdf, password)
    return true
  } catch (error) {
    if (isSigningError(error) && error.code === 'FORMAT_MALFORMED') return false
    throw error
  }
}

/** What signing reads can be read, and all that the pages show is there. */
async function assertSound(pdf: DocumentInput, password: string | undefined): Promise<void> {
  const document = await openDocument(pdf, password)
  const catalog = await getCatalog(document)
  await getFirstPage(document, catalog.dict)
  const form = await findForm(document, catalog.dict)
  if (form !== undefined) await listFields(document, form)
  await assertWhole(document)
}

async function rebuild(
  bytes: Uint8Array,
  password: string | undefined,
): Promise<{ pdf: Bytes; repairs: readonly Repair[] }> {
  const { version, isInPlace } = readHeader(bytes)
  const file = readObjects(bytes)
  const plain = collectPlain(file)
  const collected = await collectAll(file, plain, await findCipher(plain, password))
  assertUnsigned(bytes, collected)
  const { trailer, isFound } = await chooseTrailer(collected)
  const pdf = writeRepaired(version, collected, trailer)
  await assertSound(pdf, password)
  const repairs: Repair[] = [{ what: 'cross-reference' }, ...file.repairs, ...collected.repairs]
  if (!isFound) repairs.unshift({ what: 'trailer' })
  if (!isInPlace) repairs.unshift({ what: 'header' })
  return { pdf, repairs }
}

/** Object streams of an encrypted file cannot be read without its key. */
async function findCipher(
  plain: Collected,
  password: string | undefined,
): Promise<ObjectCipher | undefined> {
  const trailer = encryptedTrailer(plain)
  if (trailer === undefined) return undefined
  const { unlock } = await load(import('../pdf-encryption/unlock.ts'))
  return unlock(trailer, resolverOf(plain.live), password)
}
