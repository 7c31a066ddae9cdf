/**
 * Signatures on their way to the bridge. One message each would cost a fast token as much as the signature itself; so
 * those of a moment travel together, and a slow token's each for itself.
 * @module
 */
import type { Bytes } from '@trien/sdk/types'

/** No progress bar is seen to stand still so long. A message more often costs a token that is software its processor. */
const GATHER_MS = 40

/** Takes signatures in order. */
export interface Outbox {
  /** Resolves when it may go on: at once, or when what was gathered has left. */
  add(signature: Bytes): Promise<void>
  /** Sends what is left; call it however the run has ended. */
  flush(): Promise<void>
}

/**
 * Makes the outbox of one run.
 * @param send takes signatures that follow each other, and the index of their first
 * @param now milliseconds, monotonic
 */
export function createOutbox(
  send: (first: number, signatures: readonly Bytes[]) => Promise<void>,
  now: () => number = () => performance.now(),
): Outbox {
  let first = 0
  let gathered: Bytes[] = []
  let sentMs = -Infinity

  async function flush(): Promise<void> {
    if (gathered.length === 0) return
    const signatures = gathered
    const start = first
    first += signatures.length
    gathered = []
    await send(start, signatures)
    sentMs = now()
  }

  return {
    async add(signature) {
      gathered.push(signature)
      if (now() - sentMs >= GATHER_MS) await flush()
    },
    flush,
  }
}
