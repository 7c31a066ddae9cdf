import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import {
  CORPUS,
  createCorpusSigner,
  judgeSigned,
  listCorpus,
  outcomesTooSlow,
  signCorpus,
  type Outcome,
} from '../helpers/pdf-corpus.ts'
import { hasTools } from '../helpers/tools.ts'

/**
 * What is expected of the corpus: how many files are signed, which are signed once they were repaired, and
 * which are refused and why. After a change for the
 * better, `UPDATE_CORPUS=1` writes it anew; the diff is then to be argued in the commit.
 */
const EXPECTED = fileURLToPath(new URL('pdf-corpus.json', import.meta.url))

interface Expectation {
  readonly signed: number
  /** What had to be repaired before it was signed. */
  readonly repaired: Readonly<Record<string, string>>
  /** Counts by reason. */
  readonly refused: Readonly<Record<string, number>>
  readonly reasons: Readonly<Record<string, string>>
}

const files = listCorpus()
if (files.length === 0) {
  if (process.env['CI'] === 'true') throw new Error(`no PDF files in ${CORPUS}`)
  console.warn(`skipped, no PDF files in ${CORPUS}`)
}
const isReady = hasTools('qpdf', 'pdfsig', 'openssl') && files.length > 0

function summarise(outcomes: readonly Outcome[]): Expectation {
  const refused: Record<string, number> = {}
  const reasons: Record<string, string> = {}
  for (const outcome of outcomes) {
    if (outcome.kind !== 'refused') continue
    refused[outcome.reason] = (refused[outcome.reason] ?? 0) + 1
    reasons[outcome.file] = outcome.reason
  }
  const sorted = Object.fromEntries(Object.entries(refused).sort(([, a], [, b]) => b - a))
  const repaired = outcomes.flatMap((outcome) =>
    outcome.kind === 'repaired' ? [[outcome.file, describeRepairs(outcome)]] : [],
  )
  return {
    repaired: Object.fromEntries(repaired) as Record<string, string>,
    signed: outcomes.filter(({ kind }) => kind === 'signed').length,
    refused: sorted,
    reasons,
  }
}

function describeRepairs(outcome: Extract<Outcome, { kind: 'repaired' }>): string {
  const kinds = new Set(outcome.repairs.map(({ what }) => what))
  return `${outcome.reason} → ${[...kinds].join(', ')}`
}

/** Two at a time: referees are other programs. */
async function judgeAll(outcomes: readonly Outcome[]): Promise<string[]> {
  const problems: string[] = []
  const waiting = outcomes.filter(
    (outcome) => outcome.kind === 'signed' || outcome.kind === 'repaired',
  )
  const work = async (): Promise<void> => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      for (const problem of await judgeSigned(next.file, next.output)) {
        problems.push(`${next.file}: ${problem}`)
      }
    }
  }
  await Promise.all([work(), work()])
  return problems
}

test.runIf(isReady)(
  'every file of the corpus is signed well or refused by name',
  async () => {
    const outcomes = await signCorpus(files, await createCorpusSigner())
    const found = summarise(outcomes)
    console.log(`${String(found.signed).padStart(5)}  signed, of ${files.length}`)
    const repairs = Object.keys(found.repaired).length
    console.log(`${String(repairs).padStart(5)}  repaired and signed`)
    for (const [reason, count] of Object.entries(found.refused)) {
      console.log(`${String(count).padStart(5)}  ${reason}`)
    }
    expect(outcomes.filter(({ kind }) => kind === 'failed')).toEqual([])
    expect(outcomesTooSlow).toEqual([])
    expect(await judgeAll(outcomes)).toEqual([])
    if (process.env['UPDATE_CORPUS'] === '1') {
      await writeFile(EXPECTED, `${JSON.stringify(found, null, 2)}\n`)
    }
    expect(found).toEqual(JSON.parse(await readFile(EXPECTED, 'utf8')))
  },
  240_000,
)
