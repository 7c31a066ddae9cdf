/**
 * After a refusal an origin cools down: nobody is worn down by being asked again and again, and nobody who pressed the
 * wrong button must wait long.
 *
 * ```
 * refusals in a row   1    2    3    4     5     6 and more
 * pause              2 s  4 s  8 s  16 s  32 s  60 s          forgotten when the person agrees, or after five quiet minutes
 * ```
 * @module
 */
import { BridgeError } from '@trien/sdk/errors'

const FIRST_PAUSE_MS = 2_000
const LONGEST_PAUSE_MS = 60_000
const QUIET_MS = 5 * 60_000
/** Above this many the ones that cooled down longest ago are forgotten: names cost an attacker nothing. */
const MAX_ORIGINS = 1000

interface Refused {
  /** Refusals in a row; what the page itself took back counts in part. */
  readonly weight: number
  /** When the last one was. */
  readonly time: number
}

/** Who was refused, how often and when. */
export interface CoolDown {
  /** @throws {BridgeError} BRIDGE_BUSY {reason: pause, retryAfterMs} while the origin must wait */
  assertCool(origin: string): void
  /** @param weight 1 for a refusal, less for what wears down less */
  refuse(origin: string, weight: number): void
  agree(origin: string): void
}

/** @param now milliseconds, monotonic */
export function createCoolDown(now: () => number): CoolDown {
  const refused = new Map<string, Refused>()
  const find = (origin: string): Refused | undefined => {
    const known = refused.get(origin)
    return known !== undefined && now() - known.time < QUIET_MS ? known : undefined
  }
  return {
    assertCool(origin) {
      const known = find(origin)
      if (known === undefined) return
      const retryAfterMs = Math.ceil(known.time + pauseAfter(known.weight) - now())
      if (retryAfterMs <= 0) return
      throw new BridgeError('BRIDGE_BUSY', { details: { reason: 'pause', retryAfterMs } })
    },
    refuse(origin, weight) {
      const before = find(origin)?.weight ?? 0
      // The newest stands last.
      refused.delete(origin)
      refused.set(origin, { weight: before + weight, time: now() })
      for (const oldest of refused.keys()) {
        if (refused.size <= MAX_ORIGINS) break
        refused.delete(oldest)
      }
    },
    agree(origin) {
      refused.delete(origin)
    },
  }
}

function pauseAfter(weight: number): number {
  const count = Math.floor(weight)
  return count === 0 ? 0 : Math.min(FIRST_PAUSE_MS * 2 ** (count - 1), LONGEST_PAUSE_MS)
}
