import { servePortal } from '@trien/demo/portal'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { BridgeProcess } from '../helpers/bridge-process.ts'
import { hasChromium, launchChromium } from '../helpers/chromium.ts'
import { type DemoDesk, openDemoDesk } from '../helpers/demo-desk.ts'
import { type DemoPortal, openPortal, openTab, passOn } from '../helpers/demo-portal.ts'
import { startPortal } from '../helpers/portal.ts'
import { openssl } from '../helpers/referees/openssl.ts'
import { pdfsig } from '../helpers/referees/pdfsig.ts'
import { extractText, findInk, renderPage } from '../helpers/render-pdf.ts'
import { hasTools } from '../helpers/tools.ts'

const isPossible = hasChromium() && hasTools('pdfsig', 'pdftoppm', 'openssl')

describe.skipIf(!isPossible)('the demo portal', () => {
  let desk: DemoDesk
  let portal: DemoPortal

  beforeAll(async () => {
    desk = await openDemoDesk()
  })
  afterAll(() => desk?.close())
  beforeEach(async () => {
    desk.pinentry.answer({})
    portal = await openPortal(desk.browser, desk.bridge.port)
  })
  afterEach(async () => {
    await portal.close()
  })

  it('lets the page load nothing from elsewhere', async () => {
    await portal.page.evaluate(() => {
      new Image().src = 'https://elsewhere.invalid/pixel.png'
      document.body.insertAdjacentHTML('beforeend', '<p style="color: red">')
    })
    await expect.poll(() => portal.faults().join()).toMatch(/img-src .*style-src/s)
  })

  it('signs the application by clicks, and pdfsig accepts it', async () => {
    await portal.show('home')
    await portal.openSigning()
    await portal.show('certificates')
    await portal.page.locator('#sign').click()
    const signed = await portal.download('#download')
    await portal.show('done')

    const [verdict] = await pdfsig.judge([{ kind: 'pdf', signature: signed }], '')
    expect(verdict).toMatchObject({ accepted: true })
    expect(portal.faults()).toEqual([])
  })

  it.each([
    ['hand', 'vi', (red: number, _: number, blue: number) => blue > 120 && red < 110],
    ['block', 'en', (red: number, green: number, blue: number) => red + green + blue < 300],
  ] as const)('shows the %s of who signs on the paper', async (looks, language, isInk) => {
    await portal.page.locator(`[data-language="${language}"]`).click()
    await portal.openSigning()
    await portal.page.locator(`input[name="looks"][value="${looks}"]`).click()
    await portal.show(`looks-${looks}`)
    await portal.page.locator('#sign').click()
    const signed = await portal.download('#download')

    const [verdict] = await pdfsig.judge([{ kind: 'pdf', signature: signed }], '')
    expect(verdict).toMatchObject({ accepted: true })
    const room: readonly [number, number] = [203, 220]
    const ink = findInk(renderPage('poppler', signed, 1, 100), 210, isInk, room)
    expect(ink?.left).toBeGreaterThan(115)
    expect(ink?.right).toBeLessThan(185)
    if (looks === 'block') {
      expect(extractText('poppler', signed)).toMatch(/DEMO.*\d{4}-\d\d-\d\dT[\d:]{8}\+07:00/)
    }
    expect(portal.faults()).toEqual([])
  })

  it('checks the connection step by step', async () => {
    const { page } = portal
    await page.locator('#check summary').click()
    await page.locator('#check-run').click()
    await page.waitForSelector('#check-steps li')
    const steps = await page.$$eval('#check-steps li', (items) =>
      items.map((item) => [item.dataset['step'], item.dataset['is']].join(' ')),
    )
    expect(steps).toEqual([
      'page good',
      'permission good',
      'port good',
      'bridge good',
      // The demo leaves no trace, and so is nobody.
      'identity unknown',
    ])
    await portal.show('check')
  })

  it('signs any other file beside it, and openssl accepts it', async () => {
    const note = desk.write('ghi chú.txt', 'Văn bản thường.\n')
    await portal.chooseFile(note)
    await portal.openSigning()
    await portal.page.locator('#sign').click()
    const signature = await portal.download('#download')
    await portal.show('done-text')

    const file = { kind: 'detached', signature, data: note } as const
    const [verdict] = await openssl.judge([file], desk.caFile)
    expect(verdict).toMatchObject({ accepted: true })
    expect(portal.faults()).toEqual([])
  })

  it('takes a dropped file, and keeps it when the language changes', async () => {
    await portal.page.evaluate(() => {
      const dataTransfer = new DataTransfer()
      dataTransfer.items.add(new File(['x'], 'bao-cao.docx'))
      document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true }))
    })
    await portal.page.locator('[data-language="en"]').click()
    await portal.page.locator('::-p-text(Sign an application)').wait()
    expect(await portal.page.$eval('#own-detail', (element) => element.textContent)).toBe(
      'bao-cao.docx · 1 byte',
    )
    expect(await portal.page.$eval('html', (element) => element.lang)).toBe('en')
    await portal.openSigning()
    await portal.show('english')
    expect(portal.faults()).toEqual([])
  })

  it('can be used by keyboard alone', async () => {
    const { page } = portal
    const pressOn = async (selector: string, key: 'Enter' | 'Space') => {
      await page.locator(selector).wait()
      for (let step = 0; step < 40; step += 1) {
        if (await page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)) {
          return page.keyboard.press(key)
        }
        await page.keyboard.press('Tab')
      }
      throw new Error(`the keyboard never reaches ${selector}`)
    }
    await pressOn('#document-next', 'Enter')
    await pressOn('input[name="certificate"]:enabled', 'Space')
    await pressOn('#sign', 'Enter')
    await page.locator('#download').wait()
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('result-heading')
    expect(portal.faults()).toEqual([])
  })

  it('explains a wrong PIN, and the next try works', async () => {
    await portal.openSigning()
    desk.pinentry.answer({ pin: '654321' })
    await portal.page.locator('#sign').click()
    const { code, words } = await portal.untilTrouble()
    await portal.show('pin-incorrect')
    expect(code).toBe('TOKEN_PIN_INCORRECT')
    expect(words).toContain('Mã PIN không đúng.')
    expect(words).toContain('Kiểm tra lại mã PIN')

    desk.pinentry.answer({})
    await portal.page.locator('.retry').click()
    await portal.page.locator('#download').wait()
    expect(portal.faults()).toEqual([])
  })

  it('goes on after a prompt that was cancelled there or here', async () => {
    await portal.openSigning()
    desk.pinentry.answer({ getpin: 'cancel' })
    await portal.page.locator('#sign').click()
    expect((await portal.untilTrouble()).code).toBe('USER_CANCELLED')
    await portal.show('cancelled')

    desk.pinentry.answer({ getpin: 'hang' })
    const asked = desk.pinentry.asked().length
    const ended = desk.pinentry.events().filter(({ event }) => event === 'ended').length
    await portal.page.locator('.retry').click()
    await desk.pinentry.untilCount('asked', asked + 1)
    await portal.show('prompt')
    await portal.page.locator('#sign-cancel').click()
    expect((await portal.untilTrouble()).code).toBe('USER_CANCELLED')
    await desk.pinentry.untilCount('ended', ended + 1)

    desk.pinentry.answer({})
    await portal.page.locator('.retry').click()
    await portal.page.locator('#download').wait()
    expect(portal.faults()).toEqual([])
  })

  it('takes the prompt away when the page is closed, and the next page can sign', async () => {
    await portal.openSigning()
    desk.pinentry.answer({ getpin: 'hang' })
    const asked = desk.pinentry.asked().length
    const ended = desk.pinentry.events().filter(({ event }) => event === 'ended').length
    await portal.page.locator('#sign').click()
    await desk.pinentry.untilCount('asked', asked + 1)
    await portal.page.close()
    await desk.pinentry.untilCount('ended', ended + 1)

    desk.pinentry.answer({})
    const next = await openPortal(desk.browser, desk.bridge.port)
    try {
      await next.openSigning()
      await next.page.locator('#sign').click()
      await next.page.locator('#download').wait()
      expect(next.faults()).toEqual([])
    } finally {
      await next.close()
    }
  })

  it('says that a file is damaged, and what to do', async () => {
    const file = desk.write('hong.pdf', '%PDF-1.7 and nothing more')
    await portal.chooseFile(file)
    await portal.openSigning()
    await portal.page.locator('#sign').click()
    const { code, words } = await portal.untilTrouble()
    await portal.show('damaged')
    expect(code).toBe('FORMAT_MALFORMED')
    expect(words).toContain('Tệp bị hỏng')
    await portal.page.locator('.retry').click()
    await portal.page.locator('input[name="document"]').wait()
    expect(await portal.page.$eval('#own-detail', ({ textContent }) => textContent)).toContain(
      'hong.pdf',
    )
    expect(portal.faults()).toEqual([])
  })

  it('waits for a bridge that is not running, and goes on by itself', async () => {
    const absent = await desk.serve()
    await absent.stop()
    const early = await openPortal(desk.browser, absent.port)
    let late: BridgeProcess | undefined
    try {
      await early.page.locator('#document-next').click()
      const { code, words } = await early.untilTrouble()
      expect(code).toBe('BRIDGE_NOT_RUNNING')
      expect(words).toContain('Không tìm thấy chương trình ký Trien')
      await early.show('not-running')
      await early.page.setViewport({ width: 390, height: 844, deviceScaleFactor: 2 })
      await early.show('not-running-phone')

      late = await desk.serve('--port', String(absent.port))
      await early.page.locator('input[name="certificate"]:enabled').setTimeout(45_000).wait()
      await early.show('certificates-phone')
      expect(early.faults()).toEqual([])
    } finally {
      await early.close()
      await late?.stop()
    }
  })

  it('on a public origin, shows where the browser blocks it, and goes on once allowed', async () => {
    const served = await servePortal({ port: 0, bridgePorts: [desk.bridge.port] })
    const front = await startPortal(passOn(served.url))
    const visitor = await launchChromium(...front.chromiumArguments)
    try {
      const context = await visitor.createBrowserContext()
      const decide = (state: 'denied' | 'granted') =>
        context.setPermission(front.httpsOrigin, {
          permission: { name: 'loopback-network' },
          state,
        })
      await decide('denied')
      const tab = await openTab(context, front.httpsOrigin)
      await tab.page.locator('#document-next').click()
      const { code, words } = await tab.untilTrouble()
      await tab.show('blocked')
      expect(code).toBe('BRIDGE_BLOCKED')
      expect(words).toContain('Trình duyệt đang chặn')

      await decide('granted')
      await tab.page.locator('input[name="certificate"]:enabled').click()
      await tab.page.locator('#sign').click()
      await tab.page.locator('#download').wait()
      expect(tab.faults()).toEqual([])
      await tab.close()
    } finally {
      await visitor.close()
      await front.close()
      await served.close()
    }
  })
})
