/** Firefox told by `trien-bridge tls install`, or by policy, whom to believe, and profiles that were not. */
import { existsSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Browser, Page } from 'puppeteer'
import { SECURE_ABOVE } from '@trien/sdk/wire'
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { runBridge, startBridge } from '../helpers/bridge-process.ts'
import { findFirefox, hasFirefox, launchFirefox } from '../helpers/firefox.ts'
import { believe, makeDatabase } from '../helpers/nss-database.ts'
import { canHaveOwnFiles, wrapWithFiles } from '../helpers/own-files.ts'
import { FIND_PORT } from '../helpers/portal.ts'
import { type Rivals, startRivals } from '../helpers/rival-server.ts'
import { findClosedPort } from '../helpers/scripted-bridge.ts'
import { signText } from '../helpers/text-signing.ts'
import { type TlsDesk, startTlsDesk } from '../helpers/tls-desk.ts'
import { hasTools } from '../helpers/tools.ts'

const canRun = hasTools('openssl', 'certutil') && hasFirefox()
const UPGRADE = 'upgrade-insecure-requests'

let desk: TlsDesk
let rivals: Rivals
let home = ''
let browser: Browser | undefined

describe.skipIf(!canRun)('wss in Firefox', () => {
  beforeAll(async () => {
    home = mkdtempSync(path.join(tmpdir(), 'trien-desk-'))
    // A profile that was there before the certificate, as it is on a desk.
    makeDatabase(profileOf('ab12.default-esr'))
    ;[desk, rivals] = await Promise.all([startTlsDesk(home), startRivals()])
  })
  afterAll(() => Promise.all([desk?.close(), rivals?.close()]))
  afterEach(() => browser?.close())

  const profileOf = (name: string): string => path.join(home, '.mozilla/firefox', name)
  async function visit(profile: string, csp?: string, program = findFirefox()): Promise<Page> {
    if (!existsSync(path.join(profile, 'cert9.db'))) makeDatabase(profile)
    believe(profile, desk.portal.authority, 'portal')
    believe(profile, rivals.authority, 'rivals')
    browser = await launchFirefox(home, profile, program)
    const page = await browser.newPage()
    await page.goto(desk.address(csp))
    return page
  }
  async function click(page: Page): Promise<unknown> {
    await page.click('button')
    return page.evaluate('window.clicked')
  }

  it('goes there where a page’s requests are upgraded, believes what was installed, and signs', async () => {
    const page = await visit(profileOf('ab12.default-esr'), UPGRADE)
    expect(await click(page)).toEqual({})
    expect(await page.evaluate(FIND_PORT)).toBe(desk.bridge.port + SECURE_ABOVE)
    const judgement = await signText((expression) => page.evaluate(expression), desk.caFile)
    expect(judgement).toMatchObject({ accepted: true })
  })

  it('in a profile that came later, opens ws where it may, and else says what is not believed', async () => {
    const page = await visit(profileOf('new1'))
    expect(await click(page)).toEqual({})
    expect(await page.evaluate(FIND_PORT)).toBe(desk.bridge.port)
    // An authority of the bridge's kind is believed for this computer's names alone.
    expect(await page.evaluate(rivals.knock)).toEqual(['open', 'closed'])
    await page.goto(desk.address(UPGRADE))
    expect(await click(page)).toMatchObject({
      code: 'BRIDGE_BLOCKED',
      details: { reason: 'certificate' },
      remedy: expect.stringContaining('trien-bridge tls install'),
    })
    expect(await page.evaluate('bridge.state')).toBe('blocked')

    // A bridge without an ear for wss, and none at all.
    const plain = await startBridge()
    onTestFinished(async () => void (await plain.stop()))
    await page.goto(desk.address(UPGRADE, plain.port))
    expect(await click(page)).toMatchObject({ code: 'BRIDGE_BLOCKED', details: { reason: 'tls' } })
    await page.goto(desk.address(UPGRADE, await findClosedPort()))
    expect(await click(page)).toMatchObject({ code: 'BRIDGE_NOT_RUNNING' })
  })

  it.runIf(canHaveOwnFiles())(
    'in any profile, believes by the policy that the bridge prints',
    async () => {
      const { stdout } = await runBridge(['tls', 'policy'], desk.env)
      const file = '/etc/firefox/policies/policies.json'
      const [, policy = ''] = stdout.split(`${file}\n`)
      const content = policy.slice(0, policy.indexOf('\n\n'))
      const program = wrapWithFiles(home, findFirefox() ?? '', { [file]: content })
      const page = await visit(profileOf('new2'), UPGRADE, program)
      expect(await click(page)).toEqual({})
    },
  )
})
