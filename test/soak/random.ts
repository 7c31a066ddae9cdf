/**
 * Chance that can be had again: the same seed makes the same decisions, though not the same moments.
 * @module
 */

export interface Chance {
  /** A whole number from `low` to `high`, both possible. */
  between(low: number, high: number): number
  /** True in so many of a hundred cases. */
  percent(share: number): boolean
  pick<T>(from: readonly T[]): T
}

/** mulberry32: 32 bits of state, good enough to choose whom to disturb. */
export function createChance(seed: number): Chance {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const between = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1))
  return {
    between,
    percent: (share) => next() * 100 < share,
    pick: (from) => from[between(0, from.length - 1)]!,
  }
}
