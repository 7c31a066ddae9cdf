/**
 * A bridge with one token, and everything that can befall them. What the bridge remembers outlives it.
 * @module
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type BridgeProcess, startBridge } from '../helpers/bridge-process.ts'
import { findChildProcesses } from '../helpers/child-processes.ts'
import { createHeapMeter } from '../helpers/heap-meter.ts'
import { createScriptedPinentry } from '../helpers/scripted-pinentry.ts'
import { createSoftHsm } from '../helpers/softhsm.ts'
import { buildTroubledModule } from '../helpers/troubled-module.ts'

export interface World {
  readonly port: number
  /** Of the bridge that runs now. */
  readonly pid: number
  /** PEM of the authority that issued the token's certificate. */
  readonly authorityFile: string
  /** For commands of the bridge that read what it remembers. */
  readonly env: Readonly<Record<string, string>>
  readonly counts: Readonly<Record<Disaster, number>>
  /** Resolves when a bridge listens. */
  ready(): Promise<void>
  befall(disaster: Disaster): Promise<void>
  /** Bytes that the bridge holds once all garbage is collected. */
  readHeap(): Promise<number>
  close(): Promise<void>
}

/** What can happen; each is over when `befall` resolves. */
export const DISASTERS = ['bridge killed', 'host killed', 'driver crashed', 'unplugged'] as const
export type Disaster = (typeof DISASTERS)[number]

/** How long a token stays out. */
const UNPLUGGED_MS = 150

/** Starts it all. */
export async function createWorld(): Promise<World> {
  const folder = mkdtempSync(path.join(tmpdir(), 'trien-soak-'))
  const hsm = createSoftHsm()
  hsm.addToken('soak', ['P-256'])
  const module = buildTroubledModule(hsm.folder, hsm.modulePath)
  const pinentry = createScriptedPinentry({ pin: hsm.pin })
  const env = {
    ...hsm.env,
    ...module.env,
    ...pinentry.env,
    LC_ALL: 'C.UTF-8',
    XDG_STATE_HOME: path.join(folder, 'state'),
    XDG_CONFIG_HOME: path.join(folder, 'settings'),
  }
  const heapMeter = createHeapMeter(folder)
  const start = (port: number): Promise<BridgeProcess> =>
    startBridge({
      args: ['--module', module.modulePath, '--pinentry', pinentry.program, '--port', String(port)],
      env: { ...env, ...heapMeter.env },
    })
  let bridge = await start(0)
  const { port } = bridge
  let ready = Promise.resolve()
  const counts = Object.fromEntries(DISASTERS.map((name) => [name, 0])) as Record<Disaster, number>

  async function restart(): Promise<void> {
    await bridge.stop('SIGKILL')
    bridge = await start(port)
  }

  async function trouble(kind: 'crash' | 'removed'): Promise<void> {
    module.setTrouble(kind)
    await sleep(UNPLUGGED_MS)
    module.setTrouble(undefined)
  }

  const disasters: Readonly<Record<Disaster, () => Promise<void>>> = {
    'bridge killed': () => (ready = restart()),
    async 'host killed'() {
      for (const pid of findHosts(bridge.pid)) process.kill(pid, 'SIGKILL')
    },
    'driver crashed': () => trouble('crash'),
    unplugged: () => trouble('removed'),
  }
  return {
    port,
    get pid() {
      return bridge.pid
    },
    authorityFile: hsm.authority.certificateFile,
    env,
    counts,
    ready: () => ready,
    async befall(disaster) {
      counts[disaster] += 1
      await disasters[disaster]()
    },
    readHeap: () => heapMeter.read(bridge.pid),
    async close() {
      await ready
      await bridge.stop()
      pinentry.remove()
      hsm.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** The bridge's other children come and go while one looks. */
function findHosts(bridgePid: number): number[] {
  try {
    return findChildProcesses(bridgePid, 'token-host.js')
  } catch {
    return []
  }
}
