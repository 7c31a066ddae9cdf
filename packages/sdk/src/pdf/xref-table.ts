/**
 * Cross-reference tables, ISO 32000-2 §7.5.4:
 *
 *     xref
 *     0 2                       first object number, count
 *     0000000000 65535 f        20 bytes an entry; other line ends are met, and read
 *     0000000017 00000 n
 *     trailer << … >>
 * @module
 */
import type { Budget } from './budget.ts'
import { CHAR, isDigit, type Lexer } from './lexer.ts'
import { malformed } from './malformed.ts'
import { costOf, parseValue } from './parser.ts'
import {
  areOrdered,
  ENTRY,
  type XrefEntry,
  type XrefRun,
  type XrefSection,
} from './xref-section.ts'

/** `0 0 n` and a line end: no entry is shorter. */
const MIN_ENTRY_BYTES = 6
/** `nnnnnnnnnn ggggg n` and a line end of two bytes. */
const ENTRY_BYTES = 20
/** What an entry costs that had to be parsed, beside the bytes that it was parsed from. */
const UNITS_AN_ENTRY = 16
/** `n` and `f`. */
const IN_USE = 0x6e
const FREE = 0x66

/**
 * Parses a table and its trailer; the lexer stands at `xref`.
 * @param fileBytes size of the file, which bounds the counts
 */
export function parseXrefTable(lexer: Lexer, fileBytes: number, budget: Budget): XrefSection {
  const offset = lexer.offset
  if (!lexer.takeKeyword('xref')) throw malformed('xref', offset, 'xref')
  const runs: XrefRun[] = []
  for (;;) {
    if (lexer.takeKeyword('trailer')) break
    const first = lexer.takeUnsigned()
    const count = first === undefined ? undefined : lexer.takeUnsigned()
    if (first === undefined || count === undefined) {
      throw malformed('xref', lexer.offset, 'a subsection or trailer')
    }
    if (count * MIN_ENTRY_BYTES > fileBytes) throw malformed('xref', lexer.offset, 'a sane count')
    runs.push(takeFixedRun(lexer, first, count) ?? parseLooseRun(lexer, { first, count }, budget))
  }
  const trailer = parseValue(lexer)
  if (typeof trailer !== 'object' || trailer?.kind !== 'dict') {
    throw malformed('trailer', lexer.offset, 'a dictionary')
  }
  budget.spend(costOf(lexer))
  return { kind: 'table', offset, trailer, runs, isOrdered: areOrdered(runs, offset) }
}

/** Takes a run of which every entry has the fixed form; undefined, and stays, where one has not. */
function takeFixedRun(lexer: Lexer, first: number, count: number): XrefRun | undefined {
  const start = lexer.position
  lexer.skipSpace()
  // Asks for a wider window where this one ends within the run.
  if (count > 0) lexer.peek(count * ENTRY_BYTES - 1)
  const { position } = lexer
  const bytes = lexer.bytes.subarray(position, position + count * ENTRY_BYTES)
  if (bytes.length < count * ENTRY_BYTES || !areFixed(bytes)) {
    lexer.position = start
    return undefined
  }
  lexer.position = position + bytes.length
  return { first, count, entryAt: (index) => readFixedEntry(bytes, index * ENTRY_BYTES) }
}

/**
 * Digits too: an entry that is padded by spaces is read as well, and one that is none is refused, wanted or not. Four bytes
 * at a time, for of tens of thousands of entries this looks at each: `d` a digit, `_` a space, `t` the type, `e` a line end
 *
 *     dddd dddd dd_d dddd _tee
 */
function areFixed(bytes: Uint8Array): boolean {
  const words = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  let wrong = 0
  for (let at = 0; at < bytes.length; at += ENTRY_BYTES) {
    const third = words.getUint32(at + 8) ^ 0x30302030
    const last = words.getUint32(at + 16)
    wrong |= notDigits(words.getUint32(at) ^ 0x30303030)
    wrong |= notDigits(words.getUint32(at + 4) ^ 0x30303030)
    // What must be a space is 0 by now, and a 0 is what must be a digit.
    wrong |= notDigits(third) | (third & 0xff00)
    wrong |= notDigits(words.getUint32(at + 12) ^ 0x30303030)
    const type = (last >>> 16) & 0xff
    const isEntry = last >>> 24 === CHAR.space && (type === IN_USE || type === FREE)
    if (!isEntry || !isLineEnd((last >>> 8) & 0xff) || !isLineEnd(last & 0xff)) return false
  }
  return wrong === 0
}

/** Of four digits, each less its `0`: not 0 where one is above 9. */
function notDigits(four: number): number {
  return (four | (four + 0x06060606)) & 0xf0f0f0f0
}

function isLineEnd(byte: number): boolean {
  return byte === CHAR.space || byte === CHAR.lf || byte === CHAR.cr
}

function readFixedEntry(bytes: Uint8Array, at: number): XrefEntry {
  return entryOf(bytes[at + 17], digitsAt(bytes, at, 10), digitsAt(bytes, at + 11, 5))
}

function digitsAt(bytes: Uint8Array, start: number, count: number): number {
  let value = 0
  for (let at = start; at < start + count; at++) {
    const byte = bytes[at] ?? 0
    if (!isDigit(byte)) return -1
    value = value * 10 + byte - CHAR.zero
  }
  return value
}

/** Entries of any other spacing and padding that is still clear. */
function parseLooseRun(
  lexer: Lexer,
  { first, count }: Pick<XrefRun, 'first' | 'count'>,
  budget: Budget,
): XrefRun {
  budget.spend(count * UNITS_AN_ENTRY)
  const entries = Array.from({ length: count }, () => parseLooseEntry(lexer))
  return { first, count, entryAt: (index) => entries[index] as XrefEntry }
}

function parseLooseEntry(lexer: Lexer): XrefEntry {
  const place = lexer.takeUnsigned()
  const detail = lexer.takeUnsigned()
  lexer.skipSpace()
  const type = lexer.peek()
  if (place === undefined || detail === undefined || (type !== IN_USE && type !== FREE)) {
    throw malformed('xref', lexer.offset, 'an entry')
  }
  lexer.position++
  return entryOf(type, place, detail)
}

function entryOf(type: number | undefined, place: number, detail: number): XrefEntry {
  return { type: type === IN_USE ? ENTRY.plain : ENTRY.free, place, detail }
}
