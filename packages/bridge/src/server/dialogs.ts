/**
 * Asking the person: one dialog at a time over the whole bridge, each with a deadline of its own.
 * @module
 */
import { UserError } from '@trien/sdk/errors'
import { PERSON_TIMEOUT_MS } from '@trien/sdk/wire'
import type { Call } from './call.ts'
import { createTurns } from './turns.ts'

/** As many as an origin may hold sockets: each of its tabs may have asked. */
const MAX_PER_ORIGIN = 4
/** The dialog itself closes first; this ends one that does not. */
const GRACE_MS = 3_000

/** The line of dialogs. */
export interface Dialogs {
  /**
   * Shows a dialog when those before it are closed.
   * @param show gets a signal that aborts with the call, or after the deadline
   * @throws {BridgeError} BRIDGE_BUSY where others' dialogs stay open too long
   * @throws {UserError} USER_TIMEOUT, and what `show` throws
   */
  ask<T>(call: Call, show: (signal: AbortSignal) => Promise<T>): Promise<T>
}

/** @param timeoutMs how long one dialog may stay */
export function createDialogs(timeoutMs: number = PERSON_TIMEOUT_MS): Dialogs {
  const turns = createTurns({ maxPerOrigin: MAX_PER_ORIGIN, maxWaitMs: timeoutMs })
  return {
    ask: ({ origin, signal }, show) =>
      turns.take({ origin, signal }, async () => {
        const deadline = new AbortController()
        const timer = setTimeout(() => {
          deadline.abort(new UserError('USER_TIMEOUT'))
        }, timeoutMs + GRACE_MS)
        try {
          return await show(AbortSignal.any([signal, deadline.signal]))
        } finally {
          clearTimeout(timer)
        }
      }),
  }
}
