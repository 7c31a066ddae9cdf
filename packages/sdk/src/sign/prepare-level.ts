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
 * Loads what a level above B-B needs while nothing is signed yet, looks at what it is told, and makes sure that the
 * signer's certificate is good where that is to be asked.
 * @param identity whose key is to sign
 * @param rungs loads those of the format
 * @returns undefined for B-B
 * @throws {UsageError} USAGE_ARGUMENT, USAGE_NOT_LOADED
 * @throws {FormatError} FORMAT_UNSUPPORTED {feature} where the format has no such level
 * @throws {TrustError} TRUST_REVOKED, TRUST_VALIDITY, TRUST_STATUS
 */
export async function prepareLevel<S extends Uint8Array | Blob>(
  choice: LevelChoice,
  identity: { readonly certificate: Uint8Array; readonly chain: readonly Uint8Array[] },
  rungs: () => Promise<Rungs<S>>,
): Promise<Climb<S> | undefined> {
  const { authorities, revocation } = choice
  const isAsked = authorities !== undefined || revocation !== undefined
  if (!isAsked && !isBuiltOn(choice)) return undefined
  const loading = isBuiltOn(choice) ? load(rungs()) : undefined
  return (await load(import('./ladder.ts'))).planLevel(await loading, choice, identity)
}
