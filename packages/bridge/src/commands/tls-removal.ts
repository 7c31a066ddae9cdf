/**
 * Takes the certificate for wss back, wherever it is believed: for `tls remove`, and for `uninstall --all`.
 * @module
 */
import { CommandFailure } from '../failure.ts'
import { log } from '../log.ts'
import { StateFolderError, findStateFolder } from '../state-folder.ts'
import { findTrustStores } from '../tls/find-stores.ts'
import {
  type TlsIdentity,
  authorityFile,
  findTlsIdentity,
  removeTlsIdentity,
} from '../tls/identity.ts'
import { findPoliciesFor } from '../tls/policies.ts'
import { findBelievers, forgetOthers } from '../tls/trust.ts'

/**
 * Has every browser forget every authority of ours, also where the file that names the last one is gone or unreadable;
 * then removes the file. While one browser may still believe it, the person must be able to see and to remove it.
 * @returns whether there was anything
 * @throws {CommandFailure} naming the places that would not
 */
export async function removeTls(): Promise<boolean> {
  const folder = findStateFolder()
  const identity = findReadable(folder)
  const policies = identity ? findPoliciesFor(identity.authority, authorityFile(folder)) : []
  const { stores, missing } = findTrustStores()
  const wasBelieved = (await findBelievers(stores)).some(({ trusted }) => trusted)
  const rows = await forgetOthers(stores)
  const problems = rows.filter((row) => row.problem !== undefined)
  if (problems.length > 0) {
    for (const { place, problem } of problems) log(`${place}: ${problem}`)
    throw new CommandFailure('could not remove it everywhere', 'trien-bridge tls remove')
  }
  const wasThere = removeTlsIdentity(folder)
  for (const file of policies)
    log(`${file} still has it believed; only an administrator can take it out there`)
  if (missing !== undefined && wasThere) {
    throw new CommandFailure(
      'removed the certificate and its key, but browsers were not told: certutil is not installed',
      'apt install libnss3-tools, then again: trien-bridge tls remove',
    )
  }
  return wasThere || wasBelieved
}

/** What `removeTls` would take back, a line each. */
export async function listTls(): Promise<string[]> {
  const rows = await findBelievers(findTrustStores().stores)
  return rows.flatMap(({ place, readers, trusted }) =>
    trusted ? [`the certificate for wss in ${place} (${readers})`] : [],
  )
}

/** One that cannot be read is removed all the same. */
function findReadable(folder: string): TlsIdentity | undefined {
  try {
    return findTlsIdentity(folder)
  } catch (error) {
    if (error instanceof StateFolderError) return undefined
    throw error
  }
}
