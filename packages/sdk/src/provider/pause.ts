/**
 * The short pause that the bridge keeps after a person's refusal: who pressed the wrong button and presses again is
 * asked again, a moment later, without an error in between.
 * @module
 */
import type { SigningError } from '../errors.ts'
import { unlessAborted } from './connection.ts'

/** The first two pauses of the bridge; who refuses more often means it, and the page is told. */
const MAX_PAUSE_MS = 5_000

/**
 * Waits as long as a refused request should.
 * @throws the error itself where it is another, or asks for a longer wait; USER_CANCELLED when the signal aborts
 */
export async function waitOut(error: unknown, signal?: AbortSignal): Promise<void> {
  const { code, details } = error as Partial<SigningError>
  const retryAfterMs = Number(details?.['retryAfterMs'])
  if (code !== 'BRIDGE_BUSY' || !(retryAfterMs <= MAX_PAUSE_MS)) throw error
  const wait = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, retryAfterMs))
  await unlessAborted(signal, wait)
}
