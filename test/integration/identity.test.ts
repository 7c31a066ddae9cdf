/** A page knows the bridge of this person again, and nobody else's. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Bridge, type IdentityStore, connect } from '@trien/sdk/bridge'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type BridgeProcess, startBridge } from '../helpers/bridge-process.ts'
import { PORTAL, pageSocket } from '../helpers/page-socket.ts'

const OTHER = 'https://other.gov.test'
const cleanups: (() => unknown)[] = []
let keys: Map<string, string>
let home = ''

beforeEach(() => {
  keys = new Map()
  home = createState()
})
afterEach(async () => {
  vi.unstubAllGlobals()
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

function createState(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'trien-known-'))
  cleanups.push(() => rmSync(folder, { recursive: true }))
  return folder
}

async function start(state = home, ...args: string[]): Promise<BridgeProcess> {
  const bridge = await startBridge({ args, env: { XDG_STATE_HOME: state } })
  cleanups.push(() => bridge.stop('SIGKILL'))
  return bridge
}

/** A page of an origin, with the storage that a browser keeps for it. */
function open(ports: readonly number[], origin = PORTAL): Bridge {
  vi.stubGlobal('origin', origin)
  const identityStore: IdentityStore = {
    getItem: (name) => keys.get(`${origin} ${name}`) ?? null,
    setItem: (name, value) => void keys.set(`${origin} ${name}`, value),
    removeItem: (name) => void keys.delete(`${origin} ${name}`),
  }
  const bridge = connect({ ports, webSocket: pageSocket(origin), identityStore })
  cleanups.push(() => bridge.close())
  return bridge
}

const changed = (reason: string): unknown =>
  expect.objectContaining({ code: 'BRIDGE_IDENTITY_CHANGED', details: { reason } })

describe('a page', () => {
  it('knows its bridge again after a restart and on another port', async () => {
    const first = await start()
    expect((await open([first.port]).ready()).identity).toBe('first-use')
    await first.stop()
    const again = await start()
    expect((await open([again.port]).ready()).identity).toBe('verified')
  })

  it('learns a key of its own, so that two sites cannot find that they have the same visitor', async () => {
    const { port } = await start()
    await open([port]).ready()
    await open([port], OTHER).ready()
    expect(new Set(keys.values()).size).toBe(2)
  })

  it('passes over another installation, and takes it for its own once the person says so', async () => {
    const ours = await start()
    await open([ours.port]).ready()
    const stranger = await start(createState())
    expect((await open([stranger.port, ours.port]).ready()).identity).toBe('verified')

    await ours.stop()
    const bridge = open([stranger.port, ours.port])
    await expect(bridge.ready()).rejects.toThrowError(changed('key'))
    expect((await bridge.trustNewIdentity()).identity).toBe('verified')
  })

  it('is not fooled by a demo, which leaves no trace and is nobody', async () => {
    const demo = await start(home, '--demo')
    expect((await open([demo.port]).ready()).identity).toBe('unproven')
    const ours = await start()
    await open([ours.port]).ready()
    await ours.stop()
    await expect(open([demo.port]).ready()).rejects.toThrowError(changed('missing'))
  })

  it('misses the key that others may read, and the bridge says so once', async () => {
    const first = await start()
    await open([first.port]).ready()
    await first.stop()
    chmodSync(path.join(home, 'trien/identity.key'), 0o644)
    const careless = await start()
    for (let time = 0; time < 2; time++) {
      await expect(open([careless.port]).ready()).rejects.toThrowError(changed('missing'))
    }
    expect(careless.stderr().match(/^trien-bridge: .*identity\.key/gm)).toHaveLength(1)
  })
})
