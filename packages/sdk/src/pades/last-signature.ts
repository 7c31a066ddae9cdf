/**
 * The signature that a file ends with: the only one whose room may still be filled, for nothing that came later covers it.
 * @module
 */
import type { Bytes } from '../bytes.ts'
import { FormatError } from '../errors.ts'
import type { Span } from '../pdf/encode.ts'
import { asKind, integerOf, nameOf, type PdfDict } from '../pdf/objects.ts'
import type { DocumentInput } from '../types.ts'
import { findForm, listFields } from './form.ts'
import { encodeContents } from './layout.ts'
import { openDocument } from './open.ts'
import { getCatalog } from './structure.ts'

/** Where it is and what it holds. */
export interface LastSignature {
  /** Offsets of `<` and behind `>` of /Contents in the file. */
  readonly gap: Span
  /** DER ContentInfo, without the zeros behind it. */
  readonly cms: Bytes
}

/** What holds a CMS of a signer (ISO 32000-2 Table 260); a document time stamp holds none. */
const SIGNED = ['ETSI.CAdES.detached', 'adbe.pkcs7.detached']

/**
 * Finds the signature that covers the file to its end.
 * @param password opens an encrypted document
 * @throws {FormatError} FORMAT_MALFORMED; FORMAT_PASSWORD; FORMAT_UNSUPPORTED where the file ends with something else
 */
export async function getLastSignature(
  pdf: DocumentInput,
  password: string | undefined,
): Promise<LastSignature> {
  const document = await openDocument(pdf, password)
  const { size } = document.source
  const catalog = await getCatalog(document)
  const form = await findForm(document, catalog.dict)
  const fields = form === undefined ? [] : await listFields(document, form)
  for (const { type, value } of fields) {
    const dictionary = type === 'Sig' ? asKind(value, 'dict') : undefined
    const found = dictionary && readSignature(dictionary, size)
    if (found !== undefined) return found
  }
  const details = { feature: 'a file that ends with anything but a signature' }
  throw new FormatError('FORMAT_UNSUPPORTED', { details })
}

/** @returns undefined where it does not cover the file to its end */
function readSignature({ entries }: PdfDict, fileBytes: number): LastSignature | undefined {
  const range = asKind(entries.get('ByteRange'), 'array')?.items.map(integerOf)
  const contents = asKind(entries.get('Contents'), 'string')?.bytes
  const [zero, start = 0, end = 0, rest = 0] = range ?? []
  const isLast = zero === 0 && start < end && end + rest === fileBytes
  if (!isLast || contents === undefined) return undefined
  if (!SIGNED.includes(nameOf(entries.get('SubFilter')) ?? '')) return undefined
  return { gap: { start, end }, cms: cutPadding(contents) }
}

/** What is behind a DER element is room. */
function cutPadding(contents: Uint8Array): Bytes {
  const [, first = 0, ...more] = contents.subarray(0, 6)
  const octets = first < 0x80 ? 0 : first & 0x7f
  const long = more.slice(0, octets).reduce((sum, octet) => sum * 256 + octet, 0)
  return new Uint8Array(contents.subarray(0, 2 + octets + (octets === 0 ? first : long)))
}

/**
 * Puts another CMS into the same room; no octet that a signature covers is changed.
 * @param pdf bytes are written to
 * @returns those bytes, or another Blob
 * @throws {FormatError} FORMAT_PLACEHOLDER_TOO_SMALL
 */
export function replaceSignature(
  pdf: DocumentInput,
  { start, end }: Span,
  cms: Uint8Array,
): DocumentInput {
  const contents = encodeContents(cms, end - start)
  if (pdf instanceof Blob) {
    return new Blob([pdf.slice(0, start), contents, pdf.slice(end)], { type: 'application/pdf' })
  }
  pdf.set(contents, start)
  return pdf
}
