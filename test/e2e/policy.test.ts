/** The policy file that `trien-bridge policy` prints, obeyed by a real Chromium that sees it in a world of its own. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Browser } from 'puppeteer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type BridgeProcess, runBridge, startBridge } from '../helpers/bridge-process.ts'
import {
  findChromium,
  findPolicyFolder,
  hasChromium,
  launchChromiumAs,
} from '../helpers/chromium.ts'
import { canHaveOwnFiles, wrapWithFiles } from '../helpers/own-files.ts'
import { type Portal, startPortal } from '../helpers/portal.ts'
import { hasTools } from '../helpers/tools.ts'

const canRun = hasTools('openssl') && hasChromium() && canHaveOwnFiles()

describe.skipIf(!canRun)('a policy for one of two portals', () => {
  let folder = ''
  let bridge: BridgeProcess
  let named: Portal
  let other: Portal
  let browser: Browser

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'trien-policy-'))
    ;[bridge, named, other] = await Promise.all([startBridge(), startPortal(), startPortal()])
    const args = ['policy', '--origin', named.httpsOrigin, '--format', 'json']
    const { stdout, stderr } = await runBridge(args)
    expect(stderr).toContain('/etc/opt/chrome/policies/managed/trien.json')
    browser = await launchWithPolicies(stdout)
  })
  afterAll(async () => {
    await browser?.close()
    await Promise.all([bridge?.stop(), named?.close(), other?.close()])
    rmSync(folder, { recursive: true, force: true })
  })

  async function launchWithPolicies(policy: string): Promise<Browser> {
    const program = findChromium() ?? ''
    const file = `${findPolicyFolder()}/trien.json`
    const [rules = '', one = ''] = named.chromiumArguments
    const [, two = ''] = other.chromiumArguments
    const args = [rules, `${one},${two.split('=').slice(1).join('=')}`]
    return launchChromiumAs(
      { program: wrapWithFiles(folder, program, { [file]: policy }) },
      ...args,
    )
  }

  async function visit({ httpsOrigin }: Portal): Promise<object> {
    const page = await browser.newPage()
    await page.goto(`${httpsOrigin}/?ports=${bridge.port}`)
    await page.waitForFunction(`bridge.state !== 'connecting'`)
    return (await page.evaluate(`(async () => {
      const { state } = await navigator.permissions.query({ name: 'loopback-network' })
      return { state: bridge.state, permission: state }
    })()`)) as object
  }

  it('lets its pages reach the bridge, without a question and without a click', async () => {
    expect(await visit(named)).toEqual({ state: 'ready', permission: 'granted' })
  })

  it('leaves the other to the person', async () => {
    expect(await visit(other)).toEqual({ state: 'permission-needed', permission: 'prompt' })
  })
})
