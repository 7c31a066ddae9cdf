/**
 * Has browsers believe the bridge's certificate, and has them forget it: in every place that this person's browsers
 * read, and in no place of the machine.
 * @module
 */
import type { TlsIdentity } from './identity.ts'
import { nameOf } from './identity.ts'
import { ToolError } from './tool.ts'
import type { TrustStore } from './trust-store.ts'

/** How one place stands, or how a change there ended. */
export interface TrustRow {
  readonly place: string
  readonly readers: string
  readonly trusted: boolean
  /** Why not, where a program of the system said so. */
  readonly problem?: string
}

/** Looks at every place; changes nothing. */
export function inspectTrust(
  stores: readonly TrustStore[],
  identity: TlsIdentity,
): Promise<TrustRow[]> {
  return eachStore(stores, async (store) =>
    (await store.list()).includes(nameOf(identity.authority)),
  )
}

/** Looks for any authority of ours, also one that no file names any more; a row is trusted where there is one. */
export function findBelievers(stores: readonly TrustStore[]): Promise<TrustRow[]> {
  return eachStore(stores, async (store) => (await store.list()).length > 0)
}

/** Adds the authority in every place that lacks it. */
export function trustEverywhere(
  stores: readonly TrustStore[],
  { authority }: TlsIdentity,
  file: string,
): Promise<TrustRow[]> {
  return eachStore(stores, async (store) => {
    if (!(await store.list()).includes(nameOf(authority))) await store.add(authority, file)
    return true
  })
}

/** Removes all authorities of ours but one that is kept, if any; a row is trusted where some could not be removed. */
export function forgetOthers(
  stores: readonly TrustStore[],
  kept?: TlsIdentity,
): Promise<TrustRow[]> {
  const keptName = kept === undefined ? undefined : nameOf(kept.authority)
  return eachStore(stores, async (store) => {
    for (const name of await store.list()) if (name !== keptName) await store.remove(name)
    return false
  })
}

/** One place after another: two runs of certutil on one database get in each other's way. */
async function eachStore(
  stores: readonly TrustStore[],
  deed: (store: TrustStore) => Promise<boolean>,
): Promise<TrustRow[]> {
  const rows: TrustRow[] = []
  for (const store of stores) {
    const { place, readers } = store
    try {
      rows.push({ place, readers, trusted: await deed(store) })
    } catch (error) {
      if (!(error instanceof ToolError)) throw error
      rows.push({ place, readers, trusted: false, problem: error.message })
    }
  }
  return rows
}
