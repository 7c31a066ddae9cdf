/**
 * Prepares forms: an empty signature field, where it stands, what it locks and what it demands of its signature.
 * @module
 */
import { concatBytes, type Bytes } from '../bytes.ts'
import { wrongArgument } from '../errors.ts'
import type { Appearance, Place } from '../pades/appearance/appearance.ts'
import { assertPage, assertPlace } from '../pades/appearance/check.ts'
import { assertFieldLock, type ChangeLevel, type FieldLock } from '../pades/field-lock.ts'
import { planField, type SeedValue } from '../pades/new-field.ts'
import type { DocumentInput } from '../types.ts'
import { assertDocumentInput, assertPassword } from './document.ts'

export type { ChangeLevel, FieldLock, Place, SeedValue }

export interface SignatureFieldOptions {
  /** Default: `Signature1` or the next that is free. */
  readonly name?: string | undefined
  /** Default: the first. */
  readonly page?: Appearance['page']
  /** Millimetres on the page as a person sees it. Left out, the field is invisible, on the first page. */
  readonly at?: Place | undefined
  /** What is locked once it is signed. */
  readonly lock?: FieldLock | undefined
  /** What its signature must be. */
  readonly seedValue?: SeedValue | undefined
  /** Opens an encrypted document. */
  readonly password?: string | undefined
}

/**
 * Adds an empty signature field, as a revision; `signPdf` takes it by its name. Where others have signed, it is added where
 * they let one be signed.
 * @param pdf not retained
 * @returns of a Uint8Array a fresh one, of a Blob a Blob
 * @throws {UsageError} USAGE_ARGUMENT
 * @throws {FormatError} FORMAT_NOT_ALLOWED {rule} where a certification or a lock closes the document, or its
 *   author allows no new field; FORMAT_MALFORMED, FORMAT_UNSUPPORTED, FORMAT_PASSWORD
 * @see ISO 32000-2 §12.7.5.5   @since 0.1
 */
export async function addSignatureField(
  pdf: Uint8Array,
  options?: SignatureFieldOptions,
): Promise<Bytes>
export async function addSignatureField(pdf: Blob, options?: SignatureFieldOptions): Promise<Blob>
export async function addSignatureField(
  pdf: DocumentInput,
  options?: SignatureFieldOptions,
): Promise<Bytes | Blob>
export async function addSignatureField(
  pdf: DocumentInput,
  options?: SignatureFieldOptions,
): Promise<DocumentInput> {
  assertDocumentInput('pdf', pdf)
  const { name, page, at, lock, seedValue, password } = options ?? {}
  if (name !== undefined && (typeof name !== 'string' || name.length > MAX_LENGTH)) {
    throw wrongArgument('name', `text of at most ${MAX_LENGTH} characters`)
  }
  assertPassword(password)
  assertPage('page', page)
  if (page !== undefined && at === undefined) throw wrongArgument('at', 'a place on that page')
  if (at !== undefined) assertPlace('at', at)
  if (lock !== undefined) assertFieldLock('lock', lock)
  if (seedValue !== undefined) assertSeedValue(seedValue)
  const revision = await planField(pdf, { name, page, at, lock, seedValue, password })
  return pdf instanceof Uint8Array
    ? concatBytes(pdf, revision)
    : new Blob([pdf, revision], { type: 'application/pdf' })
}

const MAX_LENGTH = 1000
const MAX_ITEMS = 100
const DIGESTS: readonly unknown[] = ['SHA-256', 'SHA-384', 'SHA-512']

function assertSeedValue(seed: SeedValue): void {
  const given = (seed ?? {}) as Readonly<Record<keyof SeedValue, unknown>>
  const isText = (value: unknown): boolean =>
    typeof value === 'string' && value.length <= MAX_LENGTH
  const isFlag = (value: unknown): boolean => typeof value === 'boolean'
  const isList = (value: unknown, isItem: (item: unknown) => boolean): boolean =>
    Array.isArray(value) && value.length <= MAX_ITEMS && value.every(isItem)
  const rules: Readonly<Record<keyof SeedValue, [(value: unknown) => boolean, string]>> = {
    reasons: [(value) => isList(value, isText), 'a list of texts'],
    digests: [(value) => isList(value, (item) => DIGESTS.includes(item)), 'SHA-256, 384 or 512'],
    certify: [(value) => [0, 1, 2, 3].includes(value as number), '0, 1, 2 or 3'],
    timestamp: [(value) => isText((value as { url?: unknown } | null)?.url), '{ url }'],
    revocation: [isFlag, 'true or false'],
    lockDocument: [isFlag, 'true or false'],
  }
  for (const [key, [isGood, expected]] of Object.entries(rules)) {
    const value = given[key as keyof SeedValue]
    if (value !== undefined && !isGood(value)) throw wrongArgument(`seedValue.${key}`, expected)
  }
}
