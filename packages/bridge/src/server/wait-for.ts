/**
 * Waiting for work that goes on whether or not somebody waits.
 * @module
 */
import { TokenError } from '@trien/sdk/errors'

/** Whether a promise is settled in time, for better or worse. @throws the signal's reason when that aborts first */
export function settlesWithin(
  promise: Promise<unknown>,
  milliseconds: number,
  signal: AbortSignal,
): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      leave(() => reject(signal.reason as Error))
    }
    const timer = setTimeout(() => leave(() => resolve(false)), milliseconds)
    const leave = (settle: () => void): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', abort)
      settle()
    }
    const settled = (): void => leave(() => resolve(true))
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
    promise.then(settled, settled)
  })
}

/** @throws {TokenError} TOKEN_TIMEOUT; the signal's reason when that aborts first; what the promise rejects with */
export async function waitFor<T>(
  promise: Promise<T>,
  milliseconds: number,
  signal: AbortSignal,
): Promise<T> {
  if (await settlesWithin(promise, milliseconds, signal)) return promise
  throw new TokenError('TOKEN_TIMEOUT')
}
