/**
 * The installation's key in a running bridge.
 * @module
 */
import type { Identity } from '../identity.ts'
import { logFailure, logUnexpected } from '../log.ts'
import { StateFolderError } from '../state-folder.ts'

/**
 * Opens the key when it is first needed and keeps it. Where that fails the bridge says so once and goes on without: a
 * page that knows the key will miss it.
 */
export function createOwnIdentity(open: () => Identity): () => Identity | undefined {
  let known: Identity | undefined
  let hasComplained = false

  function complain(error: unknown): void {
    if (hasComplained) return
    hasComplained = true
    if (error instanceof StateFolderError) logFailure(error.message, error.hint)
    else logUnexpected('opening the identity key', error)
  }

  return () => {
    try {
      known ??= open()
    } catch (error) {
      complain(error)
    }
    return known
  }
}
