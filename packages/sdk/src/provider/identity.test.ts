import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createBridgeKey } from '../../../../test/helpers/bridge-key.ts'
import { PORTAL, pageSocket } from '../../../../test/helpers/page-socket.ts'
import {
  type ScriptOptions,
  type ScriptedBridge,
  startScriptedBridge,
} from '../../../../test/helpers/scripted-bridge.ts'
import { type Bridge, type ConnectOptions, type IdentityStore, connect } from './bridge.ts'

class Memory extends Map<string, string> implements IdentityStore {
  getItem = (name: string): string | null => this.get(name) ?? null
  setItem = (name: string, value: string): void => void this.set(name, value)
  removeItem = (name: string): void => void this.delete(name)
}

const ours = createBridgeKey()
const other = createBridgeKey()
const cleanups: (() => unknown)[] = []
let store = new Memory()

beforeEach(() => {
  store = new Memory()
  vi.stubGlobal('origin', PORTAL)
})
afterEach(async () => {
  vi.unstubAllGlobals()
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function start(identify?: ScriptOptions['identify']): Promise<ScriptedBridge> {
  const scripted = await startScriptedBridge(identify ? { identify } : {})
  cleanups.push(() => scripted.close())
  return scripted
}

function open(scripted: readonly ScriptedBridge[], options: ConnectOptions = {}): Bridge {
  const ports = scripted.map(({ port }) => port)
  const bridge = connect({ ports, webSocket: pageSocket(), identityStore: store, ...options })
  cleanups.push(() => bridge.close())
  return bridge
}

/** As a page that has known our bridge for long. */
function knowOurs(): void {
  store.set('trien.bridge', ours.publicKeyBase64url)
}

const changed = (reason: string): unknown =>
  expect.objectContaining({ code: 'BRIDGE_IDENTITY_CHANGED', details: { reason } })

describe('a page that knows no bridge', () => {
  it('remembers the first that proves its key, and knows it again', async () => {
    const scripted = await start(ours.answer)
    const first = await open([scripted]).ready()
    expect(first.identity).toBe('first-use')
    expect([...store.values()]).toEqual([ours.publicKeyBase64url])
    first.close()
    expect((await open([scripted]).ready()).identity).toBe('verified')
  })

  it('goes on with a bridge that has no key, and remembers nothing', async () => {
    const bridge = await open([await start()]).ready()
    expect(bridge.identity).toBe('unproven')
    expect(store.size).toBe(0)
  })

  it.each<[string, NonNullable<ScriptOptions['identify']>]>([
    ['for another port', (challenge, origin, port) => ours.answer(challenge, origin, port + 1)],
    ['for another page', (challenge, _, port) => ours.answer(challenge, 'https://evil.test', port)],
    ['of another challenge', (_, origin, port) => ours.answer('AAAA', origin, port)],
    ['by what is no key', (...asked) => ({ ...ours.answer(...asked), publicKey: 'AAAA' })],
  ])('refuses an answer %s, and that for good', async (_, identify) => {
    const bridge = open([await start(identify)])
    await expect(bridge.ready()).rejects.toThrowError(changed('signature'))
    await expect(bridge.trustNewIdentity()).rejects.toThrowError(changed('signature'))
    expect(bridge.state).toBe('untrusted')
    expect(store.size).toBe(0)
  })

  it('passes over who relays the answer of another port, and takes the true one', async () => {
    const bridge = await start(ours.answer)
    const relay = await start((challenge, origin) => ours.answer(challenge, origin, bridge.port))
    expect((await open([relay, bridge]).ready()).identity).toBe('first-use')
    expect(relay.upgrades).toBe(1)
  })

  it('cannot check where the browser has no Ed25519, and remembers nothing', async () => {
    const { subtle } = globalThis.crypto
    const importKey = async (): Promise<never> => {
      throw new DOMException('', 'NotSupportedError')
    }
    vi.spyOn(subtle, 'importKey').mockImplementation(importKey)
    const bridge = open([await start(ours.answer)])
    await bridge.ready()
    vi.restoreAllMocks()
    expect(bridge.identity).toBe('unproven')
    expect(store.size).toBe(0)
  })

  it('goes on where nothing can be remembered', async () => {
    const scripted = await start(ours.answer)
    const full: IdentityStore = {
      ...store,
      getItem: () => null,
      setItem() {
        throw new DOMException('', 'QuotaExceededError')
      },
      removeItem() {},
    }
    expect((await open([scripted], { identityStore: full }).ready()).identity).toBe('first-use')
  })
})

describe('a page that knows its bridge', () => {
  beforeEach(knowOurs)

  it.each<[string, string, ScriptOptions['identify']]>([
    ['another key', 'key', other.answer],
    ['no key, as a demo or an old bridge', 'missing', undefined],
    [
      'its key, wrongly signed',
      'signature',
      (challenge, origin, port) => ({
        ...other.answer(challenge, origin, port),
        publicKey: ours.publicKeyBase64url,
      }),
    ],
  ])('uses no bridge with %s', async (_, reason, identify) => {
    const scripted = await start(identify)
    const bridge = open([scripted])
    await expect(bridge.ready()).rejects.toThrowError(changed(reason))
    expect(bridge.state).toBe('untrusted')
    expect(bridge.problem).toEqual(changed(reason))
    await (
      await scripted.nextPeer()
    ).closed
    await expect(bridge.listCertificates()).rejects.toThrowError(changed(reason))
    expect([...store.values()]).toEqual([ours.publicKeyBase64url])
  })

  it('looks for it behind others that answer first', async () => {
    const [demo, stranger, bridge] = [
      await start(),
      await start(other.answer),
      await start(ours.answer),
    ]
    expect((await open([demo, stranger, bridge]).ready()).identity).toBe('verified')
  })

  it('says that it changed rather than that a port talks nonsense', async () => {
    const nonsense = await startScriptedBridge({ greets: false })
    cleanups.push(() => nonsense.close())
    void nonsense.nextPeer().then((peer) => peer.send('{'))
    const bridge = open([nonsense, await start(other.answer)])
    await expect(bridge.ready()).rejects.toThrowError(changed('key'))
  })

  it('knows another once the person says so', async () => {
    const bridge = open([await start(other.answer)])
    await expect(bridge.ready()).rejects.toThrowError(changed('key'))
    expect((await bridge.trustNewIdentity()).identity).toBe('verified')
    expect(bridge.state).toBe('ready')
    expect([...store.values()]).toEqual([other.publicKeyBase64url])
  })

  it('knows none once the person says so of one without a key', async () => {
    const bridge = open([await start()])
    await expect(bridge.ready()).rejects.toThrowError(changed('missing'))
    expect((await bridge.trustNewIdentity()).identity).toBe('unproven')
    expect(store.size).toBe(0)
  })

  it('takes nothing for it that it did not refuse', async () => {
    const bridge = await open([await start(ours.answer)]).ready()
    expect((await bridge.trustNewIdentity()).identity).toBe('verified')
    expect([...store.values()]).toEqual([ours.publicKeyBase64url])
  })

  it('finds it by itself when it is back', async () => {
    const stranger = await start(other.answer)
    const bridge = open([stranger])
    await expect(bridge.ready()).rejects.toThrowError(changed('key'))
    const { port } = stranger
    await stranger.close()
    const back = await startScriptedBridge({ port, identify: ours.answer })
    cleanups.push(() => back.close())
    await vi.waitFor(() => expect(bridge.identity).toBe('verified'), { timeout: 10_000 })
  })
})
