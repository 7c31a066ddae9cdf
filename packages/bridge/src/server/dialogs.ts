/**
 * Asking the person: one dialog at a time over the whole bridge, each with a deadline of its own, and no page may ask
 * again and again what was refused.
 * @module
 */
import { BridgeError, UserError } from '@trien/sdk/errors'
import { PERSON_TIMEOUT_MS } from '@trien/sdk/wire'
import type { Call } from './call.ts'
import { createTurns } from './turns.ts'

/** A few of its tabs may have asked at once. */
const MAX_PER_ORIGIN = 4
/** The dialog itself closes first; this ends one that does not. */
const GRACE_MS = 3_000
/** Refusals in a row after which an origin must wait: else a page in a loop could wear the person down. */
const MAX_REFUSALS = 5
/**
 * So many dialogs that the page itself took back count as one refusal: a few are a person who changes his mind, a loop
 * of them snatches the keyboard again and again.
 */
const TAKEN_BACK_PER_REFUSAL = 4
const PAUSE_MS = 60_000

interface Refusal {
  readonly time: number
  readonly weight: number
}

/** The line of dialogs. */
export interface Dialogs {
  /**
   * Shows a dialog when those before it are closed.
   * @param show gets a signal that aborts with the call, or after the deadline
   * @throws {BridgeError} BRIDGE_BUSY where others' dialogs stay open too long, BRIDGE_ORIGIN_DENIED where too many
   *   of this origin's dialogs were refused or taken back in the last minute
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
  const refusals = new Map<string, Refusal[]>()
  const recentOf = (origin: string): Refusal[] =>
    (refusals.get(origin) ?? []).filter(({ time }) => now() - time < PAUSE_MS)
  const isTiring = (origin: string): boolean =>
    recentOf(origin).reduce((sum, { weight }) => sum + weight, 0) >= MAX_REFUSALS
  return {
    ask: ({ origin, signal }, show) =>
      turns.take({ origin, signal }, async () => {
        if (isTiring(origin)) throw new BridgeError('BRIDGE_ORIGIN_DENIED')
        try {
          const answer = await withDeadline(signal, timeoutMs + GRACE_MS, show)
          refusals.delete(origin)
          return answer
        } catch (error) {
          const weight = weigh(error, signal)
          if (weight > 0) refusals.set(origin, [...recentOf(origin), { time: now(), weight }])
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
