/**
 * The way from the trailer to what a signature touches: catalog, first page, form. Each knows the object that owns it,
 * for only owners are ever written again.
 * @module
 */
import type { PdfDocument } from '../pdf/document.ts'
import { malformed } from '../pdf/malformed.ts'
import { asKind, nameOf, type PdfDict, type PdfRef, type PdfValue } from '../pdf/objects.ts'

/** A dictionary that is an object of its own. */
export interface OwnedDict {
  readonly ref: PdfRef
  readonly dict: PdfDict
}

/** Page trees are balanced; nothing real is deeper. */
const MAX_TREE_DEPTH = 64
/** Empty branches that may come before the first page. */
const MAX_TREE_NODES = 10_000

/**
 * Gets the catalog.
 * @throws {FormatError} FORMAT_MALFORMED
 */
export async function getCatalog(document: PdfDocument): Promise<OwnedDict> {
  const root = document.trailer.entries.get('Root')
  const catalog = await followDict(document, root)
  if (catalog?.ref === undefined) throw malformed('trailer', 0, '/Root as a reference')
  return { ref: catalog.ref, dict: catalog.dict }
}

/**
 * Follows a value to a dictionary and to the object that owns it: the last reference on the way; undefined where the
 * dictionary is direct.
 */
export async function followDict(
  document: PdfDocument,
  value: PdfValue | undefined,
): Promise<{ readonly ref: PdfRef | undefined; readonly dict: PdfDict } | undefined> {
  const { ref, target } = await follow(document, value)
  const dict = asKind(target, 'dict')
  return dict && { ref, dict }
}

/** Follows references; keeps the last one. */
export async function follow(
  document: PdfDocument,
  value: PdfValue | undefined,
): Promise<{ readonly ref: PdfRef | undefined; readonly target: PdfValue }> {
  let ref: PdfRef | undefined
  let target = value ?? null
  // `resolve` bounds chains; here each step asks it for no more than one.
  for (let hops = 0; hops < 32; hops++) {
    const next = asKind(target, 'ref')
    if (next === undefined) return { ref, target }
    ref = next
    target = await document.get(next)
  }
  throw malformed('object', 0, 'references that end')
}

/**
 * Gets the first page, without reading any other.
 * @throws {FormatError} FORMAT_MALFORMED where there is none
 */
export async function getFirstPage(document: PdfDocument, catalog: PdfDict): Promise<OwnedDict> {
  const budget = { nodes: MAX_TREE_NODES }
  const page = await findPage(document, catalog.entries.get('Pages'), 0, budget)
  if (page === undefined) throw malformed('page tree', 0, 'a page')
  return page
}

async function findPage(
  document: PdfDocument,
  value: PdfValue | undefined,
  depth: number,
  budget: { nodes: number },
): Promise<OwnedDict | undefined> {
  if (depth > MAX_TREE_DEPTH || budget.nodes-- <= 0) {
    throw malformed('page tree', 0, 'a tree that ends')
  }
  const node = await followDict(document, value)
  if (node?.ref === undefined) return undefined
  const { ref, dict } = node
  const kids = asKind(await document.resolve(dict.entries.get('Kids')), 'array')
  if (kids === undefined) {
    const type = nameOf(await document.resolve(dict.entries.get('Type')))
    return type === 'Page' ? { ref, dict } : undefined
  }
  for (const kid of kids.items) {
    const page = await findPage(document, kid, depth + 1, budget)
    if (page !== undefined) return page
  }
  return undefined
}
