/**
 * Levels of a batch: looked at before anything is begun, climbed by each item for itself after the key has signed, so that
 * a slow authority never holds the token's turn.
 * @module
 */
import { load } from '../../load.ts'
import type { Signer } from '../../types.ts'
import {
  LEVELS,
  assertLevel,
  decideAuthorities,
  decideRevocation,
  decideTimestamp,
} from '../decide-level.ts'
import type { Climb, Rungs } from '../ladder.ts'
import type { Level, LevelChoice } from '../level.ts'
import type { Signed } from './format.ts'

export interface Levels {
  /**
   * Makes sure that who is to sign may; once for all items.
   * @throws {TrustError} TRUST_REVOKED, TRUST_VALIDITY, TRUST_STATUS
   */
  checkSigner(): Promise<void>
  /** Takes a signature to its level. */
  climb(rungs: Rungs<Signed>, to: Level): Promise<Climb<Signed>>
}

/**
 * Looks at what levels are told.
 * @param wanted the items' levels
 * @throws {UsageError} USAGE_ARGUMENT, USAGE_NOT_LOADED
 */
export async function openLevels(
  choice: LevelChoice,
  wanted: Iterable<Level>,
  signer: Signer,
): Promise<Levels> {
  const levels = new Set(wanted)
  for (const level of levels) assertLevel('level', level)
  const level = LEVELS.findLast((one) => levels.has(one)) ?? 'B-B'
  if (level !== 'B-B') decideTimestamp(choice)
  if (level === 'B-LT' || level === 'B-LTA') decideAuthorities(choice)
  const isChecked = decideRevocation({ ...choice, level }) !== undefined
  // Here, while nothing is signed yet, and not when it is wanted.
  const ladder = isChecked || level !== 'B-B' ? await load(import('../ladder.ts')) : undefined
  return {
    async checkSigner() {
      if (isChecked) await ladder?.planLevel(undefined, { ...choice, level }, signer)
    },
    async climb(rungs, to) {
      const { planClimb } = ladder ?? (await load(import('../ladder.ts')))
      return planClimb(rungs, { ...choice, to })
    },
  }
}
