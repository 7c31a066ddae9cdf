/** Who answers on the bridge's ports, who asks from strange places: seen by a real page in Chromium. */
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, type Socket, createServer } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Browser, BrowserContext, Frame, Page } from 'puppeteer'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createBridgeKey } from '../helpers/bridge-key.ts'
import { type BridgeProcess, startBridge } from '../helpers/bridge-process.ts'
import { hasChromium, launchChromium, launchChromiumAllowing } from '../helpers/chromium.ts'
import { OTHER_UID, canBeOther, shareBridge } from '../helpers/other-user.ts'
import { type Portal, startPortal } from '../helpers/portal.ts'
import { findClosedPort, startScriptedBridge } from '../helpers/scripted-bridge.ts'
import { hasTools } from '../helpers/tools.ts'

const canRun = hasTools('openssl') && hasChromium()
const RESOLVE = '--host-resolver-rules=MAP *.gov.test 127.0.0.1, MAP rebind.test 127.0.0.1'

let portal: Portal
const cleanups: (() => unknown)[] = []
beforeAll(async () => {
  if (canRun) portal = await startPortal()
})
afterAll(() => portal?.close())
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

function createState(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'trien-stranger-'))
  cleanups.push(() => rmSync(folder, { recursive: true }))
  return folder
}

async function start(options: Parameters<typeof startBridge>[0] = {}): Promise<BridgeProcess> {
  const bridge = await startBridge({ env: { XDG_STATE_HOME: createState() }, ...options })
  cleanups.push(() => bridge.stop('SIGKILL'))
  return bridge
}

/** How `ready()` ended after a click, or what else the page says. */
interface Outcome {
  readonly code?: string
  readonly details?: object
  readonly remedy?: string
}

/** A real click on the page's button, whose handler calls `ready()`. */
async function click(page: Page | Frame): Promise<Outcome> {
  await (await page.waitForSelector('button'))?.click()
  return (await page.evaluate('window.clicked')) as Outcome
}

describe.skipIf(!canRun)('a page with the permission', () => {
  let browser: Browser
  let context: BrowserContext

  beforeAll(async () => {
    browser = await launchChromium(...portal.chromiumArguments, RESOLVE)
  })
  afterAll(() => browser?.close())
  beforeEach(async () => {
    context = await browser.createBrowserContext()
    const permission = { name: 'loopback-network' }
    await context.setPermission(portal.httpsOrigin, { permission, state: 'granted' })
  })
  afterEach(() => context.close())

  async function visit(...ports: readonly number[]): Promise<Page> {
    const page = await context.newPage()
    await page.goto(`${portal.httpsOrigin}/?ports=${ports.join(',')}`)
    return page
  }

  async function squat(onConnection: (socket: Socket) => void): Promise<number> {
    const sockets: Socket[] = []
    const server = createServer((socket) => {
      sockets.push(socket.on('error', () => {}))
      onConnection(socket)
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    cleanups.push(() => {
      for (const socket of sockets) socket.destroy()
      server.close()
    })
    return (server.address() as AddressInfo).port
  }

  it('passes over ports with garbage, with silence and with another bridge, and knows its own', async () => {
    const bridge = await start()
    const first = await visit(bridge.port)
    expect(await click(first)).toEqual({})
    expect(await first.evaluate('bridge.identity')).toBe('first-use')
    await first.close()

    const garbage = await squat((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'))
    const silence = await squat(() => {})
    const other = await startScriptedBridge({ identify: createBridgeKey().answer })
    cleanups.push(() => other.close())
    const page = await visit(garbage, silence, other.port, bridge.port)
    expect(await click(page)).toEqual({})
    expect(await page.evaluate('bridge.identity')).toBe('verified')
    expect(other.upgrades).toBe(1)

    const { steps } = (await page.evaluate('bridge.diagnose()')) as { steps: object[] }
    const port = (at: number, state: string, code?: string): object =>
      expect.objectContaining({ step: 'port', port: at, state, ...(code && { code }) })
    expect(steps).toEqual([
      expect.objectContaining({ step: 'page', state: 'good' }),
      expect.objectContaining({ step: 'permission', state: 'good', permission: 'granted' }),
      port(garbage, 'unknown', 'BRIDGE_NOT_RUNNING'),
      port(silence, 'unknown', 'BRIDGE_NOT_RUNNING'),
      port(other.port, 'bad', 'BRIDGE_IDENTITY_CHANGED'),
      port(bridge.port, 'good'),
      expect.objectContaining({ step: 'bridge', state: 'good' }),
      expect.objectContaining({ step: 'identity', state: 'good', identity: 'verified' }),
    ])
  })

  it('says that its bridge is another one, and knows that once the person says so', async () => {
    const bridge = await start()
    const page = await visit(bridge.port)
    await click(page)
    await bridge.stop()
    await start({ args: ['--port', String(bridge.port)] })
    await page.waitForFunction(`bridge.state === 'untrusted'`)
    expect(await click(page)).toMatchObject({
      code: 'BRIDGE_IDENTITY_CHANGED',
      details: { reason: 'key' },
      remedy: expect.stringContaining('vừa cài lại Trien'),
    })
    await page.evaluate('bridge.trustNewIdentity()')
    expect(await page.evaluate('[bridge.state, bridge.identity]')).toEqual(['ready', 'verified'])
  })

  it.runIf(canBeOther())('passes over the bridge of another person on the first port', async () => {
    const shared = shareBridge()
    cleanups.push(() => shared.remove())
    const theirs = await start({ cli: shared.cli, uid: OTHER_UID, env: { HOME: '/nonexistent' } })
    const ours = await start()
    const page = await visit(theirs.port, ours.port)
    expect(await click(page)).toEqual({})
    await theirs.untilStderr(/refused peer-other-user$/m)
  })

  it('says that the bridge speaks another version of the protocol', async () => {
    const newer = await startScriptedBridge({ greets: false })
    cleanups.push(() => newer.close())
    const page = await visit(newer.port)
    const answering = (async () => {
      for (;;) await (await newer.nextPeer()).answerHello(9)
    })()
    expect(await Promise.race([answering, click(page)])).toMatchObject({
      code: 'BRIDGE_VERSION',
      remedy: expect.stringContaining('Cập nhật Trien'),
    })
  })

  it('is told of nothing when its name leads to this machine (DNS rebinding)', async () => {
    const bridge = await start()
    const open = await startScriptedBridge()
    cleanups.push(() => open.close())
    // Who is careless is reached: it is the bridge that refuses, not the browser.
    expect(await rebind(open.port)).toBe('open')
    expect(await rebind(bridge.port)).toBe('closed')
    await bridge.untilStderr(/refused host-wrong$/m)
  })

  /** As a page does whose name, once it was loaded, leads to this machine: its own server and the bridge alike. */
  async function rebind(port: number): Promise<unknown> {
    const server = createHttpServer((_, response) => {
      response.setHeader('Content-Type', 'text/html').end('<p>')
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    cleanups.push(() => void server.close())
    const page = await context.newPage()
    await page.goto(`http://rebind.test:${(server.address() as AddressInfo).port}/`)
    return page.evaluate(`new Promise((resolve) => {
      const socket = new WebSocket('ws://rebind.test:${port}/v1', 'trien.v1')
      socket.onopen = () => resolve('open')
      socket.onclose = () => resolve('closed')
    })`)
  }
})

describe.skipIf(!canRun)('a page in an iframe of a portal that the person has allowed', () => {
  let browser: Browser

  beforeAll(async () => {
    browser = await launchChromiumAllowing(portal.httpsOrigin, ...portal.chromiumArguments, RESOLVE)
  })
  afterAll(() => browser?.close())

  async function visitFrame(allow: string, port: number): Promise<Frame> {
    const { port: portalPort } = new URL(portal.httpsOrigin)
    const src = `https://frame.gov.test:${portalPort}/?ports=${port}`
    const page = await browser.newPage()
    cleanups.push(() => page.close())
    await page.goto(`${portal.httpsOrigin}/outer?${new URLSearchParams({ src, allow })}`)
    return page.waitForFrame((frame) => frame.url() === src)
  }

  it('without `allow` is blocked, and tells the developer of the attribute', async () => {
    const frame = await visitFrame('', await findClosedPort())
    expect(await click(frame)).toMatchObject({
      code: 'BRIDGE_BLOCKED',
      details: { reason: 'iframe' },
      remedy: expect.stringContaining('allow="loopback-network"'),
    })
    const { steps } = (await frame.evaluate('bridge.diagnose()')) as { steps: object[] }
    expect(steps).toEqual([
      expect.objectContaining({ step: 'page', state: 'good' }),
      expect.objectContaining({ step: 'permission', state: 'bad', details: { reason: 'iframe' } }),
    ])
  })

  it('with `allow` connects', async () => {
    const bridge = await start()
    const frame = await visitFrame('loopback-network', bridge.port)
    expect(await click(frame)).toEqual({})
  })
})
