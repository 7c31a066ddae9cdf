/**
 * What the bridge costs: to start, to rest, and to sign, beside the least that signing can take on the same token in the
 * same run. Nothing here fails on time: figures are for people to read.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Bridge, type BridgeCertificate, connect } from '@trien/sdk/bridge'
import { type PreparedCms, prepareCms } from '@trien/sdk/cms'
import { type BridgeProcess, startBridge } from '../../helpers/bridge-process.ts'
import { pageSocket } from '../../helpers/page-socket.ts'
import { type ScriptedPinentry, createScriptedPinentry } from '../../helpers/scripted-pinentry.ts'
import { type SoftHsm, canUseSoftHsm, createSoftHsm } from '../../helpers/softhsm.ts'
import { describeMachine, median, ms, quantile, readUsage, tell } from './figures.ts'

const RAW_LOOP = fileURLToPath(new URL('raw-loop.mjs', import.meta.url))
const KINDS = [
  { kind: 'RSA', algorithm: 'RS256', name: 'RSA-2048' },
  { kind: 'EC', algorithm: 'ES256', name: 'P-256' },
] as const
const STARTS = 5
const REST_MS = 10_000
const SINGLE_RUNS = 40
/** 1,000 hashes are four messages, for one holds at most 256. */
const BATCHES = 4
const BATCH_ITEMS = 250
const BATCH_ROUNDS = 5
const MB = 1 << 20

describe.runIf(process.platform === 'linux' && canUseSoftHsm())('bench', () => {
  let hsm: SoftHsm
  let pinentry: ScriptedPinentry
  let bridge: BridgeProcess
  let page: Bridge
  let dialogMs = 0

  const start = (): Promise<BridgeProcess> =>
    startBridge({
      args: ['--module', hsm.modulePath, '--pinentry', pinentry.program],
      env: { ...hsm.env, ...pinentry.env, LC_ALL: 'C.UTF-8' },
    })

  beforeAll(async () => {
    hsm = createSoftHsm()
    hsm.addToken('bench', ['RSA-2048', 'P-256'])
    pinentry = createScriptedPinentry({ pin: hsm.pin })
    console.log(`\nThe bridge\n  ${describeMachine(hsm.modulePath)}`)
    const starts: number[] = []
    for (let run = 0; run < STARTS; run++) {
      const begun = performance.now()
      bridge = await start()
      starts.push(performance.now() - begun)
      if (run < STARTS - 1) await bridge.stop()
    }
    tell(`start, from spawn to ready (median of ${STARTS})`, ms(median(starts)))
    dialogMs = median(Array.from({ length: 15 }, timeDialog))
    page = connect({ ports: [bridge.port], webSocket: pageSocket() })
  })
  afterAll(async () => {
    page?.close()
    await bridge?.stop()
    pinentry?.remove()
    hsm?.close()
  })

  /** The double by itself: the program's start and end, which is what a person's answer is replaced by. */
  function timeDialog(): number {
    const begun = performance.now()
    spawnSync(pinentry.program, {
      env: { ...process.env, ...pinentry.env },
      input: 'OPTION lc-ctype=C.UTF-8\nSETTITLE x\nSETDESC x\nSETPROMPT x\nGETPIN\nBYE\n',
    })
    return performance.now() - begun
  }

  async function prepare(algorithm: 'RS256' | 'ES256', count: number) {
    const listed = await page.listCertificates()
    const certificate = listed.find(({ algorithms }) => algorithms.includes(algorithm))!
    const data = new TextEncoder().encode('Bảng kê chứng từ')
    const options = { certificate: certificate.certificate, algorithm }
    const items = await Promise.all(Array.from({ length: count }, () => prepareCms(data, options)))
    return { certificate, items }
  }

  const signAll = (certificate: BridgeCertificate, items: readonly PreparedCms[]) =>
    page.signer(certificate).sign(items)

  function timeRawLoop(kind: string, count: number): number[] {
    const args = [RAW_LOOP, hsm.modulePath, hsm.pin, kind, String(count)]
    const env = { ...process.env, ...hsm.env }
    return JSON.parse(execFileSync(process.execPath, args, { env, encoding: 'utf8' })) as number[]
  }

  test('at rest', async () => {
    const rest = async (what: string, { pid }: BridgeProcess): Promise<void> => {
      const before = readUsage(pid)
      await sleep(REST_MS)
      const after = readUsage(pid)
      const share = ((after.cpuMs - before.cpuMs) / REST_MS) * 100
      const size = `${(after.rssBytes / MB).toFixed(0)} MB`
      tell(`at rest, ${what}`, `${size}, ${share.toFixed(2)} % of a CPU`)
    }
    const alone = await start()
    await rest('nobody connected, no driver loaded', alone)
    await alone.stop()
    await page.listCertificates()
    await rest('a page connected, driver process included', bridge)
  })

  test.each(KINDS)('one signature by $name', async ({ kind, algorithm, name }) => {
    const raw = timeRawLoop(kind, 500)
    const { certificate, items } = await prepare(algorithm, 1)
    await signAll(certificate, items)
    const times: number[] = []
    for (let run = 0; run < SINGLE_RUNS; run++) {
      const begun = performance.now()
      await signAll(certificate, items)
      times.push(performance.now() - begun)
    }
    const both = (values: readonly number[]) =>
      `p50 ${ms(quantile(values, 0.5))}, p95 ${ms(quantile(values, 0.95))}`
    tell(`one ${name} signature, raw C_SignInit and C_Sign`, both(raw))
    tell('  through page and bridge, auto-confirming dialog included', both(times))
    tell('  the dialog program by itself', `p50 ${ms(dialogMs)}`)
    tell('  the bridge’s own path over the raw loop', ms(median(times) - dialogMs - median(raw)))
    expect(times).toHaveLength(SINGLE_RUNS)
  })

  test.each(KINDS)('1,000 hashes by $name', async ({ kind, algorithm, name }) => {
    const { certificate, items } = await prepare(algorithm, BATCH_ITEMS)
    await signAll(certificate, items)
    const rows: { raw: number; whole: number; signing: number }[] = []
    for (let round = 0; round < BATCH_ROUNDS; round++) {
      const raw = timeRawLoop(kind, BATCHES * BATCH_ITEMS).reduce((sum, one) => sum + one, 0)
      const begun = performance.now()
      let signing = 0
      for (let batch = 0; batch < BATCHES; batch++) {
        let first = 0
        await page
          .signer(certificate)
          .sign(items, { onSigned: () => void (first ||= performance.now()) })
        // From the first signature's arrival to the answer: what of the batch is neither dialog nor login.
        signing += (performance.now() - first) * (BATCH_ITEMS / (BATCH_ITEMS - 1))
      }
      rows.push({ raw, whole: performance.now() - begun, signing })
    }
    const ratio = (cost: (row: (typeof rows)[number]) => number): string =>
      median(rows.map((row) => row.raw / cost(row))).toFixed(2)
    tell(`1,000 ${name}: raw loop`, ms(median(rows.map(({ raw }) => raw))))
    tell(`  in ${BATCHES} messages, dialogs included`, ms(median(rows.map(({ whole }) => whole))))
    tell(
      '  raw / bridge, signing alone',
      ratio(({ signing }) => signing),
    )
    tell(
      '  raw / bridge, without dialogs',
      ratio(({ whole }) => whole - BATCHES * dialogMs),
    )
    tell(
      '  raw / bridge, all of it',
      ratio(({ whole }) => whole),
    )
    expect(rows).toHaveLength(BATCH_ROUNDS)
  })
})
