/**
 * Objects by their number: plain ones from the file, compressed ones from their object stream, each read and decrypted
 * when it is asked for.
 * @module
 */
import { Budget } from './budget.ts'
import type { ObjectCipher } from './cipher.ts'
import { malformed } from './malformed.ts'
import { asKind, type PdfRef, type PdfValue, type Resolve } from './objects.ts'
import { parseCompressedObject, parseObjectStream, type ObjectStream } from './object-stream.ts'
import { costOf, parseAt, parseIndirectObject } from './parser.ts'
import type { ByteSource } from './source.ts'
import { readStreamData } from './stream-data.ts'
import { findXrefEntry, lookupCost, type Xref } from './xref.ts'
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

/** Gets the object of that number; null where there is none. */
export type GetObject = (ref: PdfRef) => Promise<PdfValue>

/** Follows references to what they mean. */
export function resolver(get: GetObject): Resolve {
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

/** Object streams that were decoded, the last few of them. */
class ObjectStreams {
  readonly #open = new Map<number, ObjectStream>()
  #keptBytes = 0

  get(number: number): ObjectStream | undefined {
    return this.#open.get(number)
  }

  keep(number: number, opened: ObjectStream): void {
    this.#open.set(number, opened)
    this.#keptBytes += opened.data.length
    for (const [oldest, { data }] of this.#open) {
      if (this.#keptBytes <= MAX_KEPT_BYTES || oldest === number) break
      this.#open.delete(oldest)
      this.#keptBytes -= data.length
    }
  }
}

/** Makes the reader of a file's objects; `cipher` where the file is encrypted. */
export function objectReader(source: ByteSource, xref: Xref, cipher?: ObjectCipher): GetObject {
  const streams = new ObjectStreams()
  const budget = new Budget(MAX_UNITS)
  const lookupUnits = lookupCost(xref)

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
    return cipher === undefined ? found.value : cipher.decrypt(found.value, ref, budget)
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
    const data = await readStreamData(source, stream, resolver(getPlain), cipher)
    return parseObjectStream(stream, data)
  }

  async function objectStream(number: number): Promise<ObjectStream> {
    const known = streams.get(number)
    if (known !== undefined) return known
    const opened = await readObjectStream(number)
    const meanwhile = streams.get(number)
    if (meanwhile !== undefined) return meanwhile
    budget.spend(opened.data.length / INFLATED_BYTES_A_UNIT)
    streams.keep(number, opened)
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
      // Its strings were encrypted with the whole stream (§7.6.2).
      const stream = await objectStream(entry.place)
      return parseCompressedObject(stream, ref.number, entry.detail, budget)
    }
    return getPlain(ref)
  }

  return get
}
