/**
 * What a sign call needs for its level, loaded only where it is wanted.
 * @module
 */
import { load } from '../load.ts'
import type { Climb, Rungs } from './ladder.ts'
import type { LevelChoice } from './level.ts'

/** Tells whether more is wanted than the signature itself. */
export function isBuiltOn({ level = 'B-B' }: LevelChoice): boolean {
  return level !== 'B-B'
}

/**
 * Loads what a level above B-B needs while nothing is signed yet, and looks at what it is told.
 * @param rungs loads those of the format
 * @returns undefined for B-B
 * @throws {UsageError} USAGE_ARGUMENT, USAGE_NOT_LOADED
 * @throws {FormatError} FORMAT_UNSUPPORTED {feature} where the format has no such level
 */
export async function prepareLevel<S extends Uint8Array | Blob>(
  choice: LevelChoice,
  rungs: () => Promise<Rungs<S>>,
): Promise<Climb<S> | undefined> {
  if (!isBuiltOn(choice)) return undefined
  const loading = load(rungs())
  return (await load(import('./ladder.ts'))).planLevel(await loading, choice)
}
