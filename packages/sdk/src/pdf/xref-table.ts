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
import type { Lexer } from './lexer.ts'
import { malformed } from './malformed.ts'
import { parseValue } from './parser.ts'
import { createRun, ENTRY, type XrefRun, type XrefSection } from './xref-section.ts'

/** `0 0 n` and a line end: no entry is shorter. */
const MIN_ENTRY_BYTES = 6

/**
 * Parses a table and its trailer; the lexer stands at `xref`.
 * @param fileBytes size of the file, which bounds the counts
 */
export function parseXrefTable(lexer: Lexer, fileBytes: number): XrefSection {
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
    runs.push(parseRun(lexer, first, count))
  }
  const trailer = parseValue(lexer)
  if (typeof trailer !== 'object' || trailer?.kind !== 'dict') {
    throw malformed('trailer', lexer.offset, 'a dictionary')
  }
  return { kind: 'table', offset, trailer, runs }
}

function parseRun(lexer: Lexer, first: number, count: number): XrefRun {
  const run = createRun(first, count)
  for (let index = 0; index < count; index++) {
    const place = lexer.takeUnsigned()
    const detail = lexer.takeUnsigned()
    lexer.skipSpace()
    const type = lexer.peek()
    if (place === undefined || detail === undefined || (type !== 0x6e && type !== 0x66)) {
      throw malformed('xref', lexer.offset, 'an entry')
    }
    lexer.position++
    run.types[index] = type === 0x6e ? ENTRY.plain : ENTRY.free
    run.places[index] = place
    run.details[index] = detail
  }
  return run
}
