/**
 * The journal as people ask for it: one row for each time that somebody was asked, with how it ended.
 * @module
 */
import type { ErrorCode } from '@trien/sdk/errors'
import type { AskedEntry, Body, EndedEntry, PinAskedEntry } from './entry.ts'

/** One request to sign. */
export interface JournalRow extends Omit<AskedEntry, 'kind'> {
  readonly n: number
  /** When the person was asked; ISO 8601, UTC. */
  readonly time: string
  /** `unknown` where the bridge was ended before it could write how it went; what is being asked now too. */
  readonly result: 'signed' | 'done' | 'unknown' | ErrorCode
  /** How many of the documents were signed, the first ones. */
  readonly signed: number
}

/** Joins what was asked with how it ended. */
export function findRows(bodies: readonly Body[]): JournalRow[] {
  const ends = new Map<number, EndedEntry>()
  for (const body of bodies) if (body.kind === 'ended') ends.set(body.asked, body)
  return bodies.flatMap((body) => {
    if (body.kind !== 'asked') return []
    const { n, time, origin, documents, certificate, token, blind } = body
    const { result = 'unknown', signed = 0 } = ends.get(n) ?? {}
    const row = { n, time, origin, documents, certificate, token, result, signed } as const
    return blind ? { ...row, blind } : row
  })
}

/** One request to change or unlock a PIN. */
export interface PinRow extends Omit<PinAskedEntry, 'kind'> {
  readonly n: number
  readonly time: string
  readonly result: JournalRow['result']
}

/** As `findRows`, for PINs. */
export function findPinRows(bodies: readonly Body[]): PinRow[] {
  const ends = new Map<number, EndedEntry>()
  for (const body of bodies) if (body.kind === 'ended') ends.set(body.asked, body)
  return bodies.flatMap((body) => {
    if (body.kind !== 'pin-asked') return []
    const { n, time, deed, origin, token } = body
    return { n, time, deed, origin, token, result: ends.get(n)?.result ?? 'unknown' } as const
  })
}

/** How one document of a row ended: a run that broke off has signed its first ones. */
export function resultOf(row: JournalRow, index: number): JournalRow['result'] {
  return index < row.signed ? 'signed' : row.result
}
