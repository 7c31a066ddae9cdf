/**
 * The certificate that `serve --tls` shows: read, and renewed where it ends soon and nobody need be asked.
 * @module
 */
import { CommandFailure } from '../failure.ts'
import { log, logFailure } from '../log.ts'
import { StateFolderError, openStateFolder } from '../state-folder.ts'
import { findTrustStores } from '../tls/find-stores.ts'
import { RENEW_BEFORE_MS, type TlsIdentity, endOf, findTlsIdentity } from '../tls/identity.ts'

const RENEW_HINT = 'trien-bridge tls install --renew'

/** @throws {CommandFailure} where there is none, or it has ended */
export async function openTlsIdentity(): Promise<TlsIdentity> {
  const folder = explained(() => openStateFolder())
  const identity = explained(() => findTlsIdentity(folder))
  if (identity === undefined) {
    throw new CommandFailure('has no certificate for wss', 'trien-bridge tls install')
  }
  if (endOf(identity).getTime() - Date.now() > RENEW_BEFORE_MS) return identity
  return renew(folder, identity)
}

async function renew(folder: string, identity: TlsIdentity): Promise<TlsIdentity> {
  const { stores } = findTrustStores()
  // A bridge whose certificate is not due holds no code that makes certificates.
  const { renewTlsIdentity } = await import('../tls/replace.ts')
  const renewal = await renewTlsIdentity(folder, identity, stores)
  const day = endOf(renewal.identity).toISOString().slice(0, 10)
  if (renewal.type === 'renewed') log(`renewed the certificate for wss; the new one ends ${day}`)
  if (renewal.type !== 'refused') return renewal.identity
  const problem = `could not renew the certificate for wss (${renewal.problem}); it ends ${day}`
  if (endOf(identity).getTime() <= Date.now()) throw new CommandFailure(problem, RENEW_HINT)
  logFailure(problem, RENEW_HINT)
  return identity
}

function explained<T>(deed: () => T): T {
  try {
    return deed()
  } catch (cause) {
    if (!(cause instanceof StateFolderError)) throw cause
    throw new CommandFailure(cause.message, cause.hint, { cause })
  }
}
