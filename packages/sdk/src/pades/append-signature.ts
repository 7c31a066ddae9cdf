/**
 * A revision that holds one signature, whoever is to give it: the field, the dictionary, and the gap in it.
 * @module
 */
import type { Bytes } from '../bytes.ts'
import type { Span } from '../pdf/encode.ts'
import { malformed } from '../pdf/malformed.ts'
import { asKind, integerOf, type PdfRef } from '../pdf/objects.ts'
import { Revision } from '../pdf/revision.ts'
import type { DocumentInput } from '../types.ts'
import { attachSignature, type ChosenField, type FieldPlace, type Paint } from './field.ts'
import { type FormField, findForm, listFields } from './form.ts'
import { openDocument } from './open.ts'
import {
  createSignatureDictionary,
  encodeByteRange,
  MARK,
  type SignatureEntries,
} from './signature-dictionary.ts'
import { getCatalog } from './structure.ts'

/** A revision with a gap. */
export interface SigningPlan {
  /** To be appended to the document; /ByteRange is final, /Contents is all zeros. */
  readonly revision: Bytes
  /** Offsets of `<` and behind `>` of /Contents in the whole file. */
  readonly gap: Span
}

/** What the dictionary is to say, and the room for the DER signature. */
export interface SignatureToCome {
  readonly entries: SignatureEntries
  readonly contentsBytes: number
  /** Called once the field refers to it, to write what else does. */
  readonly onAttached?: ((signature: PdfRef) => Promise<void>) | undefined
}

/** How the form is reached, and how the widget is to look. */
export interface FormAccess {
  /** Opens an encrypted document; the empty one where undefined. */
  readonly password: string | undefined
  /** Left out, nothing is to be seen. */
  readonly paint?: Paint | undefined
}

/**
 * Opens a document where a signature goes: its form, and a revision to write into.
 * @throws {FormatError} FORMAT_MALFORMED, FORMAT_UNSUPPORTED, FORMAT_PASSWORD
 */
export async function openForm(
  pdf: DocumentInput,
  { password, paint }: FormAccess,
): Promise<FieldPlace> {
  const document = await openDocument(pdf, password)
  const catalog = await getCatalog(document)
  const form = await findForm(document, catalog.dict)
  const fields = form === undefined ? [] : await listFields(document, form)
  assertNotCut(document.source.size, fields)
  return { document, revision: new Revision(document), catalog, form, fields, paint }
}

/** Whatever is appended to a file that ends too early would come to lie in what a signature covers, and break it. */
function assertNotCut(fileBytes: number, fields: readonly FormField[]): void {
  for (const { type, value } of fields) {
    const range = type === 'Sig' ? asKind(value, 'dict')?.entries.get('ByteRange') : undefined
    const [start = 0, length = 0] = asKind(range, 'array')?.items.slice(-2).map(integerOf) ?? []
    if (start + length > fileBytes) throw malformed('file', fileBytes, 'all that was signed')
  }
}

/** Writes the revision, complete but for the signature. */
export async function appendSignature(
  place: FieldPlace,
  chosen: ChosenField,
  { entries, contentsBytes, onAttached }: SignatureToCome,
): Promise<SigningPlan> {
  const { document, revision } = place
  const signature = revision.allocate()
  await attachSignature(place, chosen, signature)
  await onAttached?.(signature)
  // Last, so that only the cross-reference section lies behind the gap.
  revision.set(signature, createSignatureDictionary(entries, contentsBytes))

  const { bytes, marks } = await revision.encode()
  const gap = marks.get(MARK.contents)
  const byteRange = marks.get(MARK.byteRange)
  if (gap === undefined || byteRange === undefined) throw malformed('revision', 0, 'its marks')
  const start = document.source.size
  bytes.set(encodeByteRange(gap.start, gap.end, start + bytes.length), byteRange.start - start)
  return { revision: bytes, gap }
}
