/**
 * One broken thing among many: it is left out, and it is an error only where there is no other.
 * @module
 */
import { isRemoved } from '../ckr.ts'
import { findCkr } from './module.ts'

/** A card of another make, which is there and stays. */
const FOREIGN = 'CKR_TOKEN_NOT_RECOGNIZED'

/**
 * Reads each, and leaves out those of which the driver says no.
 * @throws the first of what the driver said where nothing is left; at once what it says of a token that is gone, for
 *   what a driver still holds of that one hangs the next operation
 */
export function keepReadable<T, U>(things: readonly T[], read: (thing: T) => readonly U[]): U[] {
  let failure: unknown
  const kept = things.flatMap((thing) => {
    try {
      return read(thing)
    } catch (error) {
      const ckr = findCkr(error)
      if (ckr === FOREIGN) return []
      if (ckr === undefined || isRemoved(ckr)) throw error
      failure ??= error
      return []
    }
  })
  if (failure !== undefined && kept.length === 0) throw failure
  return kept
}
