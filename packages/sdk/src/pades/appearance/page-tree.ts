/**
 * The n-th page without reading the others: nodes of the page tree say how many leaves they have (ISO 32000-2 §7.7.3).
 * @module
 */
import { wrongArgument } from '../../errors.ts'
import type { PdfDocument } from '../../pdf/document.ts'
import { malformed } from '../../pdf/malformed.ts'
import {
  asKind,
  integerOf,
  isSameRef,
  type PdfDict,
  type PdfRef,
  type PdfValue,
} from '../../pdf/objects.ts'
import { followDict, type OwnedDict } from '../structure.ts'

const MAX_DEPTH = 64

/**
 * Gets a page by its number.
 * @param page from 1, or `last`
 * @param argument what the caller calls it
 * @throws {UsageError} USAGE_ARGUMENT where the document has fewer
 * @throws {FormatError} FORMAT_MALFORMED where the tree does not say the truth
 */
export async function getPage(
  document: PdfDocument,
  catalog: PdfDict,
  page: number | 'last',
  argument: string,
): Promise<OwnedDict> {
  const node = await followDict(document, catalog.entries.get('Pages'))
  const total = node && (await countOf(document, node.dict))
  if (node === undefined || total === undefined)
    throw malformed('page tree', 0, '/Pages with /Count')
  if (page !== 'last' && page > total) {
    throw wrongArgument(argument, `a page's number, from 1 to ${total}, or 'last'`)
  }
  let step: Step = { node, rest: page === 'last' ? total - 1 : page - 1 }
  for (let depth = 0; depth <= MAX_DEPTH; depth++) {
    const { ref, dict } = step.node
    const kids = asKind(await document.resolve(dict.entries.get('Kids')), 'array')?.items
    if (kids === undefined && ref !== undefined && step.rest === 0) return { ref, dict }
    const next = kids && (await descend(document, step, kids))
    if (next === undefined) break
    step = next
  }
  throw malformed('page tree', 0, 'as many pages as it says')
}

/** A node, and how many leaves of it come before the page. */
interface Step {
  readonly node: { readonly ref: PdfRef | undefined; readonly dict: PdfDict }
  readonly rest: number
}

/** Goes to the kid that has the page among its leaves. */
async function descend(
  document: PdfDocument,
  { node, rest }: Step,
  kids: readonly PdfValue[],
): Promise<Step | undefined> {
  if ((await countOf(document, node.dict)) === kids.length) {
    // As many kids as leaves: each is one, and ten thousand of them need not be looked at. Or one is an empty branch, and
    // another has more: the first, the last and the one that is wanted tell.
    const probed = await Promise.all([0, rest, -1].map((at) => followDict(document, kids.at(at))))
    const [, leaf] = probed
    const areLeaves = probed.every((kid) => kid?.dict.entries.has('Kids') === false)
    if (leaf !== undefined && areLeaves) return { node: leaf, rest: 0 }
  }
  let left = rest
  for (const kid of kids) {
    const found = await followDict(document, kid)
    const leaves = found === undefined ? 0 : ((await countOf(document, found.dict)) ?? 1)
    if (found !== undefined && left < leaves) return { node: found, rest: left }
    left -= leaves
  }
  return undefined
}

/** /Count of an inner node; undefined of a page, or where it is no number of pages. */
async function countOf(document: PdfDocument, node: PdfDict): Promise<number | undefined> {
  const count = integerOf(await document.resolve(node.entries.get('Count')))
  return count !== undefined && count >= 0 ? count : undefined
}

/**
 * Gets the page that a widget stands on: the one it names, else the one that lists it.
 * @throws {FormatError} FORMAT_MALFORMED where there is none
 */
export async function getPageOf(
  document: PdfDocument,
  catalog: PdfDict,
  widget: { readonly ref: PdfRef; readonly dict: PdfDict },
): Promise<OwnedDict> {
  const named = await followDict(document, widget.dict.entries.get('P'))
  if (named?.ref !== undefined) return { ref: named.ref, dict: named.dict }
  const root = await followDict(document, catalog.entries.get('Pages'))
  const total = (root && (await countOf(document, root.dict))) ?? 0
  for (let page = 1; page <= total; page++) {
    const found = await getPage(document, catalog, page, 'appearance.page')
    const annotations = asKind(await document.resolve(found.dict.entries.get('Annots')), 'array')
    const isHere = annotations?.items.some((item) => {
      const ref = asKind(item, 'ref')
      return ref !== undefined && isSameRef(ref, widget.ref)
    })
    if (isHere === true) return found
  }
  throw malformed('field', 0, 'a widget that stands on a page')
}
