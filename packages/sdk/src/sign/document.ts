/**
 * The document as an argument: what may be passed, and what the person is told of it.
 * @module
 */
import type { Bytes } from '../bytes.ts'
import { sizeOf } from '../digest.ts'
import { wrongArgument } from '../errors.ts'
import type { DocumentDescription, DocumentInput } from '../types.ts'

/** What a portal can say of a document; a File says it by itself. */
export interface DocumentLabel {
  /** File name as the person knows it, at most 255 UTF-16 units. Default: the File's name, else `document`. */
  readonly name?: string | undefined
  /** At most 100 characters. Default: the Blob's type, else `application/octet-stream`. */
  readonly mediaType?: string | undefined
}

/** As many as the wire carries. */
const MAX_NAME_LENGTH = 255
const MAX_MEDIA_TYPE_LENGTH = 100

/**
 * Refuses what cannot be hashed.
 * @throws {UsageError} USAGE_ARGUMENT
 */
export function assertDocumentInput(
  argument: string,
  data: unknown,
): asserts data is DocumentInput {
  if (isDocumentInput(data)) return
  throw wrongArgument(argument, 'a Uint8Array, Blob or File')
}

/** Tells what can be hashed piece by piece, and again, from what can be read but once. */
export function isDocumentInput(data: unknown): data is DocumentInput {
  return data instanceof Uint8Array || data instanceof Blob
}

/** Takes a copy of bytes, for their owner may go on writing to them; a Blob stays as it is. */
export function ownInput(data: DocumentInput): Bytes | Blob {
  return data instanceof Uint8Array ? new Uint8Array(data) : data
}

/**
 * Describes a document for the person's eyes.
 * @throws {UsageError} USAGE_ARGUMENT where a label is not text or too long
 */
export function describeDocument(
  data: DocumentInput,
  label: DocumentLabel = {},
): DocumentDescription {
  assertLabel('document.name', label.name, MAX_NAME_LENGTH)
  assertLabel('document.mediaType', label.mediaType, MAX_MEDIA_TYPE_LENGTH)
  const { name, type } = data as { readonly name?: string; readonly type?: string }
  const blobType = type !== undefined && type.length <= MAX_MEDIA_TYPE_LENGTH ? type : ''
  return Object.freeze({
    name: label.name ?? (name?.slice(0, MAX_NAME_LENGTH) || 'document'),
    mediaType: label.mediaType ?? (blobType || 'application/octet-stream'),
    size: sizeOf(data),
  })
}

/**
 * Refuses what cannot be a password; says nothing of it.
 * @throws {UsageError} USAGE_ARGUMENT
 */
export function assertPassword(password: unknown): void {
  if (password === undefined || (typeof password === 'string' && password.length <= 1000)) return
  throw wrongArgument('password', 'text of at most 1000 characters')
}

function assertLabel(argument: string, value: unknown, maxLength: number): void {
  if (value === undefined) return
  const isShort = typeof value === 'string' && value.length > 0 && value.length <= maxLength
  // Half a character can be written nowhere.
  if (isShort && !/\p{Surrogate}/u.test(value)) return
  throw wrongArgument(argument, `text of 1 to ${maxLength} characters`)
}
