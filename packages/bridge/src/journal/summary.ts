/**
 * The journal counted: documents by month, origin and certificate; changes of PINs by month, who asked, and token.
 * @module
 */
import { type JournalRow, type PinRow, type SignRow, resultOf } from './rows.ts'

/** Documents, in one line of the count. */
export interface SignCount {
  /** `2026-11`, UTC. */
  readonly month: string
  readonly origin: string
  readonly deed: 'sign'
  readonly certificate: SignRow['certificate']
  /** Documents signed. */
  readonly signed: number
  /** Documents asked for and not signed, or not known to be. */
  readonly unsigned: number
}

/** Changes of PINs, in one line of the count. */
export interface PinCount extends Pick<PinRow, 'origin' | 'deed' | 'token'> {
  readonly month: string
  /** The PIN is another one since. */
  readonly done: number
  /** It is as it was, or not known to be another. */
  readonly undone: number
}

/** One line of the count. */
export type JournalCount = SignCount | PinCount

/** @returns sorted by month, then origin, then certificate; of PINs after what was signed, by token */
export function countRows(rows: readonly JournalRow[]): JournalCount[] {
  const signCounts = new Map<string, SignCount>()
  const pinCounts = new Map<string, PinCount>()
  for (const row of rows) {
    if (row.deed === 'sign') countDocuments(row, signCounts)
    else countPin(row, pinCounts)
  }
  return [...sortByKey(signCounts), ...sortByKey(pinCounts)]
}

function countDocuments(row: SignRow, counts: Map<string, SignCount>): void {
  const { deed, origin, certificate } = row
  const month = monthOf(row)
  const key = JSON.stringify([month, origin, certificate.id])
  const { signed = 0, unsigned = 0 } = counts.get(key) ?? {}
  const more = row.documents.filter((_, index) => resultOf(row, index) === 'signed').length
  counts.set(key, {
    ...{ month, origin, deed, certificate },
    signed: signed + more,
    unsigned: unsigned + row.documents.length - more,
  })
}

function countPin(row: PinRow, counts: Map<string, PinCount>): void {
  const { deed, origin, token, result } = row
  const month = monthOf(row)
  const key = JSON.stringify([month, origin ?? '', token.serial, token.label, deed])
  const { done = 0, undone = 0 } = counts.get(key) ?? {}
  const more = result === 'done' ? 1 : 0
  const sums = { done: done + more, undone: undone + 1 - more }
  counts.set(key, { ...{ month, origin, deed, token }, ...sums })
}

const monthOf = ({ time }: JournalRow): string => time.slice(0, 7)

function sortByKey<T>(counts: ReadonlyMap<string, T>): T[] {
  return [...counts].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, count]) => count)
}
