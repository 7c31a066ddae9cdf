/**
 * One at a time: a PKCS#11 module serves one operation, the next waits.
 * @module
 */
import { UserError } from '@trien/sdk/errors'

/** Runs work when all earlier work is over. */
export type TakeTurn = <T>(signal: AbortSignal, work: () => Promise<T>) => Promise<T>

/** Makes a queue. Who aborts while waiting gets USER_CANCELLED at once, and the work is never begun. */
export function createTurns(): TakeTurn {
  let last: Promise<unknown> = Promise.resolve()
  return (signal, work) => {
    const turn = last.then(() => {
      assertNotAborted(signal)
      return work()
    })
    last = turn.catch(() => undefined)
    return untilAborted(signal, turn)
  }
}

/** Resolves after a time. @throws {UserError} USER_CANCELLED when the signal aborts first */
export function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const elapsed = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds)
  })
  return untilAborted(signal, elapsed).finally(() => clearTimeout(timer))
}

/** @throws {UserError} USER_CANCELLED */
export function assertNotAborted(signal: AbortSignal): void {
  if (signal.aborted) throw new UserError('USER_CANCELLED', { cause: signal.reason })
}

function untilAborted<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      reject(new UserError('USER_CANCELLED', { cause: signal.reason }))
    }
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}
