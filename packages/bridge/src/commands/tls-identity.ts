/**
 * The certificate that `serve --tls` shows: read, and renewed where it ends soon and nobody need be asked.
 * @module
 */
import { CommandFailure } from '../failure.ts'
import { log, logFailure } from '../log.ts'
import { StateFolderError, openStateFolder } from '../state-folder.ts'
import { type FoundStores, findTrustStores } from '../tls/find-stores.ts'
import { RENEW_BEFORE_MS, type TlsIdentity, endOf, findTlsIdentity } from '../tls/identity.ts'

const RENEW_HINT = 'trien-bridge tls install --renew'

/** Whose certificate it is; default this person's. */
export interface TlsHome {
  readonly stateFolder: string
  readonly stores: FoundStores['stores']
}

/**
 * Reads the certificate as it lies there now, and renews it where that is due.
 * @throws {CommandFailure} where there is none, or it has ended
 */
export async function openTlsIdentity(now = new Date(), home?: TlsHome): Promise<TlsIdentity> {
  const folder = home?.stateFolder ?? explained(() => openStateFolder())
  const identity = explained(() => findTlsIdentity(folder))
  if (identity === undefined) {
    throw new CommandFailure('there is no certificate for it', 'trien-bridge tls install')
  }
  if (endOf(identity).getTime() - now.getTime() > RENEW_BEFORE_MS) return identity
  const { stores } = home ?? findTrustStores()
  return renew({ stateFolder: folder, stores }, identity, now)
}

async function renew(
  { stateFolder, stores }: TlsHome,
  identity: TlsIdentity,
  now: Date,
): Promise<TlsIdentity> {
  // A bridge whose certificate is not due holds no code that makes certificates.
  const { renewTlsIdentity } = await import('../tls/replace.ts')
  const renewal = await renewTlsIdentity(stateFolder, identity, stores, now)
  const day = endOf(renewal.identity).toISOString().slice(0, 10)
  if (renewal.type === 'renewed') log(`renewed the certificate for wss; the new one ends ${day}`)
  if (renewal.type !== 'refused') return renewal.identity
  const problem = `could not renew the certificate for wss (${renewal.problem}); it ends ${day}`
  if (endOf(identity).getTime() <= now.getTime()) throw new CommandFailure(problem, RENEW_HINT)
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
