/** Chromium told by `trien-bridge tls install` whom to believe, and another one that was not. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Browser, Page } from 'puppeteer'
import { SECURE_ABOVE } from '@trien/sdk/wire'
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { runBridge } from '../helpers/bridge-process.ts'
import {
  findChromium,
  findPolicyFolder,
  hasChromium,
  launchChromiumAs,
} from '../helpers/chromium.ts'
import { believe, makeDatabase } from '../helpers/nss-database.ts'
import { canHaveOwnFiles, wrapWithFiles } from '../helpers/own-files.ts'
import { FIND_PORT } from '../helpers/portal.ts'
import { type Rivals, startRivals } from '../helpers/rival-server.ts'
import { signText } from '../helpers/text-signing.ts'
import { type TlsDesk, startSecureBridge, startTlsDesk } from '../helpers/tls-desk.ts'
import { hasTools } from '../helpers/tools.ts'

const canRun = hasTools('openssl', 'certutil') && hasChromium()

let desk: TlsDesk
let rivals: Rivals
let browser: Browser | undefined
const homes: string[] = []

describe.skipIf(!canRun)('wss in Chromium', () => {
  beforeAll(async () => {
    ;[desk, rivals] = await Promise.all([startTlsDesk(), startRivals()])
  })
  afterAll(async () => {
    await Promise.all([desk?.close(), rivals?.close()])
    for (const home of homes) rmSync(home, { recursive: true, force: true, maxRetries: 3 })
  })
  afterEach(() => browser?.close())

  /** Somebody who believes the portal, and otherwise whom the system does. */
  function createHome(home = mkdtempSync(path.join(tmpdir(), 'trien-home-'))): string {
    homes.push(home)
    const database = path.join(home, '.pki/nssdb')
    makeDatabase(database)
    believe(database, desk.portal.authority, 'portal')
    return home
  }
  /** The portal's own policy lets its page open wss alone, of the ports where the bridge may be. */
  const wssAlone = (port = desk.bridge.port): string =>
    `connect-src wss://127.0.0.1:${port + SECURE_ABOVE}`

  async function visit(home: string, csp?: string, program = findChromium()): Promise<Page> {
    const person = { home, ...(program !== undefined && { program }) }
    browser = await launchChromiumAs(person, ...desk.portal.chromiumArguments)
    const context = browser.defaultBrowserContext()
    const permission = { name: 'loopback-network' }
    await context.setPermission(desk.portal.httpsOrigin, { permission, state: 'granted' })
    const page = await browser.newPage()
    await page.goto(desk.address(csp))
    return page
  }
  async function click(page: Page): Promise<unknown> {
    await page.click('button')
    return page.evaluate('window.clicked')
  }

  it('believes what was installed, and signs', async () => {
    believe(path.join(desk.home, '.pki/nssdb'), desk.portal.authority, 'portal')
    const page = await visit(desk.home, wssAlone())
    expect(await click(page)).toEqual({})
    expect(await page.evaluate(FIND_PORT)).toBe(desk.bridge.port + SECURE_ABOVE)
    const judgement = await signText((expression) => page.evaluate(expression), desk.caFile)
    expect(judgement).toMatchObject({ accepted: true })
  })

  it('is believed for this computer’s names alone', async () => {
    const home = createHome()
    believe(path.join(home, '.pki/nssdb'), rivals.authority, 'rivals')
    expect(await (await visit(home)).evaluate(rivals.knock)).toEqual(['open', 'closed'])
  })

  it('leads to the bridge that the page knows from ws', async () => {
    // The demo's bridge keeps no key.
    const { port, stop } = await startSecureBridge({ env: desk.env })
    onTestFinished(async () => void (await stop()))
    const page = await visit(desk.home)
    await page.goto(desk.address(undefined, port))
    await click(page)
    expect(await page.evaluate('bridge.identity')).toBe('first-use')
    await page.goto(desk.address(wssAlone(port), port))
    await click(page)
    expect(await page.evaluate('bridge.identity')).toBe('verified')
  })

  it('is not touched where a page may open ws, upgrade-insecure-requests or not', async () => {
    const page = await visit(createHome(), 'upgrade-insecure-requests')
    expect(await click(page)).toEqual({})
    expect(await page.evaluate(FIND_PORT)).toBe(desk.bridge.port)
  })

  it('where nothing was installed, says that only TLS is open here', async () => {
    const page = await visit(createHome(), wssAlone())
    expect(await click(page)).toMatchObject({
      code: 'BRIDGE_BLOCKED',
      details: { reason: 'tls' },
      remedy: expect.stringContaining('trien-bridge tls install'),
    })
    expect(await page.evaluate('bridge.state')).toBe('blocked')
  })

  it.runIf(canHaveOwnFiles())('believes by the policy that the bridge prints', async () => {
    const { stdout } = await runBridge(['tls', 'policy'], desk.env)
    const file = `${findPolicyFolder()}/trien-tls.json`
    const [, policy = ''] = stdout.split(`${file}\n`)
    const content = policy.slice(0, policy.indexOf('\n\n'))
    const program = wrapWithFiles(createHome(), findChromium() ?? '', { [file]: content })
    const page = await visit(homes.at(-1)!, wssAlone(), program)
    expect(await click(page)).toEqual({})
  })

  it('forgets with the bridge’s own command', async () => {
    const { code } = await runBridge(['tls', 'remove'], desk.env)
    expect(code).toBe(0)
    // It still runs, with the certificate that it had.
    const page = await visit(desk.home, wssAlone())
    expect(await click(page)).toMatchObject({ code: 'BRIDGE_BLOCKED', details: { reason: 'tls' } })
  })
})
