/**
 * The portal's server: a few files of its own, on this machine only.
 * @module
 */
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { PORTS } from '@trien/sdk/wire'
import { answerFrom } from './answer.ts'
import { readFiles } from './files.ts'
import { securityHeaders } from './headers.ts'

/** How the portal is served. */
export interface PortalOptions {
  /** Tried first, default 8080, then the nineteen after it; 0 takes any free one. */
  readonly port?: number
  /** Where the bridge may listen; default the protocol's own ports. */
  readonly bridgePorts?: readonly number[]
}

/** A portal that is being served. */
export interface Portal {
  /** For example `http://localhost:8080/`. */
  readonly url: string
  close(): Promise<void>
}

/** The package's folder, seen from `src/server` and from `dist/server` alike. */
const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const PORTS_TO_TRY = 20

/**
 * Starts to serve the portal, at the loopback addresses alone.
 * @throws the listening error when no port is free, or the reading error when the page has not been built
 */
export async function servePortal(options: PortalOptions = {}): Promise<Portal> {
  const { port: first = 8080, bridgePorts = PORTS } = options
  const listener = answerFrom(readFiles(ROOT, bridgePorts), securityHeaders(bridgePorts))
  const servers = await listenOnFreePort(listener, first)
  const { port } = (servers[0] as Server).address() as AddressInfo
  return {
    url: `http://localhost:${port}/`,
    close: async () => {
      await Promise.all(servers.map(stop))
    },
  }
}

/** `localhost` is ::1 in some browsers and 127.0.0.1 in others: both must be ours, or a stranger could stand at one. */
async function listenOnFreePort(listener: RequestListener, first: number): Promise<Server[]> {
  for (let port = first; ; port += 1) {
    let server: Server | undefined
    try {
      server = await listen(listener, port, '127.0.0.1')
      const taken = (server.address() as AddressInfo).port
      return [server, ...(await listenIfThere(listener, taken))]
    } catch (error) {
      if (server) await stop(server)
      const inUse = (error as NodeJS.ErrnoException).code === 'EADDRINUSE'
      if (!inUse || port + 1 >= first + PORTS_TO_TRY) throw error
    }
  }
}

/** Listens at ::1, or at nothing on a machine without IPv6. */
async function listenIfThere(listener: RequestListener, port: number): Promise<Server[]> {
  try {
    return [await listen(listener, port, '::1')]
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') throw error
    return []
  }
}

function listen(listener: RequestListener, port: number, host: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer(listener)
    server.once('error', reject)
    server.listen({ port, host, ipv6Only: true }, () => resolve(server))
  })
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
