/**
 * A profile in a batch: each item is filled in for itself, for receivers of one format demand what others do not.
 * @module
 */
import { applyProfile } from '../profile.ts'
import type { OpenItem } from './items.ts'
import type { SignManyOptions } from './options.ts'

/**
 * Fills in what batch and items leave out.
 * @throws {UsageError} USAGE_ARGUMENT, USAGE_UNSUPPORTED_ALGORITHM, USAGE_NOT_LOADED
 */
export async function profileBatch(
  items: readonly OpenItem[],
  { profile, ...said }: SignManyOptions,
): Promise<{ readonly items: readonly OpenItem[]; readonly options: SignManyOptions }> {
  const { signer, algorithm, level } = said
  const fill = async (item: OpenItem): Promise<OpenItem> => {
    const { options } = item
    const own = { algorithm: options.algorithm ?? algorithm, level: options.level ?? level }
    const filled = await applyProfile(item.format, { ...options, ...own, profile, signer })
    return { ...item, options: filled }
  }
  const filled = await Promise.all(items.map(fill))
  const all = await applyProfile('cms', { ...said, profile })
  return { items: filled, options: { ...said, revocation: all.revocation, level: 'B-B' } }
}
