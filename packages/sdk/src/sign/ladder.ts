/**
 * The climb from level to level, the same for all formats: a format says what each rung is, this says in which order and
 * what is left where one breaks. Loaded only where more than a signature is wanted.
 *
 * ```
 * B-B ─ stamp ─► B-T ─ evidence ─ what authorities say of it ─ embed ─► B-LT ─ archive ─► B-LTA ─ embed, archive ─► …
 * ```
 * @module
 */
import { FormatError, wrongArgument } from '../errors.ts'
import {
  type RequestToken,
  type TimestampOptions,
  requestTimestamp,
} from '../trust/request-timestamp.ts'
import type { Evidence, ValidationData } from '../trust/validation-data.ts'
import type { BuildChoice, Level, LevelChoice } from './level.ts'

/** What a format does to reach each level. All take what they are given as their own and may write to it. */
export interface Rungs<S extends Uint8Array | Blob> {
  /** B-T: gives each signature a time stamp that has none. */
  stamp(signed: S, ask: RequestToken): Promise<S>
  /** Whose certificates must be provable at B-LT: the signers', and those of all time stamps. */
  evidence?(signed: S): Evidence | Promise<Evidence>
  /** B-LT: puts in what is not there yet. */
  embed?(signed: S, data: ValidationData): Promise<S>
  /** B-LTA: stamps all that is there; once more, and older stamps are renewed. */
  archive?(signed: S, ask: RequestToken): Promise<S>
}

/** From where to where, and by whose help. */
export interface ClimbChoice extends BuildChoice {
  readonly to: Level
}

/** Takes a document to its level. Where that fails, the error's `signed` is what was reached. */
export type Climb<S> = (signed: S) => Promise<S>

const LEVELS: readonly Level[] = ['B-B', 'B-T', 'B-LT', 'B-LTA']
const MAX_TIMEOUT_MS = 3_600_000

/**
 * Refuses what is no level.
 * @param lowest what is below is refused too
 * @throws {UsageError} USAGE_ARGUMENT
 */
export function assertLevel(argument: string, level: unknown, lowest: Level = 'B-B'): void {
  const allowed = LEVELS.slice(LEVELS.indexOf(lowest))
  if (!allowed.includes(level as Level)) throw wrongArgument(argument, allowed.join(' or '))
}

/** As `planClimb`, for the level of a sign call. */
export function planLevel<S extends Uint8Array | Blob>(
  rungs: Rungs<S>,
  { level = 'B-B', ...choice }: LevelChoice,
): Climb<S> {
  assertLevel('level', level)
  return planClimb(rungs, { ...choice, to: level })
}

/**
 * Looks at what a climb is told, before anybody is asked for anything.
 * @throws {UsageError} USAGE_ARGUMENT
 * @throws {FormatError} FORMAT_UNSUPPORTED {feature} where the format has no such level
 */
export function planClimb<S extends Uint8Array | Blob>(
  rungs: Rungs<S>,
  { to, ...choice }: ClimbChoice,
): Climb<S> {
  if (to === 'B-B') return async (signed) => signed
  if (to !== 'B-T') throw new FormatError('FORMAT_UNSUPPORTED', { details: { feature: to } })
  const options = decideTimestamp(choice)
  const ask: RequestToken = (imprint) => requestTimestamp(imprint, options)
  return (signed) => step(signed, () => rungs.stamp(signed, ask))
}

/** Nothing of what was reached is lost with a step that fails. */
async function step<S extends Uint8Array | Blob>(reached: S, take: () => Promise<S>): Promise<S> {
  try {
    return await take()
  } catch (error) {
    if (error instanceof Error) (error as { signed?: Uint8Array | Blob }).signed = reached
    throw error
  }
}

/**
 * Decides how time stamps are to be asked for.
 * @throws {UsageError} USAGE_ARGUMENT where nobody is named who stamps
 */
export function decideTimestamp(choice: BuildChoice): TimestampOptions {
  const { timestamp = [], timestampTimeoutMs: timeoutMs, onTimestamp: onTry, signal } = choice
  const sources = typeof timestamp === 'function' ? [timestamp] : [...timestamp]
  if (sources.length === 0 || !sources.every((source) => typeof source === 'function')) {
    throw wrongArgument('timestamp', 'a function that answers a time stamp request, or several')
  }
  const isTime = timeoutMs === undefined || (timeoutMs > 0 && timeoutMs <= MAX_TIMEOUT_MS)
  if (!isTime) throw wrongArgument('timestampTimeoutMs', `milliseconds up to ${MAX_TIMEOUT_MS}`)
  return { sources, timeoutMs, signal, onTry }
}
