/**
 * What the person sees of tokens in the demo portal: a PIN that is changed or unlocked, a card that comes and goes, and a
 * signing program that is not the one the page knew. The pinentry is scripted; the pictures in out/screens are for people.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Browser } from 'puppeteer'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type BridgeProcess, startBridge } from '../helpers/bridge-process.ts'
import { hasChromium, launchChromium } from '../helpers/chromium.ts'
import { type DemoPortal, openPortal } from '../helpers/demo-portal.ts'
import { OPENSC_MODULE, canUseVirtualCard, createPivCard } from '../helpers/piv-card/index.ts'
import { type ScriptedPinentry, createScriptedPinentry } from '../helpers/scripted-pinentry.ts'

const PIN = '123456'
const PUK = '12345678'
const NEW_PIN = '864201'
const [NOW, OF_PUK, NEW, AGAIN] = ['Mã PIN hiện tại:', 'Mã PUK:', 'Mã PIN mới:', 'Nhập lại:']
const PHONE = { width: 390, height: 844, deviceScaleFactor: 2 }
const SLOW = { timeout: 45_000, interval: 50 }

describe.runIf(hasChromium())('tokens in the demo portal', () => {
  let browser: Browser
  let folder: string
  let pinentry: ScriptedPinentry
  const cleanups: (() => unknown)[] = []

  beforeAll(async () => {
    browser = await launchChromium()
  })
  afterAll(() => browser?.close())
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'trien-demo-tokens-'))
    pinentry = createScriptedPinentry()
  })
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
    pinentry.remove()
    rmSync(folder, { recursive: true, force: true })
  })

  async function serve(state: string, ...args: readonly string[]): Promise<BridgeProcess> {
    const env = { ...pinentry.env, XDG_STATE_HOME: path.join(folder, state), LC_ALL: 'C.UTF-8' }
    const bridge = await startBridge({ args: ['--pinentry', pinentry.program, ...args], env })
    cleanups.push(() => bridge.stop())
    return bridge
  }
  async function open(bridge: BridgeProcess): Promise<DemoPortal> {
    const portal = await openPortal(browser, bridge.port)
    cleanups.push(() => portal.close())
    return portal
  }
  const press = ({ page }: DemoPortal, deed: string): Promise<void> =>
    page.locator(`#token-rows [data-deed="${deed}"]`).click()
  const countCards = ({ page }: DemoPortal): Promise<number> =>
    page.$$eval('input[name="certificate"]', (inputs) => inputs.length)

  it('have their PIN changed in Trien’s own window, and unlocked by the PUK', async () => {
    const portal = await open(await serve('a', '--demo'))
    const { page } = portal
    await page.locator('#document-next').click()
    await page.locator('.token-row').wait()
    expect(await page.$$eval('#token-rows .token-row', (rows) => rows.length)).toBe(1)
    expect(await page.$eval('#certificates', ({ textContent }) => textContent)).toMatch(
      /Hết hạn ngày [\d/]+, còn (19|20) ngày\. Hãy gia hạn tại TRIEN DEMO CA/,
    )

    pinentry.answer({ getpin: 'hang' })
    const asked = pinentry.asked().length
    await press(portal, 'change-pin')
    await pinentry.untilCount('asked', asked + 1)
    expect(pinentry.asked().at(-1)).toMatchObject({ title: 'Trien – Đổi mã PIN', prompt: NOW })
    await portal.show('pin-prompt')
    await page.setViewport(PHONE)
    await portal.show('pin-prompt-phone')
    await page.setViewport({ width: 1280, height: 900 })
    await page.locator('#pin-cancel').click()
    const cancelled = await portal.untilTrouble()
    expect(cancelled.words).toContain('Mã PIN vẫn như cũ')
    await portal.show('pin-cancelled')

    pinentry.answer({ pins: { [NOW]: PIN, [NEW]: NEW_PIN, [AGAIN]: NEW_PIN } })
    await page.locator('#pin-trouble .retry').click()
    await page.locator('#pin-done:not([hidden])').wait()
    expect(await page.$eval('#pin-done', ({ textContent }) => textContent)).toContain(
      'Đã đổi mã PIN',
    )
    await portal.show('pin-done')
    await page.setViewport(PHONE)
    await portal.show('pin-done-phone')
    await page.setViewport({ width: 1280, height: 900 })

    pinentry.answer({ pins: { [OF_PUK]: '00000000', [NEW]: PIN, [AGAIN]: PIN } })
    await press(portal, 'unblock')
    expect((await portal.untilTrouble()).code).toBe('TOKEN_PUK_INCORRECT')
    await portal.show('puk-incorrect')
    pinentry.answer({ pins: { [OF_PUK]: PUK, [NEW]: PIN, [AGAIN]: PIN } })
    await page.locator('#pin-trouble .retry').click()
    await page.locator('::-p-text(Đã mở khóa thiết bị)').wait()
    expect(portal.faults()).toEqual([])
  })

  it('are unlocked from where signing failed for a locked PIN', async () => {
    const portal = await open(await serve('a', '--demo'))
    const { page } = portal
    await portal.openSigning()
    pinentry.answer({ pin: '999999' })
    await page.locator('#sign').click()
    while ((await portal.untilTrouble()).code === 'TOKEN_PIN_INCORRECT') {
      await page.$eval('.trouble', (panel) => panel.setAttribute('data-old', ''))
      await page.locator('.retry').click()
      await page.locator('.trouble:not([data-old])').wait()
    }
    expect((await portal.untilTrouble()).code).toBe('TOKEN_PIN_LOCKED')
    await portal.show('pin-locked')
    pinentry.answer({ pins: { [OF_PUK]: PUK, [NEW]: NEW_PIN, [AGAIN]: NEW_PIN } })
    await page.locator('.care').click()
    await page.locator('#pin-done:not([hidden])').wait()
    pinentry.answer({ pin: NEW_PIN })
    await page.locator('#sign').click()
    await page.locator('#download').wait()
    expect(portal.faults()).toEqual([])
  })

  it.runIf(canUseVirtualCard())('come and go in the list by themselves', async () => {
    const card = await createPivCard()
    cleanups.push(() => card.close())
    const portal = await open(await serve('a', '--module', OPENSC_MODULE))
    const { page } = portal
    await page.locator('#document-next').click()
    await page.locator('input[name="certificate"]').wait()
    await expect.poll(() => countCards(portal), SLOW).toBe(4)

    await card.remove()
    await expect.poll(() => countCards(portal), SLOW).toBe(0)
    expect((await portal.untilTrouble()).words).toContain('Cắm USB token')
    expect(await page.$eval('#tokens', (element) => element.checkVisibility())).toBe(false)
    await portal.show('token-gone')
    await card.insert()
    await expect.poll(() => countCards(portal), SLOW).toBe(4)
    await expect.poll(() => page.$('.trouble'), SLOW).toBeNull()
    expect(portal.faults()).toEqual([])
  })

  it('are shown again by a Trien that was installed anew, once the person says so', async () => {
    const first = await serve('a', '--no-discovery')
    const portal = await open(first)
    const { page } = portal
    await page.locator('#document-next').click()
    expect((await portal.untilTrouble()).code).toMatch(/^TOKEN_ABSENT$|^NO_CERTIFICATE$/)
    await first.stop()

    await serve('b', '--no-discovery', '--port', String(first.port))
    await expect
      .poll(async () => {
        await page.locator('.retry').click()
        return (await portal.untilTrouble()).code
      }, SLOW)
      .toBe('BRIDGE_IDENTITY_CHANGED')
    await portal.show('identity-changed')
    await page.locator('.trust').click()
    await expect
      .poll(async () => (await portal.untilTrouble()).code, SLOW)
      .toMatch(/^TOKEN_ABSENT$|^NO_CERTIFICATE$/)
    await page.locator('.retry').click()
    expect((await portal.untilTrouble()).code).not.toBe('BRIDGE_IDENTITY_CHANGED')
    expect(portal.faults()).toEqual([])
  })
})
