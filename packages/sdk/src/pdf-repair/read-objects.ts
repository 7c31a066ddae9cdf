/**
 * The objects of a file as they follow one another, whatever its cross-reference says: each is parsed, and where it ends
 * the next is looked for, so that nothing inside of a stream is taken for an object.
 * @module
 */
import { Budget } from '../pdf/budget.ts'
import { Lexer } from '../pdf/lexer.ts'
import { isSigningError } from '../errors.ts'
import { asKind, integerOf, type PdfDict, type PdfRef, type PdfValue } from '../pdf/objects.ts'
import { costOf, parseIndirectObject, parseValue } from '../pdf/parser.ts'
import { findCandidates, type Candidate } from './find-objects.ts'
import { findText } from './find-text.ts'
import type { Repair } from './repair.ts'

/** An object as it was found. */
export interface FoundObject {
  readonly ref: PdfRef
  readonly value: PdfValue
  readonly offset: number
  /** What a stream holds, as it is stored. */
  readonly data?: Uint8Array
}

/** All that was found. */
export interface FoundFile {
  /** In the order of the file; of one number there may be several. */
  readonly objects: readonly FoundObject[]
  /** Dictionaries behind `trailer`, in the order of the file. */
  readonly trailers: readonly PdfDict[]
  readonly repairs: readonly Repair[]
}

/** As much as reading a sound file may cost. */
const MAX_UNITS = 64 << 20
const MAX_TRAILERS = 4096

/**
 * Reads a file from its start to its end.
 * @throws {FormatError} FORMAT_UNSUPPORTED where that would take too long
 */
export function readObjects(bytes: Uint8Array): FoundFile {
  const reader = new FileReader(bytes)
  reader.run()
  return reader
}

class FileReader implements FoundFile {
  readonly objects: FoundObject[] = []
  readonly trailers: PdfDict[] = []
  readonly repairs: Repair[] = []
  readonly #bytes: Uint8Array
  readonly #candidates: readonly Candidate[]
  /** The last place of each number. */
  readonly #places: ReadonlyMap<number, number>
  readonly #budget = new Budget(MAX_UNITS)
  #endstreams = true

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#candidates = findCandidates(bytes)
    this.#places = new Map(this.#candidates.map(({ number, offset }) => [number, offset]))
  }

  run(): void {
    let end = 0
    for (const candidate of this.#candidates) {
      if (candidate.offset < end) continue
      this.#readTrailers(end, candidate.offset)
      end = this.#readObject(candidate)
    }
    this.#readTrailers(end, this.#bytes.length)
  }

  /** @returns the offset behind it */
  #readObject({ number, offset }: Candidate): number {
    const found = this.#parse(offset, parseIndirectObject)
    if (found === undefined) {
      this.repairs.push({ what: 'object-lost', object: number })
      return offset + 1
    }
    const { ref, value } = found.result
    const stream = asKind(value, 'stream')
    if (stream === undefined) {
      this.objects.push({ ref, value, offset })
      return this.#endOf(ref, found.end)
    }
    const span = this.#dataOf(stream.dict, stream.dataOffset)
    if (span === undefined) {
      this.repairs.push({ what: 'object-lost', object: number })
      return stream.dataOffset
    }
    if (!span.isLengthTrue) this.repairs.push({ what: 'stream-length', object: number })
    const data = this.#bytes.subarray(stream.dataOffset, span.end)
    this.objects.push({ ref, value, offset, data })
    return this.#endOf(ref, findText(this.#bytes, 'endstream', span.end) + 'endstream'.length)
  }

  #endOf({ number }: PdfRef, end: number): number {
    const lexer = new Lexer(this.#bytes.subarray(end, end + 64), end)
    if (!lexer.takeKeyword('endobj')) this.repairs.push({ what: 'object-end', object: number })
    return end
  }

  /** /Length counts where `endstream` stands behind it; else the next `endstream` does, without its line end. */
  #dataOf(dict: PdfDict, start: number): { end: number; isLengthTrue: boolean } | undefined {
    const length = this.#lengthOf(dict)
    if (length !== undefined && length >= 0 && start + length <= this.#bytes.length) {
      const end = start + length
      const lexer = new Lexer(this.#bytes.subarray(end, end + 64), end)
      if (lexer.takeKeyword('endstream')) return { end, isLengthTrue: true }
    }
    const next = this.#endstreams ? findText(this.#bytes, 'endstream', start) : -1
    // Asked once: a search to the end of the file that finds nothing finds nothing later on either.
    if (next === -1) this.#endstreams = false
    if (next === -1) return undefined
    let end = next
    if (end > start && this.#bytes[end - 1] === 0x0a) end--
    if (end > start && this.#bytes[end - 1] === 0x0d) end--
    return { end, isLengthTrue: false }
  }

  #lengthOf(dict: PdfDict): number | undefined {
    const given = dict.entries.get('Length')
    const ref = asKind(given, 'ref')
    const place = ref && this.#places.get(ref.number)
    if (place === undefined) return integerOf(given)
    return integerOf(this.#parse(place, parseIndirectObject)?.result.value)
  }

  #readTrailers(start: number, end: number): void {
    let at = findText(this.#bytes, 'trailer', start, end)
    while (at !== -1 && this.trailers.length < MAX_TRAILERS) {
      const behind = at + 'trailer'.length
      const dict = asKind(this.#parse(behind, (lexer) => parseValue(lexer))?.result, 'dict')
      if (dict !== undefined) this.trailers.push(dict)
      at = findText(this.#bytes, 'trailer', behind, end)
    }
  }

  /** Undefined where there is something else; what it cost counts all the same. */
  #parse<T>(
    offset: number,
    parse: (lexer: Lexer) => T,
  ): { readonly result: T; readonly end: number } | undefined {
    const lexer = new Lexer(this.#bytes.subarray(offset), offset)
    try {
      const result = parse(lexer)
      return { result, end: lexer.offset }
    } catch (error) {
      if (isSigningError(error) && error.code === 'FORMAT_MALFORMED') return undefined
      throw error
    } finally {
      this.#budget.spend(costOf(lexer))
    }
  }
}
