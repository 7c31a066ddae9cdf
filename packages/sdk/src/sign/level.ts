/**
 * How far a signature is built beyond itself, as an argument.
 *
 * - `B-B`: the signature
 * - `B-T`: and the word of a time stamping authority that it existed at a time
 * - `B-LT`: and what authorities said of all certificates, so that it can be checked when nobody can be asked any more
 * - `B-LTA`: and a time stamp over all that, so that it can be checked when its algorithms are no longer believed;
 *   renewed by another one before that happens to the stamp itself
 *
 * The names are those of EN 319 122-1, 319 132-1, 319 142-1 and TS 119 182-1.
 * @module
 */
import type { Authorities, TimestampSource } from '../types.ts'

export type Level = 'B-B' | 'B-T' | 'B-LT' | 'B-LTA'

/** Who is asked to build on a signature, and how. */
export interface BuildChoice {
  /** Needed above B-B; several are asked one after the other until one answers as it must. */
  readonly timestamp?: TimestampSource | readonly TimestampSource[] | undefined
  /** For each source. Default: 180 000, for authorities were measured at 131 s. */
  readonly timestampTimeoutMs?: number | undefined
  /** Called before a source is asked, with its place in the order, from 1. */
  readonly onTimestamp?: ((source: number, sources: number) => void) | undefined
  /** Needed above B-T; several are asked one after the other until one answers as it must. */
  readonly authorities?: Authorities | readonly Authorities[] | undefined
  /** For each question to each of them. Default: 60 000. */
  readonly authoritiesTimeoutMs?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * Whether the status of the signer's certificate and of its issuers is asked before the key is.
 *
 * - `required`: no answer, no signature
 * - `if-available`: who is revoked or expired does not sign; where nobody answers within ten seconds, or `authoritiesTimeoutMs`,
 *   who asked does
 * - `off`: nobody is asked
 */
export type RevocationMode = 'required' | 'if-available' | 'off'

/** What the way of signing is told of levels. */
export interface LevelChoice extends BuildChoice {
  /** Default: B-B. */
  readonly level?: Level | undefined
  /** Default: `required` above B-T, `if-available` where there are authorities to ask, else `off`. */
  readonly revocation?: RevocationMode | undefined
}
