/**
 * What a sign call needs for its level, loaded only where it is wanted.
 * @module
 */
import { load } from '../load.ts'
import type { LevelChoice } from './level.ts'
import type { BuildLevel } from './upgrade-cms.ts'

/** Tells whether more is wanted than the signature itself. */
export function isBuiltOn({ level = 'B-B' }: LevelChoice): boolean {
  return level !== 'B-B'
}

/**
 * Loads what a level above B-B needs while nothing is signed yet, and looks at what it is told.
 * @returns undefined for B-B
 * @throws {UsageError} USAGE_ARGUMENT, USAGE_NOT_LOADED
 */
export async function prepareLevel(choice: LevelChoice): Promise<BuildLevel | undefined> {
  if (!isBuiltOn(choice)) return undefined
  return (await load(import('./upgrade-cms.ts'))).planLevel(choice)
}
