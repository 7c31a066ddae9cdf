/**
 * Whether what an authority said is still what it says.
 * @module
 */

/** When it was said, and by when something newer will be. */
export interface Issued {
  readonly thisUpdate: Date
  readonly nextUpdate: Date | undefined
}

/** Clocks of personal computers are wrong by minutes, and nobody should be kept from signing for that. */
export const CLOCK_TOLERANCE_MS = 300_000
/** Of what does not say how long it holds: newer is always to be had (RFC 6960 §4.2.2.1). */
const UNDATED_MS = 86_400_000

/** Tells whether it holds at a time, give or take five minutes. */
export function isCurrent({ thisUpdate, nextUpdate }: Issued, now: Date): boolean {
  const until = nextUpdate?.getTime() ?? thisUpdate.getTime() + UNDATED_MS
  return (
    thisUpdate.getTime() <= now.getTime() + CLOCK_TOLERANCE_MS &&
    until >= now.getTime() - CLOCK_TOLERANCE_MS
  )
}
