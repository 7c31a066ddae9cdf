/**
 * How long to wait for a reading of tokens that the same process has read before.
 *
 * A driver whose card was pulled out just now may wait for itself for ever. OpenSC up to 0.23 does where the card service
 * has not yet noticed: it gives back its lock of the card once too often, and its next call waits for that lock. Who
 * pulled out a card is not to wait for as long as a driver may need to load and to meet its tokens: a process that was
 * quick and now is not is given up, and the reading is made once more by one that knows nothing of the card.
 * @module
 */
import { isSigningError } from '@trien/sdk/errors'

/** Shorter than a person's patience, longer than the pauses of a busy machine. */
const LEAST_MS = 1500
/** So many times what the last reading took; that may have been the first, which is slow. */
const SLACK = 5
/** This part of the patience at most, so that enough is left for another process to start and read. */
const LARGEST_PART = 1 / 3

/** What reads, and for how long. */
export interface HastyReading<T> {
  /** For both readings together. */
  readonly patienceMs: number
  /** Of what would be asked now; undefined where it is not yet there. */
  readonly findPid: () => number | undefined
  /** @throws {TokenError} TOKEN_TIMEOUT when that many milliseconds are over, and the process is ended */
  readonly read: (withinMs: number, signal: AbortSignal) => Promise<T>
  /** Whether it found tokens: without, none can have been pulled out. */
  readonly hasTokens: (found: T) => boolean
}

/** Makes what reads, where it must, twice. */
export function createHastyReading<T>(
  reading: HastyReading<T>,
): (signal: AbortSignal) => Promise<T> {
  const { patienceMs, findPid, read, hasTokens } = reading
  let last: { readonly pid: number | undefined; readonly tookMs: number } | undefined

  async function take(withinMs: number, signal: AbortSignal): Promise<T> {
    const begun = performance.now()
    last = undefined
    const found = await read(withinMs, signal)
    if (hasTokens(found)) last = { pid: findPid(), tookMs: performance.now() - begun }
    return found
  }

  return async (signal) => {
    const hastyMs = last?.pid === findPid() ? chooseHaste(patienceMs, last?.tookMs) : undefined
    if (hastyMs === undefined) return take(patienceMs, signal)
    try {
      return await take(hastyMs, signal)
    } catch (error) {
      if (!isSigningError(error) || error.code !== 'TOKEN_TIMEOUT') throw error
      return take(patienceMs - hastyMs, signal)
    }
  }
}

/** @returns undefined where a reading takes so long that none can be called too long */
function chooseHaste(patienceMs: number, tookMs: number | undefined): number | undefined {
  const largestMs = patienceMs * LARGEST_PART
  if (tookMs === undefined || Math.max(tookMs, LEAST_MS) > largestMs) return undefined
  return Math.min(Math.max(LEAST_MS, SLACK * tookMs), largestMs)
}
