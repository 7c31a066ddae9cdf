/**
 * The interactive form: its fields by their full names, with what they inherit (ISO 32000-2 §12.7).
 * @module
 */
import type { PdfDocument } from '../pdf/document.ts'
import { malformed, unsupported } from '../pdf/malformed.ts'
import { asKind, nameOf, type PdfDict, type PdfRef, type PdfValue } from '../pdf/objects.ts'
import { decodeTextString } from '../pdf/text-string.ts'
import { follow, followDict } from './structure.ts'

/** The form and who owns its parts; a part that is direct belongs to the part around it. */
export interface Form {
  readonly ref: PdfRef | undefined
  readonly dict: PdfDict
  readonly fieldsRef: PdfRef | undefined
  readonly fields: readonly PdfValue[]
}

/** A terminal field. */
export interface FormField {
  readonly ref: PdfRef | undefined
  readonly dict: PdfDict
  /** Partial names joined by periods (§12.7.4.2). */
  readonly name: string
  /** /FT, own or inherited. */
  readonly type: string | undefined
  /** /V, own or inherited, resolved; null where the field is empty. */
  readonly value: PdfValue
  /** Where it is seen. */
  readonly widgets: readonly PdfDict[]
  /** Every widget has an appearance of its own. */
  readonly isPainted: boolean
}

const MAX_DEPTH = 32
/** Names are compared one with another. */
const MAX_NAME_LENGTH = 4096

/** Finds the form of a document. */
export async function findForm(document: PdfDocument, catalog: PdfDict): Promise<Form | undefined> {
  const form = await followDict(document, catalog.entries.get('AcroForm'))
  if (form === undefined) return undefined
  const { ref, target } = await follow(document, form.dict.entries.get('Fields'))
  const fields = asKind(target, 'array')
  return { ...form, fieldsRef: fields && ref, fields: fields?.items ?? [] }
}

interface Inherited {
  readonly prefix: string
  readonly type: string | undefined
  readonly value: PdfValue
}

/**
 * Lists the terminal fields.
 * @throws {FormatError} FORMAT_MALFORMED where the tree runs in a circle, FORMAT_UNSUPPORTED where it has no end
 */
export async function listFields(document: PdfDocument, form: Form): Promise<FormField[]> {
  const found: FormField[] = []
  /** By object number: true while the field's kids are looked at. */
  const seen = new Map<number, boolean>()

  async function visit(value: PdfValue, depth: number, inherited: Inherited): Promise<void> {
    const node = await followDict(document, value)
    if (node === undefined) return
    const { ref, dict } = node
    if (ref !== undefined) {
      if (seen.get(ref.number) === true) throw malformed('form', 0, 'fields without a circle')
      // Listed twice, it is still one field.
      if (seen.has(ref.number)) return
      seen.set(ref.number, true)
    }
    if (depth > MAX_DEPTH) throw unsupported('forms of this depth')
    const own = await inherit(document, dict, inherited)
    if (own.prefix.length > MAX_NAME_LENGTH) throw unsupported('field names of this length')
    const kids = await kidsOf(document, dict)
    const children = kids.filter((kid) => kid.isField)
    for (const child of children) await visit(child.value, depth + 1, own)
    if (ref !== undefined) seen.set(ref.number, false)
    if (children.length > 0) return
    const widgets = kids.length > 0 ? kids.map((kid) => kid.dict) : [dict]
    const isPainted = widgets.every((widget) => widget.entries.has('AP'))
    const { prefix: name, type, value: filledIn } = own
    found.push({ ref, dict, name, type, value: filledIn, widgets, isPainted })
  }

  const top: Inherited = { prefix: '', type: undefined, value: null }
  for (const field of form.fields) await visit(field, 0, top)
  return found
}

async function inherit(
  document: PdfDocument,
  dict: PdfDict,
  { prefix, type, value }: Inherited,
): Promise<Inherited> {
  const partial = await document.resolve(dict.entries.get('T'))
  const text = asKind(partial, 'string')
  const partialName = text === undefined ? '' : decodeTextString(text)
  const separator = prefix !== '' && partialName !== '' ? '.' : ''
  return {
    prefix: prefix + separator + partialName,
    type: nameOf(await document.resolve(dict.entries.get('FT'))) ?? type,
    value: (await document.resolve(dict.entries.get('V'))) ?? value,
  }
}

/** Kids with a name of their own are fields, the others are widgets of this one (§12.7.4.1). */
async function kidsOf(document: PdfDocument, dict: PdfDict) {
  const kids = asKind(await document.resolve(dict.entries.get('Kids')), 'array')
  const found: { value: PdfValue; dict: PdfDict; isField: boolean }[] = []
  for (const value of kids?.items ?? []) {
    const kid = asKind(await document.resolve(value), 'dict')
    if (kid !== undefined) found.push({ value, dict: kid, isField: kid.entries.has('T') })
  }
  return found
}
