/**
 * Twenty thousand signatures through pages, bridge and token, while people cancel and leave, drivers crash, tokens are
 * pulled out and the bridge itself is killed. `TRIEN_SOAK_SEED` makes other decisions, `TRIEN_SOAK_COUNT` a longer or
 * shorter run.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Browser } from 'puppeteer'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { SignRow } from '../../packages/bridge/src/journal/rows.ts'
import { runBridge } from '../helpers/bridge-process.ts'
import { hasChromium, launchChromium } from '../helpers/chromium.ts'
import { type Portal, startPortal } from '../helpers/portal.ts'
import type { SignedFile } from '../helpers/referees/index.ts'
import { openssl } from '../helpers/referees/openssl.ts'
import { canUseSoftHsm } from '../helpers/softhsm.ts'
import { canBuildTroubledModule } from '../helpers/troubled-module.ts'
import { playBrowserPage } from './browser-page.ts'
import { type Ledger, createLedger } from './ledger.ts'
import { type Reading, readProcess, slopeOf } from './meter.ts'
import { playNodePage } from './node-page.ts'
import { createChance } from './random.ts'
import { DISASTERS, type World, createWorld } from './world.ts'

const COUNT = Number(process.env['TRIEN_SOAK_COUNT'] ?? 20_000)
const SEED = Number(process.env['TRIEN_SOAK_SEED'] ?? 48_969_508)
const NODE_PAGES = ['mot', 'hai', 'ba']
/** Until so much is done the bridge itself is killed too; then it lives, so that its growth can be seen. */
const KILLING_SHARE = 0.4
/** A slow machine gets less done between two of them: they must not keep it from getting anywhere. */
const MAX_KILLS = 12
/** Some 30 s on a machine at rest. */
const DEADLINE_MS = 400_000
const MEASURED_SHARE = 0.5
const MB = 1 << 20
/**
 * One item of a request, kept for ever, is more than 1 kB in the bridge (its bytes, its name, its digest, as text and as
 * bytes); its request alone, without the items, is a few kB for some hundred signatures. All garbage is collected before
 * each look, but requests are under way at each, of up to 256 items each.
 */
const MAX_GROWTH_PER_SIGNATURE = 400
/** What the collector has not given back to the system comes on top, and has a limit too. */
const MAX_RSS_BYTES = 256 * MB
/** A run of 128 items that a page keeps would be over 100 kB; what its code takes while it warms up is a tenth of that. */
const MAX_PAGE_GROWTH_PER_RUN = 32 * 1024
/** Whatever happens, a page learns one of these; none of them blames the page, and none is without a name. */
const EXPECTED = [
  'signed',
  'page closed',
  'USER_CANCELLED',
  'BRIDGE_CLOSED',
  'BRIDGE_NOT_RUNNING',
  'BRIDGE_BUSY',
  'TOKEN_DRIVER_CRASHED',
  'TOKEN_REMOVED',
]

const CAN_RUN =
  process.platform === 'linux' && canUseSoftHsm() && canBuildTroubledModule() && hasChromium()

describe.runIf(CAN_RUN)(`${COUNT} signatures, seed ${SEED}`, () => {
  const ledger: Ledger = createLedger()
  const readings: (Reading & { readonly heapBytes: number })[] = []
  const pageHeaps: number[] = []
  const samples: SignedFile[] = []
  const folder = mkdtempSync(path.join(tmpdir(), 'trien-soak-samples-'))
  let world: World
  let portal: Portal
  let browser: Browser
  let rows: SignRow[] = []
  let verdict: Awaited<ReturnType<typeof runBridge>>

  beforeAll(async () => {
    world = await createWorld()
    portal = await startPortal()
    browser = await launchChromium()
    const begun = performance.now()
    const tell = (): string => {
      const seconds = ((performance.now() - begun) / 1000).toFixed(0)
      return (
        `soak: seed ${SEED}, ${ledger.delivered} signatures in ${seconds} s, ${ledger.outcomes.length} requests\n` +
        `  ended: ${JSON.stringify(ledger.codes())}\n  befell: ${JSON.stringify(world.counts)}`
      )
    }
    await play().catch((error: unknown) => {
      throw new Error(`${String(error)}\n${tell()}`, { cause: error })
    })
    verdict = await runBridge(['journal', 'verify'], world.env)
    const { stdout } = await runBridge(['journal', '--json'], world.env)
    rows = JSON.parse(stdout) as SignRow[]
    console.log(tell())
  }, DEADLINE_MS + 100_000)
  afterAll(async () => {
    await browser?.close()
    await portal?.close()
    await world?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  async function play(): Promise<void> {
    const chance = createChance(SEED)
    const chanceOf = () => createChance(chance.between(0, 2 ** 31))
    let isOver = false
    const isEnough = () => isOver || ledger.delivered >= COUNT
    const shared = { world, ledger }
    const { port } = new URL(portal.httpOrigin)
    const url = `http://127.0.0.1:${port}/?ports=${world.port}`
    const pages = [
      ...NODE_PAGES.map((name) =>
        playNodePage({ ...shared, name, chance: chanceOf(), folder, samples }, isEnough),
      ),
      playBrowserPage(
        { ...shared, browser, url, chance: chanceOf(), onHeap: (bytes) => pageHeaps.push(bytes) },
        isEnough,
      ),
    ]
    const deadline = new AbortController()
    const late = sleep(DEADLINE_MS, undefined, { signal: deadline.signal }).then(() => {
      throw new Error('not done in time')
    })
    try {
      await Promise.race([Promise.all([...pages, disturb(isEnough)]), late])
    } finally {
      // One that failed is the end for all.
      isOver = true
      late.catch(() => undefined)
      deadline.abort()
    }
  }

  /** Something happens about twice a second, and the bridge is looked at. */
  async function disturb(isEnough: () => boolean): Promise<void> {
    const chance = createChance(SEED + 1)
    // Each once for certain, then as it comes.
    const certain = [...DISASTERS]
    while (!isEnough()) {
      await sleep(chance.between(200, 800))
      const share = ledger.delivered / COUNT
      const next = certain.shift()
      if (next !== undefined) await world.befall(next)
      else if (mayKill(share) && chance.percent(12)) await world.befall('bridge killed')
      else if (chance.percent(40)) {
        await world.befall(chance.pick(['host killed', 'driver crashed', 'unplugged']))
      }
      if (share < MEASURED_SHARE) continue
      const heapBytes = await world.readHeap()
      readings.push({ ...readProcess(world.pid, ledger.delivered), heapBytes })
    }
  }

  const mayKill = (share: number): boolean =>
    share < KILLING_SHARE && world.counts['bridge killed'] < MAX_KILLS

  test('each request was answered once, by all its signatures or by a named error', () => {
    expect(ledger.delivered).toBeGreaterThanOrEqual(COUNT)
    expect(EXPECTED).toEqual(expect.arrayContaining(Object.keys(ledger.codes())))
    for (const { asked, arrived, code } of ledger.outcomes) {
      if (code === undefined) expect(arrived).toBe(asked)
      else expect(arrived).toBeLessThanOrEqual(asked)
    }
  })

  test('everything that can happen did happen', () => {
    for (const count of Object.values(world.counts)) expect(count).toBeGreaterThan(0)
    expect(Object.keys(ledger.codes())).toEqual(
      expect.arrayContaining(['signed', 'USER_CANCELLED', 'BRIDGE_CLOSED']),
    )
  })

  test('openssl accepts a signature of each run', async () => {
    expect(samples.length).toBeGreaterThan(COUNT / 1000)
    const verdicts = await openssl.judge(samples, world.authorityFile)
    expect(verdicts.filter(({ accepted }) => !accepted)).toEqual([])
  })

  test('the journal verifies, and knows of every run what the page knows', () => {
    expect(verdict).toMatchObject({ code: 0 })
    const byRun = new Map(rows.map((row) => [row.documents[0]!.name.replace(/-0$/, ''), row]))
    expect(byRun.size).toBe(rows.length)
    for (const { name, asked, arrived, code } of ledger.outcomes) {
      const row = byRun.get(name)
      if (code === undefined) expect(row).toMatchObject({ result: 'signed', signed: asked })
      else if (arrived > 0) expect(row).toBeDefined()
      if (row !== undefined && row.result !== 'unknown') {
        expect(row.signed).toBeGreaterThanOrEqual(arrived)
      }
    }
    const unknown = rows.filter(({ result }) => result === 'unknown')
    expect(unknown.length).toBeLessThanOrEqual(world.counts['bridge killed'])
  })

  test('the bridge does not grow', async () => {
    const growth = slopeOf(readings.map(({ at, heapBytes }) => [at, heapBytes]))
    const from = readings[0]!
    const to = readings.at(-1)!
    const inMb = (bytes: number): string => (bytes / MB).toFixed(1)
    console.log(
      `soak: bridge holds ${inMb(from.heapBytes)} MB, then ${inMb(to.heapBytes)}, ${growth.toFixed(0)} B a signature ` +
        `over ${to.at - from.at}; of the system ${inMb(from.rssBytes)} MB, then ${inMb(to.rssBytes)}; ` +
        `page ${inMb(pageHeaps[0]!)} MB, then ${inMb(pageHeaps.at(-1)!)}`,
    )
    expect(growth).toBeLessThan(MAX_GROWTH_PER_SIGNATURE)
    expect(to.rssBytes).toBeLessThan(MAX_RSS_BYTES)
    await expect
      .poll(() => readProcess(world.pid, 0).children, { timeout: 10_000 })
      .toBeLessThanOrEqual(1)
    await expect
      .poll(() => readProcess(world.pid, 0).fileDescriptors, { timeout: 10_000 })
      .toBeLessThanOrEqual(from.fileDescriptors)
  })

  test('the page does not grow', () => {
    const growth = slopeOf(pageHeaps.map((bytes, index) => [index, bytes]))
    expect(growth).toBeLessThan(MAX_PAGE_GROWTH_PER_RUN)
  })
})
