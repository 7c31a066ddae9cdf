/**
 * One listening socket that hears HTTP, with TLS or without. Whose program connects is asked before anything is heard of
 * it: nobody else on the machine may take up its room, or speak to its parsers.
 * @module
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { Server as SecureServer, createServer as createSecureServer } from 'node:https'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Patience } from './patience.ts'

/** Sockets held at once on one address, silent ones included; above it new ones are dropped. */
export const MAX_CONNECTIONS = 256
const MAX_HEADER_BYTES = 8 * 1024
/** Of the patience with a handshake: how often it is looked whether it is over. */
const CHECKS_PER_HANDSHAKE = 12

/** Who is called when something arrives. */
export interface Listeners {
  /** Decides over a connection of which nothing was heard yet. */
  readonly admits: (socket: Socket) => Promise<boolean>
  readonly onUpgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void
  readonly onRequest: (request: IncomingMessage, response: ServerResponse) => void
}

/** With which an ear speaks TLS; PEM. */
export interface Credentials {
  readonly certificate: string
  readonly key: string
}

/** What an ear is made of. */
export interface EarOptions {
  readonly listeners: Listeners
  readonly patience: Patience
  /** Where the ear speaks TLS. */
  readonly credentials?: Credentials | undefined
}

/** A server that may be bound once. */
export interface Ear {
  readonly server: Server
  /** Shows another certificate from now on, where the ear speaks TLS; sockets that are open go on. */
  present(credentials: Credentials): void
  /** Ends every connection and resolves when the port is free. */
  close(): Promise<void>
}

/** Makes an ear; it listens nowhere yet. */
export function createEar({ listeners, patience, credentials }: EarOptions): Ear {
  const server = createBareServer(patience, credentials)
  server.maxConnections = MAX_CONNECTIONS
  // Who asks twice on one connection is no browser of ours: each answer closes it.
  server.maxRequestsPerSocket = 1
  server.on('upgrade', listeners.onUpgrade)
  server.on('request', listeners.onRequest)
  const sockets = new Set<Socket>()
  askBeforeHearing(server, async (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    return listeners.admits(socket)
  })
  return {
    server,
    present(next) {
      if (server instanceof SecureServer) server.setSecureContext(secureOptions(next))
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve()
        })
        // Those that were upgraded, or are in the middle of TLS, are not known to the server itself.
        for (const socket of sockets) socket.destroy()
      }),
  }
}

function createBareServer(patience: Patience, credentials: Credentials | undefined): Server {
  const { handshakeMs } = patience
  const options = {
    maxHeaderSize: MAX_HEADER_BYTES,
    insecureHTTPParser: false,
    headersTimeout: handshakeMs,
    requestTimeout: handshakeMs,
    connectionsCheckingInterval: Math.ceil(handshakeMs / CHECKS_PER_HANDSHAKE),
    keepAliveTimeout: 5_000,
  }
  if (credentials === undefined) return createServer(options)
  return createSecureServer({
    ...options,
    ...secureOptions(credentials),
    handshakeTimeout: handshakeMs,
  })
}

function secureOptions({ key, certificate }: Credentials) {
  return { key, cert: certificate, minVersion: 'TLSv1.2' } as const
}

/** Holds every connection back from what the server itself does with it (HTTP, or TLS first) until it is admitted. */
function askBeforeHearing(server: Server, admits: (socket: Socket) => Promise<boolean>): void {
  const hearers = server.listeners('connection')
  server.removeAllListeners('connection')
  server.on('connection', (socket) => {
    const destroy = (): void => {
      socket.destroy()
    }
    socket.on('error', destroy)
    admits(socket).then((isAdmitted) => {
      // Who was not admitted was answered.
      if (!isAdmitted || socket.destroyed) return
      // Who left meanwhile has said so already, and would not say it again to the server.
      if (socket.readableEnded) return destroy()
      socket.off('error', destroy)
      for (const hear of hearers) hear.call(server, socket)
    }, destroy)
  })
}
