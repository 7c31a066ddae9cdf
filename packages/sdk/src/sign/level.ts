/**
 * How far a signature is built beyond itself, as an argument.
 *
 * - `B-B`: the signature
 * - `B-T`: and the word of a time stamping authority that it existed at a time
 *
 * The names are those of EN 319 122-1, 319 132-1, 319 142-1 and TS 119 182-1.
 * @module
 */
import type { TimestampSource } from '../types.ts'

export type Level = 'B-B' | 'B-T'

/** Who stamps, and how long each is waited for. */
export interface TimestampChoice {
  /** Needed above B-B; several are asked one after the other until one answers as it must. */
  readonly timestamp?: TimestampSource | readonly TimestampSource[] | undefined
  /** For each source. Default: 180 000, for authorities were measured at 131 s. */
  readonly timestampTimeoutMs?: number | undefined
  /** Called before a source is asked, with its place in the order, from 1. */
  readonly onTimestamp?: ((source: number, sources: number) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

/** What the way of signing is told of levels. */
export interface LevelChoice extends TimestampChoice {
  /** Default: B-B. */
  readonly level?: Level | undefined
}
