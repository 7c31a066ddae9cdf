/**
 * The journal as people ask for it: one row for each time that somebody was asked, with how it ended.
 * @module
 */
import type { ErrorCode } from '@trien/sdk/errors'
import type { AskedEntry, Body, EndedEntry, PinAskedEntry } from './entry.ts'

/** What every row has. */
interface Row {
  readonly n: number
  /** When the person was asked; ISO 8601, UTC. */
  readonly time: string
  /** `unknown` where the bridge was ended before it could write how it went; what is being asked now too. */
  readonly result: 'signed' | 'done' | 'unknown' | ErrorCode
}

/** One request to sign. */
export interface SignRow extends Row, Omit<AskedEntry, 'kind'> {
  readonly deed: 'sign'
  /** How many of the documents were signed, the first ones. */
  readonly signed: number
}

/** One request to change or unlock a PIN. */
export type PinRow = Row & Omit<PinAskedEntry, 'kind'>

/** Any request. */
export type JournalRow = SignRow | PinRow

/** Joins what was asked with how it ended. */
export function findRows(bodies: readonly Body[]): JournalRow[] {
  const ends = new Map<number, EndedEntry>()
  for (const body of bodies) if (body.kind === 'ended') ends.set(body.asked, body)
  return bodies.flatMap((body): JournalRow[] => {
    const { result = 'unknown', signed = 0 } = ends.get(body.n) ?? {}
    if (body.kind === 'pin-asked') {
      const { n, time, deed, origin, token } = body
      return [{ n, time, deed, origin, token, result }]
    }
    if (body.kind !== 'asked') return []
    const { n, time, origin, documents, certificate, token, blind } = body
    const row = { n, time, origin, documents, certificate, token, result, signed } as const
    return [{ deed: 'sign', ...row, ...(blind && { blind }) }]
  })
}

/** How one document of a row ended: a run that broke off has signed its first ones. */
export function resultOf(row: SignRow, index: number): JournalRow['result'] {
  return index < row.signed ? 'signed' : row.result
}
