/**
 * The signatures and document time stamps of a file, in the order in which they were made.
 * @module
 */
import type { Bytes } from '../bytes.ts'
import type { Span } from '../pdf/encode.ts'
import { CHAR } from '../pdf/lexer.ts'
import { asKind, integerOf, nameOf, type PdfDict, type PdfValue } from '../pdf/objects.ts'
import type { ByteSource } from '../pdf/source.ts'
import type { DocumentInput } from '../types.ts'
import { findForm, listFields } from './form.ts'
import { encodeContents } from './layout.ts'
import { openDocument } from './open.ts'
import { getCatalog } from './structure.ts'

/** One of them. */
export interface PdfSignature {
  /** `other`: a signature that is no CMS of a signer (ISO 32000-2 Table 260). */
  readonly kind: 'signature' | 'timestamp' | 'other'
  /** How much of the file it covers, from the start on. */
  readonly end: number
  /** Offsets of `<` and behind `>` of /Contents in the file; undefined where the two do not stand there. */
  readonly gap: Span | undefined
  /** DER as it was embedded, without the zeros behind it, or BER with them; not yet looked at. */
  readonly der: Bytes
}

const KINDS: Readonly<Record<string, PdfSignature['kind']>> = {
  'ETSI.CAdES.detached': 'signature',
  'adbe.pkcs7.detached': 'signature',
  'ETSI.RFC3161': 'timestamp',
}

/**
 * Lists them.
 * @param password opens an encrypted document
 * @returns the one that covers least first
 * @throws {FormatError} FORMAT_MALFORMED, FORMAT_UNSUPPORTED, FORMAT_PASSWORD
 */
export async function listSignatures(
  pdf: DocumentInput,
  password: string | undefined,
): Promise<readonly PdfSignature[]> {
  const document = await openDocument(pdf, password)
  const catalog = await getCatalog(document)
  const form = await findForm(document, catalog.dict)
  const fields = form === undefined ? [] : await listFields(document, form)
  const found = new Map<PdfDict, PdfSignature>()
  for (const { type, value } of fields) {
    const dictionary = type === 'Sig' ? asKind(value, 'dict') : undefined
    const signature = dictionary && (await readSignature(document.source, dictionary))
    if (dictionary !== undefined && signature !== undefined) found.set(dictionary, signature)
  }
  return [...found.values()].sort((left, right) => left.end - right.end)
}

/** @returns undefined where it is not over a part of the file that begins with the file */
async function readSignature(
  source: ByteSource,
  { entries }: PdfDict,
): Promise<PdfSignature | undefined> {
  const range = readByteRange(entries.get('ByteRange'), source.size)
  const contents = asKind(entries.get('Contents'), 'string')?.bytes
  if (range === undefined || contents === undefined) return undefined
  const { gap, end } = range
  const isWhole = gap.end - gap.start === 2 + contents.length * 2
  return {
    kind: KINDS[nameOf(entries.get('SubFilter')) ?? ''] ?? 'other',
    end,
    gap: isWhole && (await isFramed(source, gap)) ? gap : undefined,
    der: cutPadding(contents),
  }
}

function readByteRange(
  value: PdfValue | undefined,
  fileBytes: number,
): { readonly gap: Span; readonly end: number } | undefined {
  const numbers = asKind(value, 'array')?.items.map((item) => integerOf(item) ?? -1)
  if (numbers?.length !== 4 || numbers.some((each) => each < 0)) return undefined
  const [zero, start = 0, behind = 0, rest = 0] = numbers
  const end = behind + rest
  if (zero !== 0 || start >= behind || end > fileBytes) return undefined
  return { gap: { start, end: behind }, end }
}

async function isFramed(source: ByteSource, { start, end }: Span): Promise<boolean> {
  const [open] = await source.read(start, start + 1)
  const [close] = await source.read(end - 1, end)
  return open === CHAR.less && close === CHAR.greater
}

/** What is behind a DER element is room; where one of BER ends, only its contents tell (X.690 §8.1.3.6). */
function cutPadding(contents: Uint8Array): Bytes {
  const [, first = 0, ...more] = contents.subarray(0, 6)
  if (first === 0x80) return new Uint8Array(contents)
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
