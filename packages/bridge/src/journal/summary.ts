/**
 * The journal counted: documents by month, origin and certificate.
 * @module
 */
import { type JournalRow, resultOf } from './rows.ts'

/** One line of the count. */
export interface JournalCount {
  /** `2026-11`, UTC. */
  readonly month: string
  readonly origin: string
  readonly certificate: { readonly id: string; readonly holder: string }
  /** Documents signed. */
  readonly signed: number
  /** Documents asked for and not signed, or not known to be. */
  readonly unsigned: number
}

/** @returns sorted by month, then origin, then certificate */
export function countRows(rows: readonly JournalRow[]): JournalCount[] {
  const counts = new Map<string, JournalCount>()
  for (const row of rows) {
    const { origin, certificate } = row
    const month = row.time.slice(0, 7)
    const key = JSON.stringify([month, origin, certificate.id])
    const { signed = 0, unsigned = 0 } = counts.get(key) ?? {}
    const more = row.documents.filter((_, index) => resultOf(row, index) === 'signed').length
    counts.set(key, {
      ...{ month, origin, certificate },
      signed: signed + more,
      unsigned: unsigned + row.documents.length - more,
    })
  }
  return [...counts].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, count]) => count)
}
