/**
 * What each origin has opened: sockets now, attempts in the last minute.
 * @module
 */
import type { OriginLoad } from './gate.ts'

const MINUTE_MS = 60_000
/** Above this many origins the oldest quiet ones are forgotten: names cost an attacker nothing. */
const MAX_ORIGINS = 1000

interface Counted {
  open: number
  attempts: number[]
}

/** Counts sockets by origin, for the gate. */
export interface LoadBook {
  loadOf(origin: string): OriginLoad
  /** Counts one admitted socket. Call what it returns once, when the socket is gone. */
  enter(origin: string): () => void
}

/** @param now milliseconds, monotonic */
export function createLoadBook(now: () => number = () => performance.now()): LoadBook {
  const origins = new Map<string, Counted>()

  const recent = (counted: Counted): number[] =>
    counted.attempts.filter((time) => now() - time < MINUTE_MS)

  function forgetQuietOnes(): void {
    for (const [origin, counted] of origins) {
      if (origins.size <= MAX_ORIGINS) return
      if (counted.open === 0) origins.delete(origin)
    }
  }

  return {
    loadOf(origin) {
      const counted = origins.get(origin)
      if (counted === undefined) return { open: 0, connectsInLastMinute: 0 }
      return { open: counted.open, connectsInLastMinute: recent(counted).length }
    },
    enter(origin) {
      const counted = origins.get(origin) ?? { open: 0, attempts: [] }
      counted.attempts = [...recent(counted), now()]
      counted.open += 1
      origins.set(origin, counted)
      forgetQuietOnes()
      return () => {
        counted.open -= 1
      }
    },
  }
}
