/**
 * The desk of a person whose bridge listens for wss as well: a home, a bridge with the demo's token, a portal.
 * @module
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { SECURE_ABOVE } from '@trien/sdk/wire'
import {
  type BridgeProcess,
  type BridgeProcessOptions,
  runBridge,
  startBridge,
} from './bridge-process.ts'
import { type Portal, startPortal } from './portal.ts'
import { findClosedPort } from './scripted-bridge.ts'
import { createScriptedPinentry } from './scripted-pinentry.ts'

const TRIES = 5

/** All of it. */
export interface TlsDesk {
  readonly home: string
  /** In which commands of the bridge are this person's. */
  readonly env: Readonly<Record<string, string>>
  readonly bridge: BridgeProcess
  readonly portal: Portal
  /** Who vouches for the signer, PEM. */
  readonly caFile: string
  /** PEM of the authority behind wss. */
  readonly authorityFile: string
  /** The page that a portal with this Content-Security-Policy serves; it looks for its bridge at a port, default ours. */
  address(csp?: string, port?: number): string
  close(): Promise<void>
}

/** Runs `trien-bridge tls install` in the home, then `serve --tls`. */
export async function startTlsDesk(
  home = mkdtempSync(path.join(tmpdir(), 'trien-desk-')),
): Promise<TlsDesk> {
  const pinentry = createScriptedPinentry()
  const env = { HOME: home, XDG_STATE_HOME: path.join(home, 'state'), ...pinentry.env }
  const { code, stderr } = await runBridge(['tls', 'install'], env)
  if (code !== 0) throw new Error(`tls install: ${stderr}`)
  const caFile = path.join(home, 'demo-ca.pem')
  const args = ['--demo', '--demo-ca', caFile, '--pinentry', pinentry.program]
  const bridge = await startSecureBridge({ args, env })
  const [, pin = ''] = await bridge.untilStderr(/PIN\D*(\d+)/)
  pinentry.answer({ pin })
  const portal = await startPortal()
  return {
    home,
    env,
    bridge,
    portal,
    caFile,
    authorityFile: path.join(home, 'state/trien/tls-authority.pem'),
    address: (csp, port = bridge.port) => {
      const query = new URLSearchParams({ ports: String(port), ...(csp && { csp }) })
      return `${portal.httpsOrigin}/?${query}`
    },
    async close() {
      await Promise.all([bridge.stop(), portal.close()])
      pinentry.remove()
      rmSync(home, { recursive: true, force: true, maxRetries: 3 })
    },
  }
}

/** Starts a bridge at a port above which, where pages look for wss, it listens for wss. */
export async function startSecureBridge(options: BridgeProcessOptions): Promise<BridgeProcess> {
  for (let tries = 1; ; tries++) {
    const port = await findClosedPort()
    const args = [...(options.args ?? []), '--tls', '--port', String(port)]
    if (!(await isFree(port + SECURE_ABOVE))) continue
    try {
      return await startBridge({ ...options, args })
    } catch (error) {
      // Somebody was faster.
      if (tries === TRIES) throw error
    }
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer().once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
