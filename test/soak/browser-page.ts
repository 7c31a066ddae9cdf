/**
 * A page in Chromium that loads the built SDK and signs; it too changes its mind, and is closed in the middle.
 * @module
 */
import type { Browser, Page } from 'puppeteer'
import type { Ledger } from './ledger.ts'
import type { Chance } from './random.ts'
import type { World } from './world.ts'

/** What the page needs to know. */
export interface BrowserPageOptions {
  readonly browser: Browser
  /** A page with `Trien` and a connected `bridge`. */
  readonly url: string
  readonly world: World
  readonly ledger: Ledger
  readonly chance: Chance
  /** Told of each measurement of the page's own heap, garbage collected; bytes. */
  readonly onHeap: (bytes: number) => void
}

/** Runs in the page: makes what can be signed once, for many runs. */
const PREPARE = `async () => {
  const [certificate] = await bridge.listCertificates()
  const data = new TextEncoder().encode('Phiếu lĩnh vật tư')
  const options = { certificate: certificate.certificate, algorithm: 'ES256' }
  const pool = await Promise.all(Array.from({ length: 128 }, () => Trien.prepareCms(data, options)))
  window.soak = { certificate, pool }
}`

/** Runs in the page: one request; every signature is verified by WebCrypto as its CMS is completed. */
const SIGN = `async ({ name, count, abortMs }) => {
  const { certificate, pool } = window.soak
  const requests = pool.slice(0, count).map((one, index) => ({
    ...one,
    document: { ...one.document, name: name + '-' + index },
  }))
  let arrived = 0
  const controller = new AbortController()
  const timer = abortMs === null ? undefined : setTimeout(() => controller.abort(), abortMs)
  try {
    const values = await bridge.signer(certificate).sign(requests, {
      signal: controller.signal,
      onSigned: (done) => (arrived = done),
    })
    for (let index = 0; index < count; index++) await Trien.completeCms(pool[index], values[index])
    return { arrived }
  } catch (error) {
    return { arrived, code: error.code ?? String(error) }
  } finally {
    clearTimeout(timer)
  }
}`

const POOL = 128

/** Asks again and again until there are enough signatures. */
export async function playBrowserPage(
  options: BrowserPageOptions,
  isEnough: () => boolean,
): Promise<void> {
  const { world, ledger, chance, onHeap } = options
  let page = await open(options)
  for (let round = 0; !isEnough(); round++) {
    await world.ready()
    const name = `browser-${round}`
    const count = chance.percent(60) ? POOL : chance.between(1, POOL)
    const abortMs = chance.percent(12) ? chance.between(0, 500) : null
    const running = run(page, { name, count, abortMs })
    const isLeft = chance.percent(4)
    if (isLeft) await leave(page, chance.between(0, 500))
    const { arrived, code } = await running
    ledger.add({ name, asked: count, arrived, code })
    // It may have gone by itself.
    if (isLeft || code === 'page closed') {
      await page.close().catch(() => undefined)
      page = await open(options)
    } else onHeap(await readHeap(page))
  }
  await page.close()
}

async function open({ browser, url, world }: BrowserPageOptions): Promise<Page> {
  for (;;) {
    await world.ready()
    const page = await browser.newPage()
    try {
      await page.goto(url)
      await page.evaluate(`(${PREPARE})()`)
      return page
    } catch {
      // A disaster in between: a person would load the page anew.
      await page.close().catch(() => undefined)
    }
  }
}

interface Ended {
  readonly arrived: number
  readonly code?: string
}

async function run(page: Page, wish: object): Promise<Ended> {
  try {
    return (await page.evaluate(`(${SIGN})(${JSON.stringify(wish)})`)) as Ended
  } catch {
    // The page is gone, and with it whatever it had been given.
    return { arrived: 0, code: 'page closed' }
  }
}

async function leave(page: Page, afterMs: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, afterMs))
  await page.close()
}

async function readHeap(page: Page): Promise<number> {
  const session = await page.createCDPSession()
  try {
    await session.send('HeapProfiler.collectGarbage')
    const { usedSize } = await session.send('Runtime.getHeapUsage')
    return usedSize
  } finally {
    await session.detach()
  }
}
