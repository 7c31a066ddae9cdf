/**
 * A profile as an argument: what a country or an authority asks for, by one name. Its table is loaded where one is named.
 * @module
 */
import { load } from '../load.ts'
import type { ProfileName, ProfiledFormat } from './profiles.ts'

export type { ProfileName }

/** What a sign call is told of profiles. */
export interface ProfileChoice {
  /**
   * `vn-2025`, `vgca` or `eu-baseline`: fills in what the call leaves out: the algorithm that the key can do, the level, whether
   * the certificate's status is asked. Loaded before the document is looked at, which must not be written to meanwhile.
   */
  readonly profile?: ProfileName | undefined
}

/**
 * Fills in what options leave out. What they say stands.
 * @param options of a sign call; its signer's algorithms decide which of the profile's is taken
 * @returns options without a profile
 * @throws {UsageError} USAGE_ARGUMENT where no profile has that name; USAGE_UNSUPPORTED_ALGORITHM where the signer has none of
 *   its algorithms; USAGE_NOT_LOADED
 */
export async function applyProfile<O extends ProfileChoice>(
  format: ProfiledFormat,
  options: O,
): Promise<O> {
  return (await load(import('./profiles.ts'))).fillIn(format, options)
}
