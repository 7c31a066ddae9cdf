/**
 * What the bridge costs: to start, to rest, and to sign, beside the least that signing can take on the same key through
 * the same module in the same minute: the two take turns. Nothing here fails on time: figures are for people to read.
 */
import { spawnSync } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type BridgeProcess, startBridge } from '../../helpers/bridge-process.ts'
import { findChildProcesses } from '../../helpers/child-processes.ts'
import { type SoftHsm, canUseSoftHsm, createSoftHsm } from '../../helpers/softhsm.ts'
import { type Contender, startContender } from './contender.ts'
import { type Row, describeMachine, median, ms, quantile, readUsage, sum, tell } from './figures.ts'

const PINENTRY = fileURLToPath(new URL('instant-pinentry.sh', import.meta.url))
const KINDS = [
  { kind: 'RSA', algorithm: 'RS256', name: 'RSA-2048' },
  { kind: 'EC', algorithm: 'ES256', name: 'P-256' },
] as const
const STARTS = 9
const REST_MS = 10_000
const SINGLE_RUNS = 60
const RAW_PER_SINGLE = 10
/** 1,000 hashes are four messages, for one holds at most 256. */
const BATCHES = 4
const BATCH_ITEMS = 250
const BATCH_ROUNDS = 7
const PDF_ROUNDS = 3
const MB = 1 << 20

type Kind = (typeof KINDS)[number]
/** What a page says of one message. */
interface Signed {
  readonly wholeMs: number
  readonly signingMs: number
}

describe.runIf(process.platform === 'linux' && canUseSoftHsm())('bench', () => {
  let hsm: SoftHsm
  let env: Readonly<Record<string, string>>
  let bridge: BridgeProcess

  const start = (): Promise<BridgeProcess> =>
    startBridge({ args: ['--module', hsm.modulePath, '--pinentry', PINENTRY], env })

  beforeAll(async () => {
    hsm = createSoftHsm()
    hsm.addToken('bench', ['RSA-2048', 'P-256'])
    env = { ...hsm.env, TRIEN_BENCH_PIN: hsm.pin, LC_ALL: 'C.UTF-8' }
    console.log(`\nThe bridge\n  ${describeMachine(hsm.modulePath)}`)
    bridge = await start()
  })
  afterAll(async () => {
    await bridge?.stop()
    hsm?.close()
  })

  /** What stands for the person, by itself. */
  function timeDialog(): number {
    const begun = performance.now()
    spawnSync(PINENTRY, {
      env: { ...process.env, ...env },
      input: `${'SET\n'.repeat(8)}GETPIN\nBYE\n`,
    })
    return performance.now() - begun
  }

  function timeNode(): number {
    const begun = performance.now()
    spawnSync(process.execPath, ['--input-type=module', '--eval', ''])
    return performance.now() - begun
  }

  /** A page with so many documents, and the raw loop on the same key. */
  async function withBoth<T>(
    { kind, algorithm }: Kind,
    count: number,
    use: (page: Contender, raw: Contender) => Promise<T>,
  ): Promise<T> {
    const raw = startContender('raw-loop.mjs', [hsm.modulePath, hsm.pin, kind], hsm.env)
    const page = startContender('page.mjs', [String(bridge.port), algorithm])
    try {
      await page.ask({ do: 'prepare', count })
      // The first ones are slower: code is compiled, the driver is loaded.
      for (let run = 0; run < 3; run++) await page.ask({ do: 'sign' })
      return await use(page, raw)
    } finally {
      await Promise.all([page.stop(), raw.stop()])
    }
  }

  test('to start', async () => {
    const starts: number[] = []
    const bare: number[] = []
    for (let run = 0; run < STARTS; run++) {
      bare.push(timeNode())
      const begun = performance.now()
      const one = await start()
      starts.push(performance.now() - begun)
      await one.stop()
    }
    tell(
      `Start (median of ${STARTS})`,
      ['time'],
      [
        ['an empty program of Node', ms(median(bare))],
        ['the bridge, from spawn to ready', ms(median(starts))],
      ],
    )
    expect(starts).toHaveLength(STARTS)
  })

  test('to rest', async () => {
    const rest = async (what: string, pids: readonly number[]): Promise<Row> => {
      const before = readUsage(pids)
      await sleep(REST_MS)
      const after = readUsage(pids)
      const share = ((after.cpuMs - before.cpuMs) / REST_MS) * 100
      return [what, `${(after.rssBytes / MB).toFixed(0)} MB`, `${share.toFixed(2)} % of one`]
    }
    const alone = await start()
    const rows = [await rest('nobody connected, no driver loaded', [alone.pid])]
    await alone.stop()
    await withBoth(KINDS[0], 1, async () => {
      const hosts = findChildProcesses(bridge.pid, 'token-host.js')
      rows.push(await rest('a page that has signed: the bridge', [bridge.pid]))
      rows.push(await rest('  its driver’s process, which ends when idle', hosts))
    })
    tell(`Rest (over ${REST_MS / 1000} s)`, ['memory', 'processor'], rows)
    expect(rows).toHaveLength(3)
  })

  test.each(KINDS)('one signature by $name', async (kind) => {
    const raw: number[] = []
    const dialog: number[] = []
    const whole: number[] = []
    await withBoth(kind, 1, async (page, rawLoop) => {
      for (let run = 0; run < SINGLE_RUNS; run++) {
        raw.push(...(await rawLoop.ask<number[]>({ count: RAW_PER_SINGLE })))
        dialog.push(timeDialog())
        whole.push((await page.ask<Signed>({ do: 'sign' })).wholeMs)
      }
    })
    const both = (values: readonly number[]) => [
      ms(quantile(values, 0.5)),
      ms(quantile(values, 0.95)),
    ]
    tell(
      `One ${kind.name} signature (${SINGLE_RUNS} in turns)`,
      ['p50', 'p95'],
      [
        ['raw C_SignInit and C_Sign', ...both(raw)],
        ['the program that stands for the person', ...both(dialog)],
        ['through page and bridge', ...both(whole)],
        ['  without the two above', ms(median(whole) - median(raw) - median(dialog)), ''],
      ],
    )
    expect(whole).toHaveLength(SINGLE_RUNS)
  })

  test.each(KINDS)('1,000 hashes by $name', async (kind) => {
    const rows: { raw: number; signing: number; whole: number; all: number }[] = []
    await withBoth(kind, BATCH_ITEMS, async (page, rawLoop) => {
      for (let round = 0; round < BATCH_ROUNDS; round++) {
        const raw: number[] = []
        const signed: Signed[] = []
        for (let batch = 0; batch < BATCHES; batch++) {
          raw.push(...(await rawLoop.ask<number[]>({ count: BATCH_ITEMS })))
          signed.push(await page.ask<Signed>({ do: 'sign' }))
        }
        const all = await page.ask<{ wholeMs: number }>({ do: 'all', batches: BATCHES })
        const signing = sum(signed.map(({ signingMs }) => signingMs))
        const whole = sum(signed.map(({ wholeMs }) => wholeMs))
        rows.push({ raw: sum(raw), signing, whole, all: all.wholeMs })
      }
    })
    const row = (label: string, what: keyof (typeof rows)[number]): Row => [
      label,
      ms(median(rows.map((one) => one[what]))),
      median(rows.map((one) => one.raw / one[what])).toFixed(2),
    ]
    const title = `1,000 hashes by ${kind.name}, ${BATCHES} messages (of ${BATCH_ROUNDS})`
    tell(
      title,
      ['time', 'raw loop / it'],
      [
        row('raw loop: C_SignInit and C_Sign', 'raw'),
        row('bridge: from the first signature to the answer', 'signing'),
        row('bridge: with consent, claims, journal, login', 'whole'),
        row('all: with connecting, hashes and containers', 'all'),
      ],
    )
    expect(rows).toHaveLength(BATCH_ROUNDS)
  })
  test.each(KINDS)('1,000 small PDFs by $name', async (kind) => {
    const count = BATCHES * BATCH_ITEMS
    const rows: { raw: number; whole: number }[] = []
    await withBoth(kind, 1, async (page, rawLoop) => {
      for (let round = -1; round < PDF_ROUNDS; round++) {
        const raw = sum(await rawLoop.ask<number[]>({ count }))
        const { wholeMs } = await page.ask<{ wholeMs: number }>({ do: 'pdfs', count })
        if (round >= 0) rows.push({ raw, whole: wholeMs })
      }
    })
    const row = (label: string, what: keyof (typeof rows)[number]): Row => [
      label,
      ms(median(rows.map((one) => one[what]))),
      median(rows.map((one) => (count / one[what]) * 1000)).toFixed(0),
      median(rows.map((one) => one.raw / one[what])).toFixed(2),
    ]
    tell(
      `1,000 small PDFs by ${kind.name} (of ${PDF_ROUNDS})`,
      ['time', 'a second', 'raw loop / it'],
      [row('raw loop: C_SignInit and C_Sign', 'raw'), row('signMany, through the bridge', 'whole')],
    )
    expect(rows).toHaveLength(PDF_ROUNDS)
  })
})
