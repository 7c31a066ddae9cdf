import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createBridgeKey } from '../../../../test/helpers/bridge-key.ts'
import {
  type ScriptOptions,
  type ScriptedBridge,
  WebSocket,
  findClosedPort,
  startScriptedBridge,
} from '../../../../test/helpers/scripted-bridge.ts'
import { SECURE_ABOVE } from '../wire/limits.ts'
import { type Bridge, type BridgeState, connect } from './bridge.ts'

/**
 * What a browser makes of a socket. Measured in Chromium 156, Firefox 153 and WebKitGTK 2.50 on an https page; the real
 * things are driven in test/e2e/wss-*.test.ts.
 */
type Fate =
  /** Goes where it was sent; wss arrives at the scripted bridge as if a browser had taken the TLS off. */
  | 'open'
  /** WebKit keeps an https page from ws: `error` on a socket that is still connecting, and nothing else. */
  | 'mixed-content'
  /** WebKit obeys upgrade-insecure-requests: the socket's own url says wss. */
  | 'upgraded'
  /** Firefox does, and hides it: TLS fails at an ear that speaks none. Or a certificate that Firefox does not believe. */
  | 1015
  /** Nobody listens; or a certificate that Chromium or WebKit do not believe. */
  | 1006
  /** Content-Security-Policy, in Firefox and WebKit. */
  | 'throws'

const fates: { ws: Fate; wss: Fate } = { ws: 'open', wss: 'open' }
/** What was dialled, in order. */
let dialled: string[]
let bridge: Bridge | undefined
let scripted: ScriptedBridge | undefined

beforeEach(() => {
  dialled = []
  vi.stubGlobal('isSecureContext', true)
})
afterEach(async () => {
  bridge?.close()
  await scripted?.close()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

class PageSocket {
  readonly url: string
  readyState = 0
  onopen: (() => void) | null = null
  onmessage: ((event: object) => void) | null = null
  onerror: (() => void) | null = null
  onclose: ((event: { code: number }) => void) | null = null
  #socket: WebSocket | undefined

  constructor(url: string, protocol: string) {
    dialled.push(url.replace(/\/v1$/, ''))
    const fate = fates[url.startsWith('wss:') ? 'wss' : 'ws']
    this.url = fate === 'upgraded' ? url.replace('ws:', 'wss:') : url
    if (fate === 'throws') throw new DOMException(url, 'SecurityError')
    if (fate === 'mixed-content') queueMicrotask(() => this.onerror?.())
    else if (fate === 'open') this.#open(url.replace('wss:', 'ws:'), protocol)
    else queueMicrotask(() => this.#close(fate === 'upgraded' ? 1006 : fate))
  }

  get protocol(): string {
    return this.#socket?.protocol ?? ''
  }

  #open(url: string, protocol: string): void {
    const socket = (this.#socket = new WebSocket(url, protocol, { origin: 'https://portal.test' }))
    socket.onopen = () => this.onopen?.()
    socket.onmessage = (event) => this.onmessage?.(event)
    socket.onerror = () => {}
    socket.onclose = () => this.#close(1006)
  }

  #close(code: number): void {
    this.readyState = 3
    this.onerror?.()
    this.onclose?.({ code })
  }

  send(data: string): void {
    this.#socket?.send(data)
  }

  close(): void {
    this.#socket?.close()
  }
}

/** A bridge whose ear for wss is the only one here: the port of the list lies below it. */
async function start(options?: ScriptOptions): Promise<number> {
  scripted = await startScriptedBridge(options)
  return scripted.port - SECURE_ABOVE
}

function open(...ports: number[]): Bridge {
  const store = new Map<string, string>()
  const identityStore = {
    getItem: (name: string) => store.get(name) ?? null,
    setItem: (name: string, value: string) => void store.set(name, value),
    removeItem: (name: string) => void store.delete(name),
  }
  return (bridge = connect({ ports, webSocket: PageSocket, identityStore }))
}

function reach(state: BridgeState): Promise<void> {
  if (bridge?.state === state) return Promise.resolve()
  return new Promise((resolve) => {
    bridge?.onState((entered) => {
      if (entered === state) resolve()
    })
  })
}

const blocked = (reason: string): unknown =>
  expect.objectContaining({ code: 'BRIDGE_BLOCKED', details: { reason } })

describe('a page that may open ws', () => {
  it('opens no wss, and hears no later that nothing runs', async () => {
    Object.assign(fates, { ws: 1006, wss: 'open' })
    const ports = [1_000, 1_001]
    await expect(open(...ports).ready()).rejects.toThrowError('BRIDGE_NOT_RUNNING')
    expect(dialled).toEqual(ports.map((port) => `ws://127.0.0.1:${port}`))
  })
})

describe('a page that is kept from ws', () => {
  it.each(['mixed-content', 'upgraded', 1015] as const)(
    'by %s, goes to wss at once',
    async (ws) => {
      Object.assign(fates, { ws, wss: 'open' })
      const port = await start()
      await open(port, await findClosedPort()).ready()
      expect(dialled).toEqual([`ws://127.0.0.1:${port}`, `wss://127.0.0.1:${scripted?.port}`])
      expect(bridge?.state).toBe('ready')
    },
  )

  it('by a policy that names wss alone, tries it', async () => {
    Object.assign(fates, { ws: 'throws', wss: 'open' })
    await open(await start()).ready()
  })

  it('by a policy that forgets wss too, tells its developer', async () => {
    Object.assign(fates, { ws: 'throws', wss: 'throws' })
    await expect(open(1_000).ready()).rejects.toThrowError(blocked('csp'))
    Object.assign(fates, { ws: 'mixed-content' })
    await expect(bridge?.ready()).rejects.toThrowError(blocked('csp'))
  })

  it('hears of a certificate that is not believed, where the browser tells', async () => {
    Object.assign(fates, { ws: 'mixed-content', wss: 1015 })
    await expect(open(1_000, 1_001).ready()).rejects.toThrowError(blocked('certificate'))
    expect(bridge?.state).toBe('blocked')
  })

  it('finds the bridge by wss that was started, or is believed, later', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    Object.assign(fates, { ws: 'mixed-content', wss: 1006 })
    const port = await start()
    await expect(open(port).ready()).rejects.toThrowError(blocked('tls'))
    expect(bridge?.state).toBe('blocked')
    const states: BridgeState[] = []
    bridge?.onState((state) => states.push(state))
    fates.wss = 'open'
    vi.advanceTimersByTime(4_000)
    await reach('ready')
    expect(states).toEqual(['ready'])
  })

  it('finds the bridge again that it lost', async () => {
    Object.assign(fates, { ws: 'mixed-content', wss: 'open' })
    const port = await start()
    await open(port).ready()
    fates.wss = 1006
    ;(await scripted?.nextPeer())?.drop()
    await reach('lost')
    await expect(bridge?.ready()).rejects.toThrowError(blocked('tls'))
    expect(bridge?.state).toBe('lost')
    fates.wss = 'open'
    await reach('ready')
  })

  it('knows its bridge by the same key as on ws, proven for the port that it dialled', async () => {
    vi.stubGlobal('origin', 'https://portal.test')
    Object.assign(fates, { ws: 'mixed-content', wss: 'open' })
    let key = createBridgeKey()
    const identify: ScriptOptions['identify'] = (challenge, origin, port) =>
      key.answer(challenge, origin, port)
    const port = await start({ identify })
    await open(port).ready()
    expect(bridge?.identity).toBe('first-use')
    const { steps } = (await bridge?.diagnose()) ?? { steps: [] }
    expect(steps).toContainEqual(
      expect.objectContaining({ step: 'port', port: scripted?.port, state: 'good' }),
    )

    key = createBridgeKey()
    ;(await scripted?.nextPeer())?.drop()
    await reach('lost')
    await expect(bridge?.ready()).rejects.toThrowError('BRIDGE_IDENTITY_CHANGED')
    expect(bridge?.state).toBe('untrusted')
  })
})
