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
import { areOrdered, createRun, ENTRY, type XrefRun, type XrefSection } from './xref-section.ts'

/** `0 0 n` and a line end: no entry is shorter. */
const MIN_ENTRY_BYTES = 6
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
    runs.push(parseRun(lexer, createRun(first, count, budget)))
  }
  const trailer = parseValue(lexer)
  if (typeof trailer !== 'object' || trailer?.kind !== 'dict') {
    throw malformed('trailer', lexer.offset, 'a dictionary')
  }
  budget.spend(costOf(lexer))
  return { kind: 'table', offset, trailer, runs, isOrdered: areOrdered(runs, offset) }
}

function parseRun(lexer: Lexer, run: XrefRun): XrefRun {
  for (let index = 0; index < run.types.length; index++) {
    lexer.skipSpace()
    if (!takeFixedEntry(lexer, run, index)) takeLooseEntry(lexer, run, index)
  }
  return run
}

/** The fixed form `nnnnnnnnnn ggggg n`: tens of thousands of these must cost milliseconds. */
function takeFixedEntry(lexer: Lexer, run: XrefRun, index: number): boolean {
  const { bytes, position } = lexer
  const place = digitsAt(bytes, position, 10)
  const detail = digitsAt(bytes, position + 11, 5)
  const type = bytes[position + 17]
  const isSpaced = bytes[position + 10] === CHAR.space && bytes[position + 16] === CHAR.space
  if (place === -1 || detail === -1 || !isSpaced || (type !== IN_USE && type !== FREE)) return false
  lexer.position += 18
  setEntry(run, index, type, place, detail)
  return true
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

/** Any other spacing and padding that is still clear. */
function takeLooseEntry(lexer: Lexer, run: XrefRun, index: number): void {
  const place = lexer.takeUnsigned()
  const detail = lexer.takeUnsigned()
  lexer.skipSpace()
  const type = lexer.peek()
  if (place === undefined || detail === undefined || (type !== IN_USE && type !== FREE)) {
    throw malformed('xref', lexer.offset, 'an entry')
  }
  lexer.position++
  setEntry(run, index, type, place, detail)
}

function setEntry(run: XrefRun, index: number, type: number, place: number, detail: number): void {
  run.types[index] = type === IN_USE ? ENTRY.plain : ENTRY.free
  run.places[index] = place
  run.details[index] = detail
}
