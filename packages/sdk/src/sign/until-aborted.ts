/**
 * Waiting for somebody who may never answer, as long as somebody wants the answer.
 * @module
 */
import { assertNotAborted } from '../digest.ts'
import { UserError } from '../errors.ts'

/**
 * Waits, but not beyond an abort.
 * @param patienceMs how long whoever works is waited for once the signal has aborted. Default: not at all
 * @throws {UserError} USER_CANCELLED when the signal aborts; what the work throws
 */
export async function untilAborted<T>(
  work: Promise<T>,
  signal: AbortSignal | null | undefined,
  patienceMs = 0,
): Promise<T> {
  if (!signal) return work
  if (patienceMs === 0) assertNotAborted(signal)
  let timer: ReturnType<typeof setTimeout> | undefined
  let onAbort = (): void => {}
  const aborted = new Promise<never>((_, reject) => {
    const stop = (): void => reject(new UserError('USER_CANCELLED', { cause: signal.reason }))
    onAbort = () => {
      if (patienceMs === 0) stop()
      else timer = setTimeout(stop, patienceMs)
    }
    if (signal.aborted) onAbort()
    else signal.addEventListener('abort', onAbort)
  })
  try {
    return await Promise.race([work, aborted])
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', onAbort)
  }
}
