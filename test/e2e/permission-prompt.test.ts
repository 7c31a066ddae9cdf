import type { Browser, Page } from 'puppeteer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type BridgeProcess, startBridge } from '../helpers/bridge-process.ts'
import { hasChromium, launchChromiumOn } from '../helpers/chromium.ts'
import { type Display, startDisplay } from '../helpers/display.ts'
import { type Portal, startPortal } from '../helpers/portal.ts'
import { hasTools } from '../helpers/tools.ts'

const canRun = hasTools('openssl', 'Xvfb', 'xdotool') && hasChromium()

let browser: Browser
let display: Display
let portal: Portal
let bridge: BridgeProcess

/** How a click on the page's button ended, and what is left of the permission. */
interface Answered {
  readonly code?: string
  readonly state: string
  readonly permission: string
}

/** Chromium's own dialog can only be answered in a browser with a face, by keys. */
describe.skipIf(!canRun)('Chromium’s own question to the person', () => {
  beforeAll(async () => {
    display = await startDisplay()
    portal = await startPortal()
    browser = await launchChromiumOn(display.name, ...portal.chromiumArguments)
    bridge = await startBridge()
  })
  afterAll(async () => {
    await browser?.close()
    await bridge?.stop()
    await portal?.close()
    await display?.stop()
  })

  /** Opens the page afresh, clicks, waits until Chromium asks, and presses keys until it has its answer. */
  async function answer(...keys: string[]): Promise<Answered> {
    const context = await browser.createBrowserContext()
    try {
      const page = await context.newPage()
      await page.goto(`${portal.httpsOrigin}/?ports=${bridge.port}`)
      await page.waitForFunction(`bridge.state === 'permission-needed'`)
      await page.bringToFront()
      const asked = page.evaluate(`new Promise((resolve) => {
        const states = []
        bridge.onState((state) => { if (states.push(state) === 2) resolve(states) })
      })`)
      await page.click('button')
      expect(await asked).toEqual(['connecting', 'permission-needed'])
      await pressUntilAnswered(page, keys)
      return (await page.evaluate(`(async () => {
        const { code } = await clicked
        const { state } = await navigator.permissions.query({ name: 'loopback-network' })
        return { ...(code && { code }), state: bridge.state, permission: state }
      })()`)) as Answered
    } finally {
      await context.close()
    }
  }

  it('answered in every way, each ends in its own state', { retry: 2 }, async () => {
    // Which button is which is Chromium's business; one of them allows, one blocks, one only closes.
    const answers = [
      await answer('Tab', 'Return'),
      await answer('Tab', 'Tab', 'Return'),
      await answer('Tab', 'Tab', 'Tab', 'Return'),
    ]
    expect(answers).toContainEqual({ state: 'ready', permission: 'granted' })
    expect(answers).toContainEqual({
      code: 'BRIDGE_BLOCKED',
      state: 'blocked',
      permission: 'denied',
    })
    expect(answers).toContainEqual({
      code: 'BRIDGE_PERMISSION_NEEDED',
      state: 'permission-needed',
      permission: 'prompt',
    })
  })

  it('closed by Escape, it may be asked again', { retry: 2 }, async () => {
    expect(await answer('Escape')).toMatchObject({ code: 'BRIDGE_PERMISSION_NEEDED' })
  })

  /** The last key again and again: Chromium ignores the first after its dialog appears, against clicks by mistake. */
  async function pressUntilAnswered(page: Page, keys: string[]): Promise<void> {
    display.press(...keys)
    await page.evaluate(`window.over = false; clicked.then(() => { over = true })`)
    for (let presses = 0; presses < 10; presses++) {
      const answered = page.waitForFunction('window.over', { timeout: 1_000 })
      if (
        await answered.then(
          () => true,
          () => false,
        )
      )
        return
      display.press(keys.at(-1)!)
    }
    throw new Error(`Chromium's dialog does not listen to ${keys.join(', ')}`)
  }
})
