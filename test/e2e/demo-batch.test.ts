/** Several files in the demo portal, in a real browser: one PIN, a state for each, what was signed to take home. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { hasChromium } from '../helpers/chromium.ts'
import { type DemoDesk, openDemoDesk } from '../helpers/demo-desk.ts'
import { type DemoPortal, openPortal } from '../helpers/demo-portal.ts'
import { tableFile } from '../helpers/pdf-file.ts'
import { openssl } from '../helpers/referees/openssl.ts'
import { pdfsig } from '../helpers/referees/pdfsig.ts'
import { hasTools } from '../helpers/tools.ts'

const isPossible = hasChromium() && hasTools('pdfsig', 'openssl')

describe.skipIf(!isPossible)('several files in the demo portal', () => {
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
  afterEach(() => portal.close())

  const states = (list: string): Promise<string[]> =>
    portal.page.$$eval(`${list} li`, (rows) =>
      rows.map(({ dataset }) => [dataset['is'], dataset['code']].filter(Boolean).join(' ')),
    )
  const statesBecome = (list: string, wanted: readonly string[]) =>
    expect.poll(() => states(list)).toEqual(wanted)
  const countPins = (): number =>
    desk.pinentry.asked().filter(({ command }) => command === 'GETPIN').length
  const readText = (selector: string): Promise<string> =>
    portal.page.$eval(selector, (element) => (element as HTMLElement).innerText)

  it('are signed with one PIN, and one that is damaged costs the others nothing', async () => {
    const note = desk.write('ghi chú.txt', 'Văn bản thường.\n')
    const decision = desk.write('quyết định.pdf', tableFile())
    await portal.chooseFile(decision, note, desk.write('hỏng.pdf', '%PDF-1.7 and nothing more'))
    expect(await readText('#own-detail')).toMatch(/^3 tệp · /)
    await portal.openSigning()
    expect(await readText('#sign')).toBe('Ký 3 tệp')
    await statesBecome('#sign-list', ['waiting', 'waiting', 'waiting'])
    await portal.show('several-ready')
    const before = countPins()
    await portal.page.locator('#sign').click()
    await statesBecome('#result-list', ['done', 'done', 'failed FORMAT_MALFORMED'])
    await portal.show('several-signed')

    expect(countPins()).toBe(before + 1)
    expect(await readText('#result-sentence')).toContain('Đã ký 2 trong 3 tệp')
    expect(await readText('#result-list li:nth-child(3) p')).toContain('Tệp bị hỏng')
    expect(await portal.page.$eval('#status', ({ textContent }) => textContent)).toContain(
      '2 trong 3',
    )
    const signed = await portal.download('#result-list li:nth-child(1) a')
    const signature = await portal.download('#result-list li:nth-child(2) a')
    const verdicts = [
      ...(await pdfsig.judge([{ kind: 'pdf', signature: signed }], '')),
      ...(await openssl.judge([{ kind: 'detached', signature, data: note }], desk.caFile)),
    ]
    expect(verdicts.filter(({ accepted }) => !accepted)).toEqual([])
    expect(verdicts).toHaveLength(2)
    expect(portal.faults()).toEqual([])
  })

  it('go on where they were after a stop at the PIN', async () => {
    await portal.page.locator('[data-language="en"]').click()
    await portal.chooseFile(desk.write('một.txt', '1'), desk.write('hai.txt', '2'))
    await portal.openSigning()
    desk.pinentry.answer({ getpin: 'hang' })
    const asked = desk.pinentry.asked().length
    const ended = desk.pinentry.events().filter(({ event }) => event === 'ended').length
    await portal.page.locator('#sign').click()
    await desk.pinentry.untilCount('asked', asked + 1)
    await statesBecome('#sign-list', ['prepared', 'prepared'])
    await portal.show('several-prompt')
    await portal.page.locator('#sign-cancel').click()
    expect((await portal.untilTrouble()).code).toBe('USER_CANCELLED')
    await desk.pinentry.untilCount('ended', ended + 1)

    desk.pinentry.answer({})
    await portal.page.locator('.retry').click()
    await statesBecome('#result-list', ['done', 'done'])
    expect(await readText('#result-sentence')).toBe('2 files are signed.')
    await portal.page.setViewport({ width: 390, height: 844, deviceScaleFactor: 2 })
    await portal.show('several-signed-phone')
    expect(portal.faults()).toEqual([])
  })

  it('are taken by dropping them, and make room for one', async () => {
    await portal.page.evaluate(() => {
      const dataTransfer = new DataTransfer()
      for (const name of ['a.docx', 'b.docx']) dataTransfer.items.add(new File(['x'], name))
      document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true }))
    })
    await expect.poll(() => readText('#own-detail')).toBe('2 tệp · 2 byte')
    await portal.chooseFile(desk.write('một.txt', '1'))
    await expect.poll(() => readText('#own-detail')).toBe('một.txt · 1 byte')
    await portal.openSigning()
    await portal.page.locator('#sign').click()
    await portal.page.locator('#download').wait()
    expect(await states('#result-list')).toEqual([])
    expect(portal.faults()).toEqual([])
  })
})
