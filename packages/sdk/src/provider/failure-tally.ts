/**
 * How long a closed port may take to say so. A plain refusal comes within 75 ms, but Chromium holds back the sockets of
 * a page whose earlier ones failed, by up to 5 s · 2^failures / 2^16, and forgets failures after 3 to 6 minutes
 * (services/network/websocket_throttler.cc; measured in version 156: from the 12th failure on it is seconds).
 * @module
 */

/** No person answers a dialog faster than this, no closed port is slower while nothing is held back. */
const REFUSAL_MS = 500
const MAX_HOLD_MS = 5_000
/** Chromium counts other pages of the portal too; here they are a guess. */
const OTHERS_DOUBLINGS = 4
const MEMORY_MS = 360_000

/** Counts the failed sockets of a page. */
export class FailureTally {
  #failures = 0
  #lastMs = 0

  add(): void {
    if (performance.now() - this.#lastMs > MEMORY_MS) this.#failures = 0
    this.#lastMs = performance.now()
    this.#failures++
  }

  /** A socket opened: Chromium divides by the successes. */
  forgive(): void {
    this.#failures = 0
  }

  /** Whoever takes longer than this was not a closed port: somebody was asked, or keeps silent. */
  refusalLimitMs(): number {
    const doublings = Math.min(this.#failures + OTHERS_DOUBLINGS - 16, 0)
    return REFUSAL_MS + MAX_HOLD_MS * 2 ** doublings
  }
}
