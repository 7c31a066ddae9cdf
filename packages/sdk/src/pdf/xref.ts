/**
 * The whole cross-reference information of a file: from `startxref` back along /Prev, hybrid files included
 * (ISO 32000-2 §7.5.5, §7.5.6, §7.5.8.4).
 * @module
 */
import { Budget } from './budget.ts'
import { isDigit, type Lexer } from './lexer.ts'
import { malformed } from './malformed.ts'
import { integerOf, type PdfDict } from './objects.ts'
import { costOf, parseAt, parseIndirectObject } from './parser.ts'
import type { ByteSource } from './source.ts'
import { ENTRY, findEntry, type XrefEntry, type XrefSection } from './xref-section.ts'
import { readXrefStream } from './xref-stream.ts'
import { parseXrefTable } from './xref-table.ts'

/** A section and, in a hybrid file, the stream that speaks of the objects which the table hides. */
export interface XrefLink {
  readonly section: XrefSection
  readonly hidden?: XrefSection
}

/** Every section, the newest first. */
export interface Xref {
  readonly links: readonly XrefLink[]
}

/** Files saved every day for a decade have fewer. */
const MAX_SECTIONS = 4096
/** Room for a table of all object numbers there can be. */
const MAX_UNITS = 320 << 20
/** Readers look for `startxref` in the last kilobyte (ISO 32000-1 Annex H.3.4.4). */
const TAIL_BYTES = 1024

/**
 * Reads all cross-reference sections.
 * @param known sections at the end of the chain that were read before, the newest first
 * @throws {FormatError} FORMAT_MALFORMED, FORMAT_UNSUPPORTED
 */
export async function readXref(source: ByteSource, known: readonly XrefLink[] = []): Promise<Xref> {
  const links: XrefLink[] = []
  const budget = new Budget(MAX_UNITS)
  const seen = new Set<number>()
  let offset: number | undefined = await findStartOfXref(source)
  while (offset !== undefined) {
    if (offset === known[0]?.section.offset) return { links: [...links, ...known] }
    if (seen.has(offset) || seen.size >= MAX_SECTIONS) {
      throw malformed('xref', offset, 'a /Prev chain that ends')
    }
    seen.add(offset)
    const section: XrefSection = await readSection(source, offset, budget)
    links.push(await withHidden(source, section, budget))
    offset = offsetIn(section.trailer, 'Prev', section.offset)
  }
  return { links }
}

async function withHidden(
  source: ByteSource,
  section: XrefSection,
  budget: Budget,
): Promise<XrefLink> {
  if (section.kind !== 'table') return { section }
  const offset = offsetIn(section.trailer, 'XRefStm', section.offset)
  if (offset === undefined) return { section }
  const hidden = await readSection(source, offset, budget)
  if (hidden.kind !== 'stream') throw malformed('xref', offset, 'a cross-reference stream')
  return { section, hidden }
}

function offsetIn(trailer: PdfDict, key: string, at: number): number | undefined {
  const value = trailer.entries.get(key)
  if (value === undefined || value === null) return undefined
  const offset = integerOf(value)
  // So do some writers say that there is none; at 0 stands the header.
  if (offset === 0) return undefined
  if (offset === undefined || offset < 0) throw malformed('trailer', at, `/${key} as an offset`)
  return offset
}

async function readSection(
  source: ByteSource,
  offset: number,
  budget: Budget,
): Promise<XrefSection> {
  if (offset >= source.size) throw malformed('xref', offset, 'an offset within the file')
  const start = await parseAt(source, offset, (lexer) => {
    lexer.skipSpace()
    return { offset: lexer.offset, isStream: isDigit(lexer.peek()) }
  })
  if (!start.isStream) {
    const parse = (lexer: Lexer) => parseXrefTable(lexer, source.size, budget)
    return parseAt(source, start.offset, parse, source.size)
  }
  const { value } = await parseAt(source, start.offset, (lexer) => {
    const object = parseIndirectObject(lexer)
    budget.spend(costOf(lexer))
    return object
  })
  return readXrefStream(source, value, start.offset, budget)
}

/** The offset after the last `startxref`. */
async function findStartOfXref(source: ByteSource): Promise<number> {
  const base = Math.max(0, source.size - TAIL_BYTES)
  const tail = await source.read(base, source.size)
  const keyword = 'startxref'
  for (let at = tail.length - keyword.length; at >= 0; at--) {
    if (!isTextAt(tail, at, keyword)) continue
    const offset = await parseAt(source, base + at + keyword.length, (lexer) =>
      lexer.takeUnsigned(),
    )
    if (offset === undefined) break
    return offset
  }
  throw malformed('file', source.size, 'startxref and an offset')
}

/** Tells whether ASCII text stands at an index. */
export function isTextAt(bytes: Uint8Array, at: number, text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    if (bytes[at + index] !== text.charCodeAt(index)) return false
  }
  return true
}

/**
 * Finds the entry that counts for an object. In a hybrid file an object in use in the table comes before the hidden
 * one, and that before a free entry of the table (§7.5.8.4).
 */
export function findXrefEntry({ links }: Xref, number: number): XrefEntry | undefined {
  for (const { section, hidden } of links) {
    const shown = findEntry(section, number)
    if (shown !== undefined && shown.type !== ENTRY.free) return shown
    const found = (hidden && findEntry(hidden, number)) ?? shown
    if (found !== undefined) return found
  }
  return undefined
}

/** What one look-up costs at most, in units of `Budget`: runs in order are searched by halves, others one by one. */
export function lookupCost({ links }: Xref): number {
  const costOfSection = ({ runs, isOrdered }: XrefSection): number => (isOrdered ? 1 : runs.length)
  return links.reduce(
    (sum, { section, hidden }) =>
      sum + costOfSection(section) + (hidden === undefined ? 0 : costOfSection(hidden)),
    0,
  )
}

/** One more than every object number that any section speaks of, in use or free, and than every /Size. */
export function firstUnusedNumber({ links }: Xref): number {
  let unused = 1
  for (const { section, hidden } of links) {
    for (const each of hidden === undefined ? [section] : [section, hidden]) {
      unused = Math.max(unused, integerOf(each.trailer.entries.get('Size')) ?? 0)
      for (const run of each.runs) {
        if (run.count > 0) unused = Math.max(unused, run.first + run.count)
      }
    }
  }
  return unused
}
