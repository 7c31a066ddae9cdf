/**
 * What one cross-reference section says, whichever way it was written. Entries stay as they stand in the file and are read
 * when they are asked for: a file of ten thousand pages has tens of thousands, and signing it looks up a dozen.
 * @module
 */
import { malformed } from './malformed.ts'
import type { PdfDict } from './objects.ts'

/** Types of entries, numbered as in cross-reference streams (Table 18). */
export const ENTRY = { free: 0, plain: 1, compressed: 2 } as const

/** Entries of consecutive object numbers. */
export interface XrefRun {
  readonly first: number
  readonly count: number
  /**
   * @param index below `count`
   * @throws {FormatError} FORMAT_MALFORMED
   */
  readonly entryAt: (index: number) => XrefEntry
}

/** One section with its trailer. */
export interface XrefSection {
  readonly kind: 'table' | 'stream'
  /** Offset of `xref`, or of the stream's `N G obj`. */
  readonly offset: number
  readonly trailer: PdfDict
  readonly runs: readonly XrefRun[]
  /** The runs rise without overlap. */
  readonly isOrdered: boolean
}

/** One entry. */
export interface XrefEntry {
  readonly type: number
  /** Offset of a plain object; object number of the stream that holds a compressed one. */
  readonly place: number
  /** Generation of a plain or free object; index of a compressed one. */
  readonly detail: number
}

/** Runs out of order, which are then looked through one by one. */
const MAX_LOOSE_RUNS = 1024

/**
 * Tells whether runs rise without overlap, as they should.
 * @throws {FormatError} FORMAT_MALFORMED where very many do not
 */
export function areOrdered(runs: readonly XrefRun[], offset: number): boolean {
  let end = 0
  for (const { first, count } of runs) {
    if (first < end) {
      if (runs.length <= MAX_LOOSE_RUNS) return false
      throw malformed('xref', offset, 'subsections in order')
    }
    end = first + count
  }
  return true
}

/** Finds the entry of an object in a section. */
export function findEntry(section: XrefSection, number: number): XrefEntry | undefined {
  const { runs, isOrdered } = section
  if (!isOrdered) {
    for (const run of runs) {
      const entry = entryIn(run, number)
      if (entry !== undefined) return entry
    }
    return undefined
  }
  let low = 0
  let high = runs.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((runs[middle] as XrefRun).first <= number) low = middle + 1
    else high = middle
  }
  const run = runs[low - 1]
  return run && entryIn(run, number)
}

function entryIn(run: XrefRun, number: number): XrefEntry | undefined {
  const index = number - run.first
  return index >= 0 && index < run.count ? run.entryAt(index) : undefined
}
