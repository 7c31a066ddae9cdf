/**
 * How the certificate for wss stands: for `trien-bridge tls status` and for the doctor.
 * @module
 */
import { findStateFolder } from '../state-folder.ts'
import { type FoundStores, findTrustStores } from './find-stores.ts'
import { authorityFile, endOf, findTlsIdentity, nameOf } from './identity.ts'
import { findPoliciesFor } from './policies.ts'
import { type TrustRow, inspectTrust } from './trust.ts'

/** Public facts alone; times are ISO 8601, UTC. */
export type TlsState =
  | { readonly installed: false }
  | {
      readonly installed: true
      readonly authority: string
      readonly notAfter: string
      readonly places: readonly TrustRow[]
      /** Files of the machine's policies that have it believed. */
      readonly policies: readonly string[]
      /** A program without which places cannot be looked into. */
      readonly missing: FoundStores['missing']
    }

/** @throws {StateFolderError} */
export async function inspectTls(folder = findStateFolder()): Promise<TlsState> {
  const identity = findTlsIdentity(folder)
  if (identity === undefined) return { installed: false }
  const { stores, missing } = findTrustStores()
  return {
    installed: true,
    authority: nameOf(identity.authority),
    notAfter: endOf(identity).toISOString(),
    places: await inspectTrust(stores, identity),
    policies: findPoliciesFor(identity.authority, authorityFile(folder)),
    missing,
  }
}
