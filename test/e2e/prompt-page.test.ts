/** The demo's prompt page in a real browser: its form works under its own policy. */
import { connect } from '@trien/sdk/bridge'
import { signCms } from '@trien/sdk/cms'
import { expect, it } from 'vitest'
import { hasChromium, launchChromium } from '../helpers/chromium.ts'
import { startFacelessBridge } from '../helpers/faceless-bridge.ts'
import { pageSocket } from '../helpers/page-socket.ts'

const DEMO_PIN = '123456'

it.runIf(hasChromium())('asks, asks again without a PIN, takes the PIN', async () => {
  const [process, browser] = await Promise.all([startFacelessBridge('--demo'), launchChromium()])
  const tab = await browser.newPage()
  const complaints: string[] = []
  tab.on('console', (message) => complaints.push(message.text()))
  let open: (url: string) => void = () => {}
  const nextPage = (): Promise<string> => new Promise((resolve) => (open = resolve))
  const bridge = connect({
    ports: [process.port],
    webSocket: pageSocket(),
    mayPrompt: true,
    onPromptPage: (url) => open(url),
  })
  try {
    let asked = nextPage()
    const listing = bridge.listCertificates()
    await tab.goto(await asked)
    expect(await tab.title()).toBe('Trien – Xem chứng thư số')
    await Promise.all([tab.waitForNavigation(), tab.click('button[value=accept]')])
    const [certificate] = await listing

    asked = nextPage()
    const signing = signCms(new TextEncoder().encode('đơn'), {
      signer: bridge.signer(certificate!),
      document: { name: 'Đơn <b>đề nghị</b>.txt', mediaType: 'text/plain' },
    })
    await tab.goto(await asked)
    const text = await tab.$eval('main', (main) => main.textContent)
    expect(text).toContain('Đơn <b>đề nghị</b>.txt')
    await Promise.all([tab.waitForNavigation(), tab.click('button[value=accept]')])
    expect(await tab.$eval('[role=alert]', (alert) => alert.textContent)).toBe(
      'Bạn chưa nhập mã PIN.',
    )
    await tab.type('input[name=secret]', DEMO_PIN)
    await Promise.all([tab.waitForNavigation(), tab.keyboard.press('Enter')])
    expect((await signing).length).toBeGreaterThan(1000)
    expect(complaints).toEqual([])
  } finally {
    bridge.close()
    await browser.close()
    await process.stop()
  }
})
