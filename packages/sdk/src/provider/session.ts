/**
 * The first words on a socket: which protocol both ends speak.
 * @module
 */
import { BridgeError, isSigningError } from '../errors.ts'
import { PROTOCOL_VERSION } from '../wire/limits.ts'
import { hello } from '../wire/hello.ts'
import { Connection } from './connection.ts'
import { type Door, portOf } from './dial.ts'
import type { IdentityMemory, IdentityState } from './identity.ts'
import { load } from '../load.ts'
import type { ConnectionTransport } from './transport.ts'

/** A connection on which both ends agreed. */
export interface Session {
  readonly connection: Connection
  readonly door: Door
  /** The bridge's own name and version, as it says. */
  readonly bridgeVersion: string
  readonly identity: IdentityState
}

/** How a socket is greeted. */
export interface Greeting {
  readonly door: Door
  readonly timeoutMs: number
  readonly memory: IdentityMemory
}

/** What the sdk calls itself. */
export const SDK_VERSION = '0.1.0'

/**
 * Negotiates, and makes sure that this is the bridge the page knows; the connection is closed where that fails.
 * @throws {BridgeError} BRIDGE_VERSION {supported}, BRIDGE_IDENTITY_CHANGED {reason}; BRIDGE_PROTOCOL, BRIDGE_CLOSED,
 *   BRIDGE_TIMEOUT
 * @throws {UsageError} USAGE_NOT_LOADED
 */
export async function greet(
  transport: ConnectionTransport,
  { door, timeoutMs, memory }: Greeting,
): Promise<Session> {
  const connection = new Connection(transport)
  const loading = load(import('./identity.ts'))
  try {
    const challenge = globalThis.crypto.getRandomValues(new Uint8Array(32))
    const params = { versions: [PROTOCOL_VERSION], sdk: SDK_VERSION, challenge }
    const answer = await connection.request(hello, params, { timeoutMs })
    const { version, bridge } = answer
    if (version !== PROTOCOL_VERSION) {
      throw new BridgeError('BRIDGE_VERSION', { details: { supported: PROTOCOL_VERSION } })
    }
    const { checkIdentity } = await loading
    const identity = await checkIdentity(memory, { ...answer, challenge, port: portOf(door) })
    return { connection, door, bridgeVersion: bridge, identity }
  } catch (error) {
    connection.close()
    if (isSigningError(error)) throw error
    throw new BridgeError('BRIDGE_PROTOCOL', { details: { problem: 'greeting' }, cause: error })
  }
}
