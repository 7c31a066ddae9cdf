/**
 * The bridge's ear: one port on 127.0.0.1 and ::1, nothing on any other interface.
 * @module
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { HANDSHAKE_PATIENCE_MS } from '@trien/sdk/wire'

/** Sockets held at once on one address, silent ones included; above it new ones are dropped. */
export const MAX_CONNECTIONS = 256
const MAX_HEADER_BYTES = 8 * 1024
const TRIES_FOR_ANY_PORT = 20

/** Who is called when something arrives. */
export interface Listeners {
  readonly onUpgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void
  readonly onRequest: (request: IncomingMessage, response: ServerResponse) => void
}

/** With which an ear speaks TLS; PEM. */
export interface Credentials {
  readonly certificate: string
  readonly key: string
}

/** An open ear. */
export interface Listening {
  readonly port: number
  /** Closes every socket and resolves when the port is free. */
  close(): Promise<void>
}

/** Every port that was tried is taken. */
export class PortTakenError extends Error {
  override readonly name = 'PortTakenError'
}

/**
 * Listens on the first port of the list that is free on both loopback addresses. Port 0 stands for any free one.
 * A machine without IPv6 is served on 127.0.0.1 alone; a port whose ::1 belongs to somebody else is not taken, for a
 * page that says `localhost` could reach that other.
 * @param credentials where the ear speaks TLS
 * @throws {PortTakenError}
 */
export async function listenOnLoopback(
  ports: readonly number[],
  listeners: Listeners,
  credentials?: Credentials,
): Promise<Listening> {
  const tries = ports.flatMap((port) => (port === 0 ? Array<0>(TRIES_FOR_ANY_PORT).fill(0) : port))
  for (const port of tries) {
    const servers = await bindBoth(port, () => createEar(listeners, credentials))
    if (servers === undefined) continue
    return {
      port: portOf(servers[0]),
      close: async () => {
        await Promise.all(servers.map(closeServer))
      },
    }
  }
  throw new PortTakenError(`no free port among ${ports.join(', ')}`)
}

async function bindBoth(
  port: number,
  create: () => Server,
): Promise<[Server, ...Server[]] | undefined> {
  const four = await bind('127.0.0.1', port, create())
  if (typeof four === 'string') return undefined
  const six = await bind('::1', portOf(four), create())
  if (six === 'absent') return [four]
  if (six !== 'taken') return [four, six]
  await closeServer(four)
  return undefined
}

function createEar(listeners: Listeners, credentials: Credentials | undefined): Server {
  const options = {
    maxHeaderSize: MAX_HEADER_BYTES,
    insecureHTTPParser: false,
    // Chromium opens the socket and stays silent while the person answers its own permission prompt.
    headersTimeout: HANDSHAKE_PATIENCE_MS,
    requestTimeout: HANDSHAKE_PATIENCE_MS,
    connectionsCheckingInterval: 5_000,
    keepAliveTimeout: 5_000,
  }
  const server =
    credentials === undefined
      ? createServer(options)
      : createSecureServer({
          ...options,
          key: credentials.key,
          cert: credentials.certificate,
          minVersion: 'TLSv1.2',
          handshakeTimeout: HANDSHAKE_PATIENCE_MS,
        })
  server.maxConnections = MAX_CONNECTIONS
  server.on('upgrade', listeners.onUpgrade)
  server.on('request', listeners.onRequest)
  return server
}

function bind(host: string, port: number, server: Server): Promise<Server | 'taken' | 'absent'> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve('taken')
      else if (error.code === 'EADDRNOTAVAIL' || error.code === 'EAFNOSUPPORT') resolve('absent')
      else reject(error)
    })
    server.listen({ host, port, exclusive: true, ipv6Only: true }, () => {
      resolve(server)
    })
  })
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve()
    })
    server.closeAllConnections()
  })
}
