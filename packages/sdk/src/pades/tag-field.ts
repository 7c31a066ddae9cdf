/**
 * A new field in a tagged document: its place in the structure tree, so that what reads a page aloud meets it
 * (ISO 14289-1 §7.18, ISO 32000-2 §14.7.5). Loaded only for tagged documents.
 *
 *     /StructTreeRoot … /StructElem /S /Form /K << /Type /OBJR /Obj field >>      field: /StructParent n /TU (…)
 *     /ParentTree … n → the element                                               page: /Tabs /S
 * @module
 */
import type { PdfDocument } from '../pdf/document.ts'
import {
  array,
  asKind,
  dict,
  integerOf,
  name,
  nameOf,
  number,
  withEntries,
  withItem,
  type PdfDict,
  type PdfRef,
  type PdfValue,
} from '../pdf/objects.ts'
import type { Revision } from '../pdf/revision.ts'
import { decodeTextString, encodeTextString } from '../pdf/text-string.ts'
import type { FormField } from './form.ts'
import { follow, followDict, getFirstPage, type OwnedDict } from './structure.ts'

/** Where the field goes. */
export interface TaggedPlace {
  readonly document: PdfDocument
  readonly revision: Revision
  readonly catalog: OwnedDict
  readonly fields: readonly FormField[]
}

/** What a tagged document wants of a field and its page. */
export interface Tagging {
  readonly field: Readonly<Record<string, PdfValue>>
  readonly page: Readonly<Record<string, PdfValue>>
}

const MAX_DEPTH = 64

function isSigned({ type, value }: FormField): boolean {
  return type === 'Sig' && value !== null
}

/**
 * Finds a page for a widget that nobody sees. A page with annotations has them in the order of the structure
 * (ISO 14289-1 §7.18.3); once somebody signed, it can no longer be told to, so one that has is taken: that of a signature.
 * @returns the first page where there is no other
 */
export async function findOrderedPage(
  document: PdfDocument,
  catalog: PdfDict,
  fields: readonly FormField[],
): Promise<OwnedDict> {
  const first = await getFirstPage(document, catalog)
  if (await isOrdered(document, first.dict)) return first
  for (const { dict: field } of fields.filter(isSigned)) {
    const kids = asKind(await document.resolve(field.entries.get('Kids')), 'array')
    const widget = (await followDict(document, kids?.items[0]))?.dict ?? field
    const page = await followDict(document, widget.entries.get('P'))
    if (page?.ref !== undefined && (await isOrdered(document, page.dict))) {
      return { ref: page.ref, dict: page.dict }
    }
  }
  return first
}

async function isOrdered(document: PdfDocument, page: PdfDict): Promise<boolean> {
  return nameOf(await document.resolve(page.entries.get('Tabs'))) === 'S'
}

/**
 * Tags a field that is not written yet. Where somebody signed, only the field itself says what it is: pyHanko takes every
 * change of the structure tree, and of a page beyond its /Annots, for a breach of the earlier signature, while others let it
 * pass. Fields that are there before anybody signs have their place.
 * @param fieldRef the number that it will have
 */
export async function tagField(
  place: TaggedPlace,
  page: OwnedDict,
  fieldRef: PdfRef,
): Promise<Tagging> {
  const { document, catalog, fields } = place
  const TU = await describe(document, catalog.dict)
  const root = await followDict(document, catalog.dict.entries.get('StructTreeRoot'))
  if (fields.some(isSigned) || root?.ref === undefined) return { field: { TU }, page: {} }
  const tree = { ref: root.ref, dict: root.dict }
  const key = await nextKey(document, tree.dict)
  const element = await addElement(place, tree, { page: page.ref, field: fieldRef })
  await addParent(place, tree, { key, element })
  return { field: { TU, StructParent: number(key) }, page: { Tabs: name('S') } }
}

/** What is read aloud (§7.18.1), in the document's language where that is one of the two that are known. */
async function describe(document: PdfDocument, catalog: PdfDict): Promise<PdfValue> {
  const language = asKind(await document.resolve(catalog.entries.get('Lang')), 'string')
  const isVietnamese = language === undefined || /^vi\b/i.test(decodeTextString(language))
  return encodeTextString(isVietnamese ? 'Chữ ký số' : 'Digital signature')
}

/** A key that no entry of the parent tree has, whatever the tree says of the next. */
async function nextKey(document: PdfDocument, root: PdfDict): Promise<number> {
  const said = integerOf(await document.resolve(root.entries.get('ParentTreeNextKey'))) ?? 0
  let node = await followDict(document, root.entries.get('ParentTree'))
  for (let depth = 0; node !== undefined && depth < MAX_DEPTH; depth++) {
    const kids = asKind(await document.resolve(node.dict.entries.get('Kids')), 'array')
    if (kids === undefined) break
    // Keys are sorted (§7.9.7): the last leaf has the greatest.
    node = await followDict(document, kids.items.at(-1))
  }
  const pairs = asKind(await document.resolve(node?.dict.entries.get('Nums')), 'array')?.items ?? []
  const last = integerOf(await document.resolve(pairs.at(-2))) ?? -1
  return Math.max(said, last + 1, 0)
}

/** Adds the element below the document's, or the root where there is no such one. */
async function addElement(
  { document, revision }: TaggedPlace,
  root: OwnedDict,
  { page, field }: { readonly page: PdfRef; readonly field: PdfRef },
): Promise<PdfRef> {
  const parent = (await findDocumentElement(document, root)) ?? root
  const element = revision.allocate()
  const object = dict({ Type: name('OBJR'), Obj: field, Pg: page })
  revision.set(
    element,
    dict({ Type: name('StructElem'), S: name('Form'), P: parent.ref, Pg: page, K: object }),
  )
  const { ref, target } = await follow(document, parent.dict.entries.get('K'))
  const kids = asKind(target, 'array')
  const old = parent.dict.entries.get('K')
  const grown = withItem(kids ?? (old === undefined ? undefined : array(old)), element)
  if (kids !== undefined && ref !== undefined) revision.set(ref, grown)
  else await change(revision, parent, { K: grown })
  return element
}

async function findDocumentElement(
  document: PdfDocument,
  root: OwnedDict,
): Promise<OwnedDict | undefined> {
  const { target } = await follow(document, root.dict.entries.get('K'))
  const [first = root.dict.entries.get('K')] = asKind(target, 'array')?.items ?? []
  const found = await followDict(document, first)
  const isDocument = nameOf(await document.resolve(found?.dict.entries.get('S'))) === 'Document'
  return isDocument && found?.ref !== undefined ? { ref: found.ref, dict: found.dict } : undefined
}

/** Adds the way back from the field to its element: the greatest key, so at the end of the number tree. */
async function addParent(
  { document, revision }: TaggedPlace,
  root: OwnedDict,
  { key, element }: { readonly key: number; readonly element: PdfRef },
): Promise<void> {
  const changes: Record<string, PdfValue> = { ParentTreeNextKey: number(key + 1) }
  const tree = await followDict(document, root.dict.entries.get('ParentTree'))
  const entries = await grow(document, revision, tree?.dict ?? dict({}), [number(key), element])
  if (tree?.ref !== undefined) revision.set(tree.ref, entries)
  else changes['ParentTree'] = entries
  await change(revision, root, changes)
}

/** The root of a number tree with one more pair behind all others; a tree with inner nodes gets one more leaf. */
async function grow(
  document: PdfDocument,
  revision: Revision,
  tree: PdfDict,
  pair: readonly [PdfValue, PdfValue],
): Promise<PdfDict> {
  const kids = asKind(await document.resolve(tree.entries.get('Kids')), 'array')
  if (kids !== undefined) {
    const leaf = revision.allocate()
    revision.set(leaf, dict({ Limits: array(pair[0], pair[0]), Nums: array(...pair) }))
    return withEntries(tree, { Kids: withItem(kids, leaf) })
  }
  const pairs = asKind(await document.resolve(tree.entries.get('Nums')), 'array')
  return withEntries(tree, { Nums: withItem(withItem(pairs, pair[0]), pair[1]) })
}

/** Writes entries of an object that may have been written in this revision before. */
async function change(
  revision: Revision,
  { ref, dict: old }: OwnedDict,
  entries: Readonly<Record<string, PdfValue>>,
): Promise<void> {
  const now = asKind(await revision.get(ref), 'dict') ?? old
  revision.set(ref, withEntries(now, entries))
}
