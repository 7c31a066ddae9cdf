/**
 * The field that takes the signature: an empty one of the document, or a new one: invisible, on the first page if nothing
 * speaks for another, or where it is painted.
 * @module
 */
import { wrongArgument } from '../errors.ts'
import { load } from '../load.ts'
import type { PdfDocument } from '../pdf/document.ts'
import {
  array,
  asKind,
  dict,
  integerOf,
  isSameRef,
  name,
  number,
  real,
  withEntries,
  withItem,
  type PdfArray,
  type PdfDict,
  type PdfNewStream,
  type PdfRef,
  type PdfValue,
} from '../pdf/objects.ts'
import type { Revision } from '../pdf/revision.ts'
import { encodeTextString } from '../pdf/text-string.ts'
import type { Form, FormField } from './form.ts'
import { follow, getFirstPage, type OwnedDict } from './structure.ts'

/** A field to be signed; `existing` is undefined where it must be made. */
export interface ChosenField {
  readonly name: string
  readonly existing: FormField | undefined
  /** What the field is to say besides. */
  readonly entries?: Readonly<Record<string, PdfValue>>
}

/** Where the field goes. */
export interface FieldPlace {
  readonly document: PdfDocument
  readonly revision: Revision
  readonly catalog: OwnedDict
  readonly form: Form | undefined
  readonly fields: readonly FormField[]
  /** Makes the widget visible; undefined where nothing is to be seen. */
  readonly paint: Paint | undefined
}

/** A widget that was painted: the page of a new one, and what it says of its looks. */
interface Painted {
  /** Left out, nothing is to be seen, and any page will do. */
  readonly page?: OwnedDict
  readonly entries: Readonly<Record<string, PdfValue>>
  /** Left without an appearance, even an empty one. Default: false. */
  readonly isBare?: boolean
}

/** Paints the widget of an existing field, or decides on the place of a new one and paints it. */
export type Paint = (place: FieldPlace, existing: FormField | undefined) => Promise<Painted>

/** SignaturesExist and AppendOnly (ISO 32000-2 Table 225). */
const SIGNATURE_FLAGS = 3
/** Print and Locked (Table 167). */
const WIDGET_FLAGS = 132

/**
 * Chooses the field: the empty signature field of that name, else a new one.
 * @param fieldName full name; where undefined a new field gets the first free name of `Signature1`, `Signature2` …
 * @param wording prefix of such a name, and what the caller calls `fieldName`
 * @throws {UsageError} USAGE_ARGUMENT where the name is taken, or no name that a new field can have
 */
export function chooseField(
  fields: readonly FormField[],
  fieldName: string | undefined,
  { prefix = 'Signature', argument = 'fieldName' } = {},
): ChosenField {
  if (fieldName === undefined) {
    const taken = new Set(fields.map((field) => field.name.split('.')[0]))
    let count = 1
    while (taken.has(`${prefix}${count}`)) count++
    return { name: `${prefix}${count}`, existing: undefined }
  }
  const existing = fields.find((field) => field.name === fieldName)
  if (existing === undefined) {
    const isInside = fields.some((field) => field.name.startsWith(`${fieldName}.`))
    const isName = fieldName !== '' && !fieldName.includes('.')
    if (isInside || !isName) {
      throw wrongArgument(argument, 'the name of an empty signature field, or a new name')
    }
    return { name: fieldName, existing }
  }
  if (existing.type !== 'Sig' || existing.ref === undefined || existing.value !== null) {
    throw wrongArgument(argument, 'a name that is free, or that of an empty signature field')
  }
  return { name: fieldName, existing }
}

/** Lets the chosen field refer to its signature; a new one is put on a page and into the form. */
export async function attachSignature(
  place: FieldPlace,
  chosen: ChosenField,
  signature: PdfRef,
): Promise<void> {
  const { existing } = chosen
  const painted = await place.paint?.(place, existing)
  if (existing?.ref !== undefined) {
    const entries = painted?.entries ?? {
      AP: existing.isPainted ? undefined : await emptyAppearance(place, existing.dict),
    }
    const all = { V: signature, ...entries, ...chosen.entries }
    place.revision.set(existing.ref, withEntries(existing.dict, all))
    await setForm(place, place.form?.fields ?? [])
    return
  }
  await addField(place, chosen.name, { V: signature, ...chosen.entries }, painted)
}

/**
 * Makes a field, which is its own widget.
 * @param own what it says besides
 */
export async function addField(
  place: FieldPlace,
  fieldName: string,
  own: Readonly<Record<string, PdfValue>>,
  painted: Painted | undefined,
): Promise<void> {
  const tags = await loadTags(place.catalog)
  const findPage = tags?.findOrderedPage ?? getFirstPage
  const page = painted?.page ?? (await findPage(place.document, place.catalog.dict, place.fields))
  const field = place.revision.allocate()
  const widget = dict({
    Type: name('Annot'),
    Subtype: name('Widget'),
    FT: name('Sig'),
    T: encodeTextString(fieldName),
    F: number(WIDGET_FLAGS),
    Rect: array(number(0), number(0), number(0), number(0)),
    P: page.ref,
    ...own,
  })
  const tagging = await tags?.tagField(place, page, field)
  const placed = withEntries(widget, { ...painted?.entries, ...tagging?.field })
  const isDone = placed.entries.has('AP') || painted?.isBare === true
  const appearance = isDone ? undefined : await emptyAppearance(place, placed)
  place.revision.set(field, withEntries(placed, { AP: appearance }))
  await addAnnotation(place, page, field, tagging?.page)
  await setForm(place, [...(place.form?.fields ?? []), field])
}

/** What a tagged document wants; undefined where the document is not. */
async function loadTags({ dict: { entries } }: OwnedDict) {
  return entries.has('StructTreeRoot') ? load(import('./tag-field.ts')) : undefined
}

/** PDF/A wants an appearance of every widget; this one paints nothing. A field apart from its widgets needs none. */
async function emptyAppearance(
  { document, revision }: FieldPlace,
  field: PdfDict,
): Promise<PdfDict | undefined> {
  const rectangle = asKind(await document.resolve(field.entries.get('Rect')), 'array')
  if (rectangle === undefined) return undefined
  const corners = await Promise.all(rectangle.items.map((item) => document.resolve(item)))
  const [left = 0, bottom = 0, right = 0, top = 0] = corners.map(
    (corner) => asKind(corner, 'number')?.value ?? 0,
  )
  const box = array(...[0, 0, Math.abs(right - left), Math.abs(top - bottom)].map(real))
  const form: PdfNewStream = {
    kind: 'new-stream',
    dict: dict({ Type: name('XObject'), Subtype: name('Form'), BBox: box, Resources: dict({}) }),
    data: new Uint8Array(0),
  }
  const ref = revision.allocate()
  revision.set(ref, form)
  return dict({ N: ref })
}

async function addAnnotation(
  { document, revision }: FieldPlace,
  page: OwnedDict,
  field: PdfRef,
  besides: Readonly<Record<string, PdfValue>> = {},
): Promise<void> {
  const { ref, target } = await follow(document, page.dict.entries.get('Annots'))
  const annotations = asKind(target, 'array')
  const grown = withItem(annotations, field)
  const isOwn = ref !== undefined && (await isListOf(document, annotations, page))
  const isApart = ref !== undefined && annotations !== undefined
  const list = isOwn ? ref : isApart ? revision.allocate() : undefined
  if (list !== undefined) revision.set(list, grown)
  const changes = isOwn ? besides : { Annots: list ?? grown, ...besides }
  if (Object.keys(changes).length > 0) revision.set(page.ref, withEntries(page.dict, changes))
}

/**
 * Whether annotations are known to be this page's alone: the first says so. Pages may share a list, often an empty one,
 * and what was added to it would be seen on each of them.
 */
async function isListOf(
  document: PdfDocument,
  annotations: PdfArray | undefined,
  page: OwnedDict,
): Promise<boolean> {
  const first = asKind(await document.resolve(annotations?.items[0]), 'dict')
  const named = asKind(first?.entries.get('P'), 'ref')
  return named !== undefined && isSameRef(named, page.ref)
}

/** Writes of the form what changes, in the object that owns it. */
async function setForm(place: FieldPlace, items: readonly PdfValue[]): Promise<void> {
  const { document, revision, catalog, form } = place
  const fields: PdfArray = { kind: 'array', items }
  if (form === undefined) {
    // An object of its own: later signatures need not write the catalog again.
    const ref = revision.allocate()
    revision.set(ref, dict({ Fields: fields, SigFlags: number(SIGNATURE_FLAGS) }))
    revision.set(catalog.ref, withEntries(catalog.dict, { AcroForm: ref }))
    return
  }
  const isGrown = items.length > form.fields.length
  const changes: Record<string, PdfValue> = {}
  if (isGrown && form.fieldsRef !== undefined) revision.set(form.fieldsRef, fields)
  else if (isGrown) changes['Fields'] = fields
  const flags = integerOf(await document.resolve(form.dict.entries.get('SigFlags'))) ?? 0
  if ((flags & SIGNATURE_FLAGS) !== SIGNATURE_FLAGS) {
    changes['SigFlags'] = number(flags | SIGNATURE_FLAGS)
  }
  if (await mayKeepAppearances(place, form)) changes['NeedAppearances'] = false
  if (Object.keys(changes).length === 0) return
  const changed = withEntries(form.dict, changes)
  if (form.ref !== undefined) revision.set(form.ref, changed)
  else revision.set(catalog.ref, withEntries(catalog.dict, { AcroForm: changed }))
}

/**
 * NeedAppearances makes viewers paint every field anew on opening, which they then take for a change after signing, and
 * Adobe Reader leaves out visible signatures. It is cleared where nothing needs painting. Where a field has no appearance,
 * clearing would hide what was filled in; where it has one of something else, it would show what the signer has not seen.
 */
async function mayKeepAppearances({ document, fields }: FieldPlace, form: Form): Promise<boolean> {
  const needs = await document.resolve(form.dict.entries.get('NeedAppearances'))
  if (needs !== true || !fields.every(({ type, isPainted }) => type === 'Sig' || isPainted)) {
    return false
  }
  return (await load(import('./shown-values.ts'))).showValues(document, fields)
}
