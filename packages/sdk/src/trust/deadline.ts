/**
 * Waiting for somebody who may never answer.
 * @module
 */
import { UserError } from '../errors.ts'

/** How long, and until when. */
export interface Deadline {
  readonly timeoutMs: number
  readonly signal: AbortSignal | undefined
  /** Makes the error of one who took too long. */
  readonly late: () => Error
}

/**
 * Waits no longer than it may, whether or not the work listens to its signal.
 * @throws {UserError} USER_CANCELLED when the signal aborts; `late()`; what the work throws
 */
export async function inTime<T>(
  work: (signal: AbortSignal) => Promise<T>,
  { timeoutMs, signal, late }: Deadline,
): Promise<T> {
  const controller = new AbortController()
  const end = (reason: unknown): void => controller.abort(reason)
  const cancel = (): void => end(new UserError('USER_CANCELLED', { cause: signal?.reason }))
  // Before the work begins, which may be the one to abort.
  const stopped = ended(controller.signal)
  const timer = setTimeout(() => end(late()), timeoutMs)
  signal?.addEventListener('abort', cancel)
  try {
    return await Promise.race([stopped, work(controller.signal)])
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', cancel)
  }
}

function ended(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
  })
}
