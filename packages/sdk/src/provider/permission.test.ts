import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  type ScriptedBridge,
  WebSocket,
  findClosedPort,
  startScriptedBridge,
} from '../../../../test/helpers/scripted-bridge.ts'
import { SECURE_ABOVE } from '../wire/limits.ts'
import { type Bridge, type BridgeState, type ConnectOptions, connect } from './bridge.ts'

/**
 * What a browser adds to a socket: a permission, and a person who answers. Behaviour measured in Chromium 156; the
 * real thing is driven in test/e2e/permission.test.ts.
 */
class Browser {
  state: PermissionState = 'prompt'
  names = ['loopback-network']
  isActive = true
  readonly #statuses: { onchange: (() => void) | null; state: PermissionState }[] = []
  /** Resolves when a socket is held while the person is asked. */
  readonly asked: Promise<void>
  #noteAsked: () => void = () => {}
  #held: (() => void)[] = []

  constructor() {
    this.asked = new Promise((resolve) => (this.#noteAsked = resolve))
    const permissions = {
      query: async ({ name }: { name: string }): Promise<object> => {
        if (!this.names.includes(name)) throw new TypeError(`unknown permission: ${name}`)
        const status = { onchange: null, state: this.state }
        this.#statuses.push(status)
        return status
      },
    }
    const isActive = (): boolean => this.isActive
    const userActivation = {
      get isActive() {
        return isActive()
      },
    }
    vi.stubGlobal('navigator', { permissions, userActivation })
  }

  /** The person chooses; held sockets go on or die. `prompt` is the dialog closed without an answer. */
  answer(state: PermissionState): void {
    const changed = state !== this.state
    this.state = state
    for (const go of this.#held.splice(0)) go()
    if (!changed) return
    for (const status of this.#statuses) {
      status.state = state
      status.onchange?.()
    }
  }

  hold(go: () => void): void {
    this.#held.push(go)
    this.#noteAsked()
  }
}

let browser: Browser
let scripted: ScriptedBridge
let bridge: Bridge | undefined

beforeEach(async () => {
  browser = new Browser()
  scripted = await startScriptedBridge()
})

afterEach(async () => {
  bridge?.close()
  vi.unstubAllGlobals()
  await scripted.close()
})

/** The browser's socket to an open port: silent until the person answered. */
class HeldSocket {
  protocol = ''
  onopen: (() => void) | null = null
  onmessage: ((event: object) => void) | null = null
  onerror: (() => void) | null = null
  onclose: (() => void) | null = null
  #socket: WebSocket | undefined

  constructor(url: string, protocol: string) {
    if (browser.state === 'prompt') browser.hold(() => this.#go(url, protocol))
    else this.#go(url, protocol)
  }

  #go(url: string, protocol: string): void {
    if (browser.state !== 'granted') {
      queueMicrotask(() => (this.onerror?.(), this.onclose?.()))
      return
    }
    const socket = (this.#socket = new WebSocket(url, protocol))
    socket.onopen = () => {
      this.protocol = socket.protocol
      this.onopen?.()
    }
    socket.onmessage = (event) => this.onmessage?.(event)
    socket.onerror = () => this.onerror?.()
    socket.onclose = () => this.onclose?.()
  }

  send(data: string): void {
    this.#socket?.send(data)
  }

  close(): void {
    this.#socket?.close()
  }
}

function open(options: ConnectOptions = {}): Bridge {
  return (bridge = connect({ ports: [scripted.port], webSocket: HeldSocket, ...options }))
}

function reach(bridge: Bridge, state: BridgeState): Promise<void> {
  if (bridge.state === state) return Promise.resolve()
  return new Promise((resolve) => {
    bridge.onState((entered) => {
      if (entered === state) resolve()
    })
  })
}

const code = (expected: string, reason?: string): unknown =>
  expect.objectContaining({ code: expected, ...(reason && { details: { reason } }) })

describe('the permission', () => {
  it('granted: connects, click or not', async () => {
    browser.state = 'granted'
    browser.isActive = false
    await open().ready()
  })

  it('denied: says so and does not even try', async () => {
    browser.state = 'denied'
    await expect(open().ready()).rejects.toThrowError(code('BRIDGE_BLOCKED', 'denied'))
    expect(bridge!.state).toBe('blocked')
    expect(scripted.upgrades).toBe(0)
  })

  it.each(['iframe', 'permissions-policy'])('denied by %s: says which', async (reason) => {
    browser.state = 'denied'
    if (reason === 'iframe') vi.stubGlobal('parent', {})
    vi.stubGlobal('document', {
      addEventListener() {},
      removeEventListener() {},
      featurePolicy: { features: () => ['loopback-network'], allowsFeature: () => false },
    })
    await expect(open().ready()).rejects.toThrowError(code('BRIDGE_BLOCKED', reason))
  })

  it('unknown to the browser: connects', async () => {
    browser.names = []
    await open({ webSocket: WebSocket }).ready()
  })

  it('known by its old name only: is asked by that', async () => {
    browser.names = ['local-network-access']
    browser.state = 'denied'
    await expect(open().ready()).rejects.toThrowError(code('BRIDGE_BLOCKED', 'denied'))
  })

  it.each(['localhost', '127.0.0.1', '[::1]', 'portal.localhost'])(
    'is not needed by a page of %s',
    async (hostname) => {
      vi.stubGlobal('location', { hostname })
      browser.isActive = false
      await open({ webSocket: WebSocket }).ready()
    },
  )

  it('to be asked, without a click: waits for one, then asks once', async () => {
    browser.isActive = false
    await expect(open().ready()).rejects.toThrowError(code('BRIDGE_PERMISSION_NEEDED'))
    expect(bridge!.state).toBe('permission-needed')
    expect(bridge!.problem).toMatchObject({ code: 'BRIDGE_PERMISSION_NEEDED' })

    browser.isActive = true
    const ready = bridge!.ready()
    await browser.asked
    browser.answer('granted')
    await ready
    expect(bridge!.state).toBe('ready')
    expect(scripted.upgrades).toBe(1)
  })

  it('to be asked, and the portal knows better than the browser what a click is', async () => {
    browser.isActive = false
    const ready = open({ mayPrompt: true }).ready()
    await browser.asked
    browser.answer('granted')
    await ready
  })

  it('a click during an attempt that may not ask makes one that may', async () => {
    browser.isActive = false
    open()
    browser.isActive = true
    const ready = bridge!.ready()
    await browser.asked
    browser.answer('granted')
    await ready
  })

  it('being asked: shows it, and connects when the person allows it after long thought', async () => {
    const ready = open().ready()
    await reach(bridge!, 'permission-needed')
    expect(scripted.upgrades).toBe(0)
    browser.answer('granted')
    await ready
    expect(bridge!.problem).toBeUndefined()
  })

  it('refused: blocked', async () => {
    const ready = open().ready()
    await reach(bridge!, 'permission-needed')
    browser.answer('denied')
    await expect(ready).rejects.toThrowError(code('BRIDGE_BLOCKED', 'denied'))
    expect(bridge!.state).toBe('blocked')
  })

  it('dialog closed without an answer: not asked again at the next port', async () => {
    const ready = open({ ports: [scripted.port, await findClosedPort()] }).ready()
    await reach(bridge!, 'permission-needed')
    browser.answer('prompt')
    await expect(ready).rejects.toThrowError(code('BRIDGE_PERMISSION_NEEDED'))
    expect(bridge!.state).toBe('permission-needed')
  })

  it('allowed later in the browser’s settings: connects by itself', async () => {
    browser.state = 'denied'
    await expect(open().ready()).rejects.toThrowError(code('BRIDGE_BLOCKED', 'denied'))
    browser.answer('granted')
    await reach(bridge!, 'ready')
  })

  it('to be asked, and nobody listens: found out without asking', async () => {
    open({ ports: [await findClosedPort()], webSocket: WebSocket })
    await expect(bridge!.ready()).rejects.toThrowError(code('BRIDGE_NOT_RUNNING'))
    expect(bridge!.state).toBe('not-installed')
    // A change elsewhere in the browser makes it look again, but it may not ask, and so knows nothing better.
    browser.isActive = false
    browser.answer('granted')
    browser.answer('prompt')
    await vi.waitFor(() => expect(bridge!.problem).toMatchObject({ code: 'BRIDGE_NOT_RUNNING' }))
    expect(bridge!.state).toBe('not-installed')
  })

  it('allowed, but the bridge had dropped the silent socket: tries once more', async () => {
    let sockets = 0
    class DroppedSocket extends HeldSocket {
      constructor(url: string, protocol: string) {
        super(url, protocol)
        if (sockets++ > 0) return
        // The first socket was given up by the other end while the person thought.
        this.send = () => {}
        Object.defineProperty(this, 'onopen', { get: () => this.onclose, set() {} })
      }
    }
    const ready = open({ webSocket: DroppedSocket }).ready()
    await browser.asked
    browser.answer('granted')
    await ready
    expect(sockets).toBe(2)
  })
})

describe('the page’s own rules', () => {
  it('an insecure page may not connect at all', async () => {
    vi.stubGlobal('isSecureContext', false)
    browser.state = 'granted'
    await expect(open().ready()).rejects.toThrowError(code('USAGE_INSECURE_CONTEXT'))
    expect(bridge!.state).toBe('blocked')
    expect(scripted.upgrades).toBe(0)
  })

  it('Content-Security-Policy as Firefox does it: the constructor throws', async () => {
    class Throwing extends HeldSocket {
      constructor(url: string, protocol: string) {
        super('ws://127.0.0.1:1', protocol)
        throw new DOMException(url, 'SecurityError')
      }
    }
    browser.names = []
    await expect(open({ webSocket: Throwing }).ready()).rejects.toThrowError(
      code('BRIDGE_BLOCKED', 'csp'),
    )
    expect(bridge!.state).toBe('blocked')
  })

  class ErrorOnly extends HeldSocket {
    constructor(_url: string, protocol: string) {
      super('ws://127.0.0.1:1', protocol)
      setTimeout(() => this.onerror?.())
      this.onclose = null
      Object.defineProperty(this, 'onclose', { get: () => null, set() {} })
    }
  }

  it('Content-Security-Policy as Chromium does it: a report, an error and no close', async () => {
    browser.names = []
    const document = new EventTarget()
    vi.stubGlobal('document', document)
    open({ webSocket: ErrorOnly })
    await vi.waitFor(() => {
      for (const [blockedURI, disposition] of [
        ['ws://127.0.0.1:1', 'enforce'],
        [`ws://127.0.0.1:${scripted.port}/v1`, 'report'],
        [`ws://127.0.0.1:${scripted.port}/v1`, 'enforce'],
        [`wss://127.0.0.1:${scripted.port + SECURE_ABOVE}/v1`, 'enforce'],
      ]) {
        const event = new Event('securitypolicyviolation')
        document.dispatchEvent(Object.assign(event, { blockedURI, disposition }))
      }
      expect(bridge!.state).toBe('blocked')
    })
    expect(bridge!.problem).toEqual(code('BRIDGE_BLOCKED', 'csp'))
  })
})
