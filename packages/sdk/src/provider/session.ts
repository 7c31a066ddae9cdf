/**
 * The first words on a socket: which protocol both ends speak.
 * @module
 */
import { BridgeError } from '../errors.ts'
import { PROTOCOL_VERSION } from '../wire/limits.ts'
import { hello } from '../wire/hello.ts'
import { Connection } from './connection.ts'
import type { ConnectionTransport } from './transport.ts'

/** A connection on which both ends agreed. */
export interface Session {
  readonly connection: Connection
  readonly port: number
  /** The bridge's own name and version, as it says. */
  readonly bridgeVersion: string
}

/** What the sdk calls itself. */
export const SDK_VERSION = '0.1.0'

/**
 * Negotiates; the connection is closed where that fails.
 * @throws {BridgeError} BRIDGE_VERSION {supported}; BRIDGE_PROTOCOL, BRIDGE_CLOSED, BRIDGE_TIMEOUT
 */
export async function greet(
  transport: ConnectionTransport,
  port: number,
  timeoutMs: number,
): Promise<Session> {
  const connection = new Connection(transport)
  try {
    const params = { versions: [PROTOCOL_VERSION], sdk: SDK_VERSION }
    const { version, bridge } = await connection.request(hello, params, { timeoutMs })
    if (version !== PROTOCOL_VERSION) {
      throw new BridgeError('BRIDGE_VERSION', { details: { supported: PROTOCOL_VERSION } })
    }
    return { connection, port, bridgeVersion: bridge }
  } catch (error) {
    connection.close()
    throw error
  }
}
