/**
 * Objects from tokens: ISO 32000-2 §7.3, one object at a time, from any offset of the file.
 * @module
 */
import { CHAR, CutOff, isDigit, Lexer } from './lexer.ts'
import { malformed } from './malformed.ts'
import type { PdfDict, PdfRef, PdfStream, PdfValue } from './objects.ts'
import type { ByteSource } from './source.ts'

/** Nothing that people make nests deeper; hostile files do. */
const MAX_DEPTH = 100
/** The widest object outside of streams: an array of more than a million references. */
const MAX_OBJECT_BYTES = 16 << 20
const FIRST_WINDOW_BYTES = 1 << 11
/** As many references as the widest object can hold; each value takes memory that its bytes do not show. */
const MAX_VALUES = 2 << 20
/** Making a value takes as long as passing over this many bytes. */
const UNITS_A_VALUE = 16

/** An object as it stands in the file: `number generation obj … endobj`. */
export interface IndirectObject {
  readonly ref: PdfRef
  readonly value: PdfValue
}

/** What parsing cost so far, in units of `Budget`. */
export function costOf(lexer: Lexer): number {
  return lexer.position + lexer.values * UNITS_A_VALUE
}

/** Parses the value that comes next. */
export function parseValue(lexer: Lexer, depth = 0): PdfValue {
  lexer.skipSpace()
  const start = lexer.offset
  if (depth > MAX_DEPTH) throw malformed('object', start, `at most ${MAX_DEPTH} levels`)
  if (++lexer.values > MAX_VALUES) throw malformed('object', start, `at most ${MAX_VALUES} values`)
  const byte = lexer.peek()
  switch (byte) {
    case CHAR.slash:
      return { kind: 'name', name: lexer.takeName() }
    case CHAR.open:
      return { kind: 'string', form: 'literal', bytes: lexer.takeLiteralString() }
    case CHAR.openBracket:
      return parseArray(lexer, depth)
    case CHAR.less:
      if (lexer.peek(1) === CHAR.less) return parseDict(lexer, depth)
      return { kind: 'string', form: 'hex', bytes: lexer.takeHexString() }
  }
  if (isDigit(byte)) {
    const ref = parseRef(lexer)
    if (ref !== undefined) return ref
  }
  return parseWord(lexer.takeWord(), start)
}

function parseWord(word: string, offset: number): PdfValue {
  if (word === 'true' || word === 'false') return word === 'true'
  if (word === 'null') return null
  const value = numberOf(word)
  if (value === undefined) throw malformed('object', offset, 'a PDF object')
  return { kind: 'number', value, spelling: word }
}

/** The value of a PDF number: sign, digits, one point; no exponent. */
function numberOf(word: string): number | undefined {
  let digits = 0
  let points = 0
  for (let index = 0; index < word.length; index++) {
    const byte = word.charCodeAt(index)
    if (isDigit(byte)) digits++
    else if (byte === CHAR.dot) points++
    else if (index > 0 || (byte !== CHAR.plus && byte !== CHAR.minus)) return undefined
  }
  return digits > 0 && points <= 1 ? Number(word) : undefined
}

function parseRef(lexer: Lexer): PdfRef | undefined {
  const start = lexer.position
  const number = lexer.takeUnsigned()
  const generation = number === undefined ? undefined : lexer.takeUnsigned()
  if (number !== undefined && generation !== undefined && lexer.takeKeyword('R')) {
    return { kind: 'ref', number, generation }
  }
  lexer.position = start
  return undefined
}

function parseArray(lexer: Lexer, depth: number): PdfValue {
  lexer.position++
  const items: PdfValue[] = []
  for (;;) {
    lexer.skipSpace()
    if (lexer.peek() === CHAR.closeBracket) break
    items.push(parseValue(lexer, depth + 1))
  }
  lexer.position++
  return { kind: 'array', items }
}

function parseDict(lexer: Lexer, depth: number): PdfDict {
  lexer.position += 2
  const entries = new Map<string, PdfValue>()
  for (;;) {
    lexer.skipSpace()
    const byte = lexer.peek()
    if (byte === CHAR.greater && lexer.peek(1) === CHAR.greater) break
    if (byte !== CHAR.slash) throw malformed('dictionary', lexer.offset, '/ or >>')
    const key = lexer.takeName()
    entries.set(key, parseValue(lexer, depth + 1))
  }
  lexer.position += 2
  return { kind: 'dict', entries }
}

/** Parses `number generation obj` and the object after it; a stream's data is left where it is. */
export function parseIndirectObject(lexer: Lexer): IndirectObject {
  const start = lexer.offset
  const number = lexer.takeUnsigned()
  const generation = number === undefined ? undefined : lexer.takeUnsigned()
  if (number === undefined || generation === undefined || !lexer.takeKeyword('obj')) {
    throw malformed('object', start, 'N G obj')
  }
  const value = parseValue(lexer)
  const ref: PdfRef = { kind: 'ref', number, generation }
  if (typeof value !== 'object' || value?.kind !== 'dict') return { ref, value }
  const stream = parseStreamStart(lexer, ref, value)
  return { ref, value: stream ?? value }
}

/** §7.3.8.1: `stream` is followed by CR LF or LF; a lone CR is met in old files. */
function parseStreamStart(lexer: Lexer, ref: PdfRef, dict: PdfDict): PdfStream | undefined {
  if (!lexer.takeKeyword('stream')) return undefined
  if (lexer.peek() === CHAR.cr) lexer.position++
  if (lexer.peek() === CHAR.lf) lexer.position++
  return { kind: 'stream', ref, dict, dataOffset: lexer.offset }
}

/**
 * Runs a parser at an offset of the file, over a window that grows while it is too narrow.
 * @throws {FormatError} FORMAT_MALFORMED where `maxBytes` do not suffice
 */
export async function parseAt<T>(
  source: ByteSource,
  offset: number,
  parse: (lexer: Lexer) => T,
  maxBytes = MAX_OBJECT_BYTES,
): Promise<T> {
  const freeBytes = Math.min(source.reach(offset) - offset, maxBytes)
  for (let length = Math.max(FIRST_WINDOW_BYTES, freeBytes); ;) {
    const isWhole = offset + length >= source.size
    const bytes = await source.read(offset, offset + length)
    try {
      return parse(new Lexer(bytes, offset, isWhole))
    } catch (error) {
      if (!(error instanceof CutOff)) throw error
      if (length >= maxBytes) throw malformed('object', offset, `at most ${maxBytes} bytes`)
      // What is known to be wanted comes at once: a Blob answers each read through the event loop.
      length = Math.max(length * 8, error.wantedBytes + FIRST_WINDOW_BYTES)
    }
  }
}
