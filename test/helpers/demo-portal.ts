/**
 * The demo portal in a real browser, watched for everything that a person would not notice.
 * @module
 */
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { type RequestListener, request } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { servePortal } from '@trien/demo/portal'
import type { Browser, BrowserContext, Page } from 'puppeteer'

const SCREENS = fileURLToPath(new URL('../../out/screens/', import.meta.url))

/** One tab with the portal in it. */
export interface DemoPortal {
  readonly page: Page
  /** Script errors, console errors, broken policies: all that must not be. */
  faults(): readonly string[]
  /** Goes from step 1 to where the sign button is. */
  openSigning(): Promise<void>
  /** Chooses files of this machine through the browser's own chooser. */
  chooseFile(...files: readonly string[]): Promise<void>
  /** Clicks a link and waits for what it saves. @returns the path of the file, gone when the page is closed */
  download(selector: string): Promise<string>
  /** Waits for a panel. @returns its code and words */
  untilTrouble(): Promise<{ code: string; words: string }>
  /** Keeps a picture of the whole page for people to look at. */
  show(name: string): Promise<void>
  close(): Promise<void>
}

/** A bridge refused by nobody and not there yet: what browsers write of it to the console by themselves. */
const REFUSED = /^Failed to load resource|ERR_CONNECTION_REFUSED/

/** Serves the portal for a bridge at a port and opens it, in a browser that remembers nothing. */
export async function openPortal(browser: Browser, bridgePort: number): Promise<DemoPortal> {
  const portal = await servePortal({ port: 0, bridgePorts: [bridgePort] })
  const tab = await openTab(await browser.createBrowserContext(), portal.url)
  return {
    ...tab,
    async close() {
      await tab.close()
      await portal.close()
    },
  }
}

/** Passes requests on to the portal of this machine, as the reverse proxy before a real portal does. */
export function passOn(portalUrl: string): RequestListener {
  return (incoming, outgoing) => {
    const url = new URL(incoming.url ?? '/', portalUrl)
    request(url, { method: incoming.method ?? 'GET' }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    })
      .on('error', () => outgoing.destroy())
      .end()
  }
}

/** Opens a portal that is being served; the context is closed with it. */
export async function openTab(context: BrowserContext, url: string): Promise<DemoPortal> {
  const folder = mkdtempSync(path.join(tmpdir(), 'trien-portal-'))
  const page = await context.newPage()
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(String(error)))
  page.on('console', (message) => {
    if (!['error', 'warn'].includes(message.type())) return
    if (!REFUSED.test(message.text())) faults.push(message.text())
  })
  await page.exposeFunction('tellViolation', (violated: string) => faults.push(violated))
  await page.evaluateOnNewDocument(() => {
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
      const { tellViolation } = window as unknown as { tellViolation(text: string): void }
      tellViolation(`CSP: ${violatedDirective} ${blockedURI}`)
    })
  })
  await page.setViewport({ width: 1280, height: 900 })
  await page.emulateMediaFeatures([{ name: 'prefers-reduced-motion', value: 'reduce' }])
  await page.emulateTimezone('Asia/Ho_Chi_Minh')
  await page.goto(url, { waitUntil: 'networkidle0' })
  const session = await page.createCDPSession()
  await session.send('Browser.setDownloadBehavior', {
    behavior: 'allow',
    ...(context.id === undefined ? {} : { browserContextId: context.id }),
    downloadPath: folder,
    eventsEnabled: true,
  })
  return {
    page,
    faults: () => faults,
    async openSigning() {
      await page.locator('#document-next').click()
      await page.locator('input[name="certificate"]:enabled').click()
      await page.locator('#sign').wait()
    },
    async chooseFile(...files) {
      const choosing = page.waitForFileChooser()
      await page.locator('#own-pick').click()
      await (await choosing).accept([...files])
    },
    async download(selector) {
      const done = new Promise<void>((resolve) => {
        session.on('Browser.downloadProgress', ({ state }) => {
          if (state === 'completed') resolve()
        })
      })
      const name = await page
        .locator(`${selector}[download]`)
        .map((link) => link.getAttribute('download'))
        .wait()
      await page.locator(selector).click()
      await done
      session.removeAllListeners('Browser.downloadProgress')
      const saved = readdirSync(folder).find((file) => file === name)
      if (saved === undefined) throw new Error(`not saved: ${name}`)
      const kept = path.join(folder, `kept-${saved}`)
      renameSync(path.join(folder, saved), kept)
      return kept
    },
    async untilTrouble() {
      const panel = await page.locator('.trouble[data-code]').waitHandle()
      return panel.evaluate((element) => ({
        code: (element as HTMLElement).dataset['code'] ?? '',
        words: (element as HTMLElement).innerText,
      }))
    },
    async show(name) {
      mkdirSync(SCREENS, { recursive: true })
      await page.evaluate(() => window.scrollTo(0, 0))
      await page.screenshot({ path: path.join(SCREENS, `${name}.png`), fullPage: true })
    },
    async close() {
      await context.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
