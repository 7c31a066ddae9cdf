/**
 * A PDF file as objects by number: reads the header, the tail, the cross-reference sections, and then only the objects
 * that are asked for.
 * @module
 */
import type { DocumentInput } from '../types.ts'
import { Budget } from './budget.ts'
import { isDigit } from './lexer.ts'
import { malformed, unsupported } from './malformed.ts'
import { asKind, type PdfDict, type PdfRef, type PdfValue } from './objects.ts'
import { parseCompressedObject, parseObjectStream, type ObjectStream } from './object-stream.ts'
import { costOf, parseAt, parseIndirectObject } from './parser.ts'
import { openSource, type ByteSource } from './source.ts'
import { readStreamData, type Resolve } from './stream-data.ts'
import { findXrefEntry, isTextAt, lookupCost, readXref, type Xref, type XrefLink } from './xref.ts'
import { ENTRY, type XrefEntry } from './xref-section.ts'

/** How long a chain of references to references may be. */
const MAX_HOPS = 32
/** Decoded object streams that are kept; what a form is spread over is less. */
const MAX_KEPT_BYTES = 16 << 20
/** Two hundred thousand objects, or 64 MB of them: seconds, and far beyond what signing touches in real files. */
const MAX_UNITS = 64 << 20
const UNITS_AN_OBJECT = 300
/** Inflating is faster than parsing. */
const INFLATED_BYTES_A_UNIT = 8

/** An open document. Nothing of it changes; each object is parsed when it is asked for. */
export interface PdfDocument {
  readonly source: ByteSource
  readonly xref: Xref
  /** Trailer of the newest section. */
  readonly trailer: PdfDict
  /**
   * The object of that number; null where there is none (ISO 32000-2 §7.3.10).
   * @throws {FormatError} FORMAT_MALFORMED where the entry leads elsewhere
   */
  readonly get: (ref: PdfRef) => Promise<PdfValue>
  /** Follows references to what they mean; direct values stay. */
  readonly resolve: Resolve
}

/**
 * Opens a document.
 * @throws {FormatError} FORMAT_MALFORMED where the header is not at offset 0 or the file needs repair,
 * FORMAT_UNSUPPORTED {feature: 'encryption'}
 */
export function openPdf(input: DocumentInput): Promise<PdfDocument> {
  return openSourcePdf(openSource(input))
}

/**
 * Opens a document of which some sections are known already: they are not read again.
 * @throws as `openPdf`
 */
export async function openSourcePdf(
  source: ByteSource,
  known: readonly XrefLink[] = [],
): Promise<PdfDocument> {
  const header = await source.read(0, 8)
  if (!isTextAt(header, 0, '%PDF-') || !isDigit(header[5] ?? 0)) {
    // Elsewhere than at 0, offsets would count from it for some readers and from the start for others.
    throw malformed('header', 0, '%PDF- and a version at offset 0')
  }
  const xref = await readXref(source, known)
  const newest = xref.links[0]
  if (newest === undefined) throw malformed('xref', 0, 'a section')
  for (const { section, hidden } of xref.links) {
    for (const trailer of [section.trailer, hidden?.trailer]) {
      if ((trailer?.entries.get('Encrypt') ?? null) !== null) throw unsupported('encryption')
    }
  }
  const get = objectReader(source, xref)
  return { source, xref, trailer: newest.section.trailer, get, resolve: resolver(get) }
}

function resolver(get: PdfDocument['get']): Resolve {
  return async (value) => {
    let found = value ?? null
    for (let hops = 0; ; hops++) {
      const ref = asKind(found, 'ref')
      if (ref === undefined) return found
      if (hops >= MAX_HOPS) throw malformed('object', 0, 'references that end')
      found = await get(ref)
    }
  }
}

function objectReader(source: ByteSource, xref: Xref): PdfDocument['get'] {
  const streams = new Map<number, ObjectStream>()
  const budget = new Budget(MAX_UNITS)
  const lookupUnits = lookupCost(xref)
  let keptBytes = 0

  async function readPlain(ref: PdfRef, { place }: XrefEntry): Promise<PdfValue> {
    if (place >= source.size) throw malformed('xref', place, 'an offset within the file')
    const found = await parseAt(source, place, (lexer) => {
      const object = parseIndirectObject(lexer)
      budget.spend(costOf(lexer))
      return object
    })
    if (found.ref.number !== ref.number || found.ref.generation !== ref.generation) {
      throw malformed('object', place, `${ref.number} ${ref.generation} obj`)
    }
    return found.value
  }

  async function readObjectStream(number: number): Promise<ObjectStream> {
    const entry = findXrefEntry(xref, number)
    if (entry?.type !== ENTRY.plain) {
      throw malformed('xref', 0, `object stream ${number} as a plain object`)
    }
    const ref: PdfRef = { kind: 'ref', number, generation: entry.detail }
    const stream = asKind(await readPlain(ref, entry), 'stream')
    if (stream === undefined) throw malformed('object stream', entry.place, 'a stream')
    // What describes an object stream cannot lie in one (§7.5.7): it could be waiting for itself.
    const data = await readStreamData(source, stream, resolver(getPlain))
    return parseObjectStream(stream, data)
  }

  async function objectStream(number: number): Promise<ObjectStream> {
    const known = streams.get(number)
    if (known !== undefined) return known
    const opened = await readObjectStream(number)
    const meanwhile = streams.get(number)
    if (meanwhile !== undefined) return meanwhile
    budget.spend(opened.data.length / INFLATED_BYTES_A_UNIT)
    streams.set(number, opened)
    keptBytes += opened.data.length
    for (const [oldest, { data }] of streams) {
      if (keptBytes <= MAX_KEPT_BYTES || oldest === number) break
      streams.delete(oldest)
      keptBytes -= data.length
    }
    return opened
  }

  async function getPlain(ref: PdfRef): Promise<PdfValue> {
    const entry = findXrefEntry(xref, ref.number)
    if (entry?.type !== ENTRY.plain || entry.detail !== ref.generation) return null
    return readPlain(ref, entry)
  }

  async function get(ref: PdfRef): Promise<PdfValue> {
    budget.spend(UNITS_AN_OBJECT + lookupUnits)
    const entry = findXrefEntry(xref, ref.number)
    if (entry?.type === ENTRY.compressed && ref.generation === 0) {
      const stream = await objectStream(entry.place)
      return parseCompressedObject(stream, ref.number, entry.detail, budget)
    }
    return getPlain(ref)
  }

  return get
}
