/**
 * Two servers for wss of one authority of the bridge's kind: one with the bridge's names, one with a bank's as well.
 * @module
 */
import { once } from 'node:events'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { WebSocketServer } from 'ws'
import { createAuthority } from '../../packages/bridge/src/tls/authority.ts'
import { LOOPBACK_NAMES } from '../../packages/bridge/src/tls/extensions.ts'

/** What a browser is shown. */
export interface Rivals {
  /** PEM; a browser that believes it must refuse the second server all the same. */
  readonly authority: string
  /** For a page: what became of a socket to each, `open` or `closed`. */
  readonly knock: string
  close(): Promise<void>
}

/** Starts both. */
export async function startRivals(): Promise<Rivals> {
  const authority = createAuthority()
  const kinds = [
    LOOPBACK_NAMES,
    [...LOOPBACK_NAMES, { type: 'dns', name: 'bank.example' } as const],
  ]
  const servers = await Promise.all(kinds.map((names) => startServer(authority.issue(names))))
  const urls = servers.map((server) => `wss://127.0.0.1:${(server.address() as AddressInfo).port}`)
  return {
    authority: authority.certificate.toString(),
    knock: `Promise.all(${JSON.stringify(urls)}.map((url) => new Promise((resolve) => {
      const socket = new WebSocket(url)
      socket.onopen = () => resolve('open')
      socket.onclose = () => resolve('closed')
    })))`,
    async close() {
      for (const server of servers) {
        server.closeAllConnections()
        await new Promise((resolve) => server.close(resolve))
      }
    },
  }
}

async function startServer({ leaf, key }: ReturnType<ReturnType<typeof createAuthority>['issue']>) {
  const credentials = { cert: leaf.toString(), key: key.export({ type: 'pkcs8', format: 'pem' }) }
  const server = createServer(credentials).listen(0, '127.0.0.1')
  new WebSocketServer({ server })
  await once(server, 'listening')
  return server
}
