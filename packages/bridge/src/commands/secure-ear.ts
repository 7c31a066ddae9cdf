/**
 * The ear for wss of `serve --tls`: what it shows, and that this stays fresh while the bridge runs.
 * @module
 */
import { CommandFailure } from '../failure.ts'
import { logFailure, logUnexpected } from '../log.ts'
import type { Credentials } from '../server/ear.ts'
import type { SecureEar, Serving } from '../server/serve.ts'
import type { TlsIdentity } from '../tls/identity.ts'
import { type Clock, watchTls } from '../tls/watch.ts'
import { type TlsHome, openTlsIdentity } from './tls-identity.ts'

/** An ear that is ready to be opened. */
export interface PreparedEar {
  readonly ear: SecureEar
  /** Keeps what the open ear shows fresh; returns what ends that. */
  keepFresh(server: Serving, clock?: Clock): () => void
}

/**
 * Prepares the ear. Who has no certificate, or one that has ended, is told, and served by ws all the same: most browsers
 * need no more.
 */
export async function prepareSecureEar(
  ports: readonly number[],
  home?: TlsHome,
): Promise<PreparedEar | undefined> {
  try {
    const identity = await openTlsIdentity(undefined, home)
    return {
      ear: { ports, credentials: credentialsOf(identity) },
      keepFresh: (server, clock) =>
        watchTls(
          {
            identity,
            refresh: (_, now) => openTlsIdentity(now, home),
            show: (next) => {
              server.present(credentialsOf(next))
            },
            onError: tell,
          },
          clock,
        ),
    }
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error
    tell(error)
    return undefined
  }
}

function tell(error: unknown): void {
  if (error instanceof CommandFailure) logFailure(`wss: ${error.message}`, error.hint)
  else logUnexpected('looking at the certificate for wss', error)
}

function credentialsOf({ leaf, key }: TlsIdentity): Credentials {
  const secret = String(key.export({ type: 'pkcs8', format: 'pem' }))
  return { certificate: leaf.toString(), key: secret }
}
