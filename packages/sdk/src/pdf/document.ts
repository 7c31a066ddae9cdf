/**
 * A PDF file as objects by number: reads the header, the tail, the cross-reference sections, and then only the objects
 * that are asked for.
 * @module
 */
import type { Bytes } from '../bytes.ts'
import type { DocumentInput } from '../types.ts'
import type { ObjectCipher, Unlock } from './cipher.ts'
import { isDigit } from './lexer.ts'
import { malformed, unsupported } from './malformed.ts'
import { objectReader, resolver, type GetObject } from './object-reader.ts'
import type { PdfDict, PdfStream, Resolve } from './objects.ts'
import { openSource, type ByteSource } from './source.ts'
import { readStreamData } from './stream-data.ts'
import { isTextAt, readXref, type Xref, type XrefLink } from './xref.ts'

/** An open document. Nothing of it changes; each object is parsed when it is asked for. */
export interface PdfDocument {
  readonly source: ByteSource
  readonly xref: Xref
  /** Trailer of the newest section. */
  readonly trailer: PdfDict
  /** Undefined where the document is not encrypted. */
  readonly cipher: ObjectCipher | undefined
  /**
   * The object of that number, decrypted; null where there is none (ISO 32000-2 §7.3.10).
   * @throws {FormatError} FORMAT_MALFORMED where the entry leads elsewhere
   */
  readonly get: GetObject
  /** Follows references to what they mean; direct values stay. */
  readonly resolve: Resolve
  /**
   * The data of a stream of this document, decrypted and decoded.
   * @throws {FormatError} FORMAT_MALFORMED, FORMAT_UNSUPPORTED {feature: the filter}
   */
  readonly readStream: (stream: PdfStream) => Promise<Bytes>
}

/** What is known of a document before it is opened. */
export interface OpenOptions {
  /** Sections that were read before: they are not read again. */
  readonly known?: readonly XrefLink[]
  /** The cipher of an encrypted document; */
  readonly cipher?: ObjectCipher | undefined
  /** or who can make it. */
  readonly unlock?: Unlock | undefined
}

/**
 * Opens a document.
 * @param unlock asked where the document is encrypted; without it such documents are refused
 * @throws {FormatError} FORMAT_MALFORMED where the header is not at offset 0 or the file needs repair,
 * FORMAT_UNSUPPORTED {feature: 'encryption'}, and what `unlock` throws
 */
export function openPdf(input: DocumentInput, unlock?: Unlock): Promise<PdfDocument> {
  return openSourcePdf(openSource(input), { unlock })
}

/**
 * Opens a document of which something may be known already.
 * @throws as `openPdf`
 */
export async function openSourcePdf(
  source: ByteSource,
  { known, ...key }: OpenOptions = {},
): Promise<PdfDocument> {
  const header = await source.read(0, 8)
  if (!isTextAt(header, 0, '%PDF-') || !isDigit(header[5] ?? 0)) {
    // Elsewhere than at 0, offsets would count from it for some readers and from the start for others.
    throw malformed('header', 0, '%PDF- and a version at offset 0')
  }
  const xref = await readXref(source, known)
  const newest = xref.links[0]
  if (newest === undefined) throw malformed('xref', 0, 'a section')
  const { trailer } = newest.section
  const cipher = isEncrypted(xref) ? await findCipher(source, xref, trailer, key) : undefined
  const get = objectReader(source, xref, cipher)
  const resolve = resolver(get)
  const readStream = (stream: PdfStream): Promise<Bytes> =>
    readStreamData(source, stream, resolve, cipher)
  return { source, xref, trailer, cipher, get, resolve, readStream }
}

/** Whichever section says so: readers do not agree on the one that counts. */
function isEncrypted({ links }: Xref): boolean {
  return links.some(({ section, hidden }) =>
    [section.trailer, hidden?.trailer].some(
      (trailer) => (trailer?.entries.get('Encrypt') ?? null) !== null,
    ),
  )
}

async function findCipher(
  source: ByteSource,
  xref: Xref,
  trailer: PdfDict,
  { cipher, unlock }: OpenOptions,
): Promise<ObjectCipher> {
  if (cipher !== undefined) return cipher
  if (unlock === undefined) throw unsupported('encryption')
  // What describes the encryption is not itself encrypted (§7.6.2).
  return unlock(trailer, resolver(objectReader(source, xref)))
}
