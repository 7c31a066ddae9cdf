import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Browser, BrowserContext, Page } from 'puppeteer'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type BridgeProcess, startBridge } from '../helpers/bridge-process.ts'
import { hasChromium, launchChromium } from '../helpers/chromium.ts'
import { type Portal, startPortal } from '../helpers/portal.ts'
import { findClosedPort } from '../helpers/scripted-bridge.ts'
import { type ScriptedPinentry, createScriptedPinentry } from '../helpers/scripted-pinentry.ts'
import { signText } from '../helpers/text-signing.ts'
import { hasTools } from '../helpers/tools.ts'

const canRun = hasTools('openssl') && hasChromium()

let browser: Browser
let portal: Portal
let bridge: BridgeProcess
let pinentry: ScriptedPinentry
let folder: string
const caFile = (): string => path.join(folder, 'ca.pem')
let context: BrowserContext

describe.skipIf(!canRun)('a page on a public origin, in Chromium', () => {
  beforeAll(async () => {
    portal = await startPortal()
    browser = await launchChromium(...portal.chromiumArguments)
    folder = mkdtempSync(path.join(tmpdir(), 'trien-permission-'))
    pinentry = createScriptedPinentry()
    bridge = await startBridge({
      args: ['--demo', '--demo-ca', caFile(), '--pinentry', pinentry.program],
      env: pinentry.env,
    })
    const [, pin = ''] = await bridge.untilStderr(/PIN\D*(\d+)/)
    pinentry.answer({ pin })
  })
  afterAll(async () => {
    await browser?.close()
    await portal?.close()
    await bridge?.stop()
    pinentry?.remove()
    if (folder) rmSync(folder, { recursive: true, force: true })
  })
  beforeEach(async () => {
    context = await browser.createBrowserContext()
  })
  afterEach(() => context.close())

  async function decide(state: 'granted' | 'denied' | 'prompt'): Promise<void> {
    const permission = { name: 'loopback-network' }
    await context.setPermission(portal.httpsOrigin, { permission, state })
  }
  async function visit(query: Record<string, string>, origin = portal.httpsOrigin): Promise<Page> {
    const page = await context.newPage()
    await page.goto(`${origin}/?${new URLSearchParams(query)}`)
    return page
  }
  /** What the page sees: what its `bridge` says now, and what the browser says of the permission. */
  async function look(page: Page): Promise<{ state: string; permission: string }> {
    return (await page.evaluate(`(async () => {
      const { state } = await navigator.permissions.query({ name: 'loopback-network' })
      return { state: bridge.state, permission: state }
    })()`)) as { state: string; permission: string }
  }
  /** A real click on the page's button, whose handler calls `ready()`; resolves with how that ended. */
  async function click(page: Page): Promise<{ code?: string; details?: object; remedy?: string }> {
    await page.click('button')
    return (await page.evaluate('window.clicked')) as { code?: string }
  }
  const bridgePort = (): string => String(bridge.port)

  it('with the permission: connects at once, without a click', async () => {
    await decide('granted')
    const page = await visit({ ports: bridgePort() })
    expect(await click(page)).toEqual({})
    expect(await look(page)).toEqual({ state: 'ready', permission: 'granted' })
  })

  it('with the permission: signs a text, and the person sees who asks', async () => {
    await decide('granted')
    const page = await visit({ ports: bridgePort() })
    await click(page)
    const judgement = await signText((expression) => page.evaluate(expression), caFile())
    expect(judgement).toMatchObject({ accepted: true })
    const [list, sign] = pinentry.asked()
    expect(list).toMatchObject({ command: 'CONFIRM' })
    expect(sign).toMatchObject({ command: 'GETPIN' })
    for (const question of [list, sign]) expect(question?.description).toContain(portal.httpsOrigin)
    expect(sign?.description).toContain('đơn.txt')
  })

  it('with a Content-Security-Policy that names the bridge: connects', async () => {
    await decide('granted')
    const csp = `default-src 'self'; connect-src ws://127.0.0.1:${bridge.port}`
    const page = await visit({ ports: bridgePort(), csp })
    expect(await click(page)).toEqual({})
  })

  it('finds the bridge again that restarted under it', async () => {
    await decide('granted')
    // The same person's, so that the page knows it again.
    const env = { XDG_STATE_HOME: path.join(folder, 'state') }
    const own = await startBridge({ env })
    const page = await visit({ ports: String(own.port) })
    await click(page)
    await page.evaluate(`{
      window.states = []
      bridge.onState((state) => states.push(state))
    }`)
    await own.stop('SIGKILL')
    const again = await startBridge({ args: ['--port', String(own.port)], env })
    try {
      await page.waitForFunction(`states.length > 1`)
      expect(await page.evaluate(`states`)).toEqual(['lost', 'ready'])
    } finally {
      await again.stop()
    }
  })

  it('whom the person denied it: is blocked, and says how to undo that', async () => {
    await decide('denied')
    const page = await visit({ ports: bridgePort() })
    expect(await click(page)).toMatchObject({
      code: 'BRIDGE_BLOCKED',
      details: { reason: 'denied' },
      remedy: expect.stringContaining('Bấm biểu tượng bên trái thanh địa chỉ'),
    })
    expect(await look(page)).toEqual({ state: 'blocked', permission: 'denied' })

    await decide('granted')
    await page.waitForFunction(`bridge.state === 'ready'`)
  })

  it('without the permission: does not make the browser ask before a click', async () => {
    const page = await visit({ ports: bridgePort() })
    await page.waitForFunction(`bridge.state !== 'connecting'`)
    expect(await look(page)).toEqual({ state: 'permission-needed', permission: 'prompt' })
    // A browser without a face answers its own question at the click: no.
    expect(await click(page)).toMatchObject({ code: 'BRIDGE_BLOCKED' })
  })

  it('where no bridge runs: finds that out without spending the permission', async () => {
    await decide('prompt')
    const port = await findClosedPort()
    const page = await visit({ ports: `${port},${await findClosedPort()}` })
    expect(await click(page)).toMatchObject({ code: 'BRIDGE_NOT_RUNNING' })
    expect(await look(page)).toEqual({ state: 'not-installed', permission: 'prompt' })
  })

  it('where no bridge runs: tells so also when Chromium holds back its sockets', async () => {
    await decide('prompt')
    const ports = await Promise.all(Array.from({ length: 5 }, findClosedPort))
    const page = await visit({ ports: ports.join(',') })
    for (let clicks = 0; clicks < 3; clicks++) {
      expect(await click(page)).toMatchObject({ code: 'BRIDGE_NOT_RUNNING' })
    }
    expect(await look(page)).toEqual({ state: 'not-installed', permission: 'prompt' })
  })

  it('whose Content-Security-Policy forgets the bridge: says so to its developer', async () => {
    await decide('granted')
    const page = await visit({ ports: bridgePort(), csp: `default-src 'self'` })
    expect(await click(page)).toMatchObject({
      code: 'BRIDGE_BLOCKED',
      details: { reason: 'csp' },
      remedy: expect.stringContaining('connect-src'),
    })
  })

  it('whose Permissions-Policy forbids it: says so to its developer', async () => {
    const page = await visit({ ports: bridgePort(), permissions: 'loopback-network=()' })
    expect(await click(page)).toMatchObject({
      code: 'BRIDGE_BLOCKED',
      details: { reason: 'permissions-policy' },
    })
  })

  it('over http: is told to use https', async () => {
    const page = await visit({ ports: bridgePort() }, portal.httpOrigin)
    expect(await click(page)).toMatchObject({
      code: 'USAGE_INSECURE_CONTEXT',
      remedy: expect.stringContaining('https://'),
    })
    expect(await page.evaluate('bridge.state')).toBe('blocked')
  })
})
