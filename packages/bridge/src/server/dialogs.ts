/**
 * Asking the person: one dialog at a time over the whole bridge, each with a deadline of its own, and no page may ask
 * again and again what was refused.
 * @module
 */
import { UserError } from '@trien/sdk/errors'
import { PERSON_TIMEOUT_MS } from '@trien/sdk/wire'
import type { Call } from './call.ts'
import { createCoolDown } from './cool-down.ts'
import { createTurns } from './turns.ts'

/** A few of its tabs may have asked at once. */
const MAX_PER_ORIGIN = 4
/** The dialog itself closes first; this ends one that does not. */
const GRACE_MS = 3_000
/**
 * So many dialogs that the page itself took back count as one refusal: a few are a person who changes his mind, a loop
 * of them snatches the keyboard again and again.
 */
const TAKEN_BACK_PER_REFUSAL = 4

/** The line of dialogs. */
export interface Dialogs {
  /**
   * Shows a dialog when those before it are closed.
   * @param show gets a signal that aborts with the call, or after the deadline
   * @throws {BridgeError} BRIDGE_BUSY where others' dialogs stay open too long, BRIDGE_BUSY {reason: pause, retryAfterMs}
   *   where the origin was refused a moment ago
   * @throws {UserError} USER_TIMEOUT, and what `show` throws
   */
  ask<T>(
    call: Pick<Call, 'origin' | 'signal'>,
    show: (signal: AbortSignal) => Promise<T>,
  ): Promise<T>
}

/** @param timeoutMs how long one dialog may stay; @param now milliseconds, monotonic */
export function createDialogs(
  timeoutMs: number = PERSON_TIMEOUT_MS,
  now: () => number = () => performance.now(),
): Dialogs {
  const turns = createTurns({ maxPerOrigin: MAX_PER_ORIGIN, maxWaitMs: timeoutMs })
  const coolDown = createCoolDown(now)
  return {
    ask: ({ origin, signal }, show) =>
      turns.take({ origin, signal }, async () => {
        coolDown.assertCool(origin)
        try {
          const answer = await withDeadline(signal, timeoutMs + GRACE_MS, show)
          coolDown.agree(origin)
          return answer
        } catch (error) {
          const weight = weigh(error, signal)
          if (weight > 0) coolDown.refuse(origin, weight)
          throw error
        }
      }),
  }
}

/** What the person did counts whole, what the page did in part. */
function weigh(error: unknown, signal: AbortSignal): number {
  if (signal.aborted) return 1 / TAKEN_BACK_PER_REFUSAL
  return error instanceof UserError && error.code !== 'USER_TIMEOUT' ? 1 : 0
}

async function withDeadline<T>(
  signal: AbortSignal,
  deadlineMs: number,
  show: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const deadline = new AbortController()
  const timer = setTimeout(() => {
    deadline.abort(new UserError('USER_TIMEOUT'))
  }, deadlineMs)
  try {
    return await show(AbortSignal.any([signal, deadline.signal]))
  } finally {
    clearTimeout(timer)
  }
}
