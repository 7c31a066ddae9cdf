/**
 * What was asked and what came of it, whoever asked.
 * @module
 */

/** How one request ended at the page's end. */
export interface Outcome {
  /** Unique; the names of its documents begin with it. */
  readonly name: string
  readonly asked: number
  /** Signatures that arrived, whether the request then succeeded or not. */
  readonly arrived: number
  /** The code of the error; undefined where it succeeded. */
  readonly code: string | undefined
}

export interface Ledger {
  readonly outcomes: readonly Outcome[]
  /** Signatures that arrived. */
  readonly delivered: number
  add(outcome: Outcome): void
  /** How many requests ended with each code. */
  codes(): Readonly<Record<string, number>>
}

export function createLedger(): Ledger {
  const outcomes: Outcome[] = []
  let delivered = 0
  return {
    outcomes,
    get delivered() {
      return delivered
    },
    add(outcome) {
      outcomes.push(outcome)
      delivered += outcome.arrived
    },
    codes() {
      const counts: Record<string, number> = {}
      for (const { code = 'signed' } of outcomes) counts[code] = (counts[code] ?? 0) + 1
      return counts
    },
  }
}
