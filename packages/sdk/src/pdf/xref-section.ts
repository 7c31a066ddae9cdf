/**
 * What one cross-reference section says, whichever way it was written: numbers in typed arrays, no object per entry.
 * @module
 */
import type { PdfDict } from './objects.ts'

/** Types of entries, numbered as in cross-reference streams (Table 18). */
export const ENTRY = { free: 0, plain: 1, compressed: 2 } as const

/** Entries of consecutive object numbers. */
export interface XrefRun {
  readonly first: number
  readonly types: Uint8Array
  /** Offset of a plain object; object number of the stream that holds a compressed one. */
  readonly places: Float64Array
  /** Generation of a plain or free object; index of a compressed one. */
  readonly details: Float64Array
}

/** One section with its trailer. */
export interface XrefSection {
  readonly kind: 'table' | 'stream'
  /** Offset of `xref`, or of the stream's `N G obj`. */
  readonly offset: number
  readonly trailer: PdfDict
  readonly runs: readonly XrefRun[]
}

/** One entry. */
export interface XrefEntry {
  readonly type: number
  readonly place: number
  readonly detail: number
}

/** Makes an empty run of a known length. */
export function createRun(first: number, count: number): XrefRun {
  return {
    first,
    types: new Uint8Array(count),
    places: new Float64Array(count),
    details: new Float64Array(count),
  }
}

/** Finds the entry of an object in a section. */
export function findEntry(section: XrefSection, number: number): XrefEntry | undefined {
  for (const run of section.runs) {
    const index = number - run.first
    const type = run.types[index]
    if (type !== undefined) {
      return { type, place: run.places[index] as number, detail: run.details[index] as number }
    }
  }
  return undefined
}
