/**
 * What a sign call does for its level: decided before anybody is asked for a PIN, done after.
 * @module
 */
import { wrongArgument } from '../errors.ts'
import type { TimestampOptions } from '../trust/request-timestamp.ts'
import type { LevelChoice, TimestampChoice } from './level.ts'

const MAX_TIMEOUT_MS = 3_600_000

/**
 * Decides how time stamps are to be asked for.
 * @throws {UsageError} USAGE_ARGUMENT for an unknown level, or where nobody is named who stamps
 */
export function decideLevel({ level, ...choice }: LevelChoice): TimestampOptions {
  if (level !== 'B-T') throw wrongArgument('level', 'B-B or B-T')
  return decideTimestamp(choice)
}

/** @throws {UsageError} USAGE_ARGUMENT where nobody is named who stamps */
export function decideTimestamp(choice: TimestampChoice): TimestampOptions {
  const { timestamp = [], timestampTimeoutMs: timeoutMs, onTimestamp: onTry, signal } = choice
  const sources = typeof timestamp === 'function' ? [timestamp] : [...timestamp]
  if (sources.length === 0 || !sources.every((source) => typeof source === 'function')) {
    throw wrongArgument('timestamp', 'a function that answers a time stamp request, or several')
  }
  const isTime = timeoutMs === undefined || (timeoutMs > 0 && timeoutMs <= MAX_TIMEOUT_MS)
  if (!isTime) throw wrongArgument('timestampTimeoutMs', `milliseconds up to ${MAX_TIMEOUT_MS}`)
  return { sources, timeoutMs, signal, onTry }
}

/**
 * Builds on what is signed. Where that fails, nothing is lost: the error's `signed` is what there was.
 * @param signed called at most once, where the building failed
 * @throws what the building throws
 */
export async function buildOn<T>(
  signed: () => Uint8Array | Blob,
  build: () => Promise<T>,
): Promise<T> {
  try {
    return await build()
  } catch (error) {
    if (error instanceof Error) (error as { signed?: Uint8Array | Blob }).signed = signed()
    throw error
  }
}
