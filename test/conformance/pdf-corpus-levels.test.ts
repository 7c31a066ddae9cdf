/**
 * What pyHanko says of the corpus at higher levels: whatever was reached is there, and earlier signatures are what they
 * were before. Most of those that others signed years ago cannot be proven any more: that is told, each by its reason,
 * and what was reached until then is judged.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { withOneList } from '../helpers/openssl-authorities.ts'
import { HARMLESS, findLoss } from '../helpers/pdf-facts.ts'
import { type Arrival, type Company, listJourneys, travel } from '../helpers/pdf-levels-corpus.ts'
import { createTestAuthority } from '../helpers/pki.ts'
import { presentReferees } from '../helpers/referees/index.ts'
import { type PdfFacts, describePdfs, pyhanko } from '../helpers/referees/pyhanko.ts'
import { softwareSignerOf } from '../helpers/software-signer.ts'

/**
 * How many came how far, and with ours in them: what pyHanko does not judge. `UPDATE_CORPUS=1` writes it anew. The one problem is theirs: where a
 * catalog is written anew, pyHanko wants its /Metadata to be a stream, which it is not in that file.
 */
const EXPECTED = fileURLToPath(new URL('pdf-corpus-levels.json', import.meta.url))

const journeys = listJourneys()
if (journeys.length === 0) {
  if (process.env['CI'] === 'true') throw new Error('no PDF files of others')
  console.warn('skipped, no PDF files of others')
}
const isReady = presentReferees([pyhanko]).length > 0 && journeys.length > 0
const folder = mkdtempSync(path.join(tmpdir(), 'trien-levels-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function gather(): Promise<Company> {
  const authority = createTestAuthority(folder)
  const signer = await softwareSignerOf(authority.issue('P-256', 'signer'), 'ES256', authority)
  const timestamp = authority.openTimestamps()
  return { signer, timestamp, authorities: withOneList(authority.openAuthorities()) }
}

/** What is wrong; undefined where nothing is, or nothing is known. */
function findProblem(arrival: Arrival, before: PdfFacts, after: PdfFacts): string | undefined {
  if ('error' in after) return undefined
  const { way, reached } = arrival
  const [last] = reached === 'B-LTA' ? after.stamps.slice(-1) : []
  if (reached === 'B-LTA' && last === undefined) return 'no archive'
  if (last !== undefined && !('error' in last)) {
    if (!last.intact || last.coverage !== 'ENTIRE_FILE') return `archive: ${JSON.stringify(last)}`
  }
  return findLoss(before, after) ?? (way === 'theirs' ? undefined : findFault(before, after))
}

/** What is wrong with our signature, at B-T or above. */
function findFault(
  before: PdfFacts,
  { signatures, stamps }: Extract<PdfFacts, { readonly stamps: unknown }>,
): string | undefined {
  const known = 'error' in before ? [] : before.signatures.map(({ field }) => field)
  const [fresh, ...others] = signatures.filter(({ field }) => !known.includes(field))
  if (fresh === undefined || others.length > 0) return 'not one new signature'
  if ('error' in fresh) return undefined
  const { intact, docmdpOk, modification, stamped } = fresh
  const isTimed = stamped || stamps.some((stamp) => 'intact' in stamp && stamp.intact)
  const isGood = intact && docmdpOk && HARMLESS.includes(modification) && isTimed
  return isGood ? undefined : `our signature: ${modification}, ${JSON.stringify(fresh)}`
}

function countBy(arrivals: readonly Arrival[]): Readonly<Record<string, Record<string, number>>> {
  const counts: Record<string, Record<string, number>> = {}
  for (const { way, reached } of arrivals) {
    const own = (counts[way] ??= {})
    own[reached] = (own[reached] ?? 0) + 1
  }
  const sort = (own: Record<string, number>) =>
    Object.fromEntries(Object.entries(own).sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)))
  return Object.fromEntries(Object.entries(counts).map(([way, own]) => [way, sort(own)]))
}

test.runIf(isReady)(
  'what was reached is there, and what was signed before is as it was',
  async () => {
    const company = await gather()
    const arrivals: Arrival[] = []
    for (const journey of journeys) arrivals.push(await travel(journey, company, folder))
    expect(arrivals.filter(({ fault }) => fault !== undefined)).toEqual([])
    const changed = arrivals.filter(({ output }) => output !== undefined)
    // Two ways lead on from one file.
    const inputs = [...new Map(changed.map((one) => [one.input, one])).values()]
    const facts = await describePdfs([
      ...inputs.map(({ input, password }) => ({ file: input, password })),
      ...changed.map(({ output, password }) => ({ file: output!, password })),
    ])
    const before = new Map(inputs.map(({ input }, at) => [input, facts[at]!]))
    const after = facts.slice(inputs.length)
    const problems = changed.flatMap((arrival, at) => {
      const problem = findProblem(arrival, before.get(arrival.input)!, after[at]!)
      return problem === undefined ? [] : [`${arrival.way}, ${arrival.name}: ${problem}`]
    })
    const ours = changed.flatMap(({ way, name }, at) =>
      way === 'theirs' ? [] : [{ name: `${way}, ${name}`, facts: after[at]! }],
    )
    const unjudged = ours.flatMap(({ name, facts: found }) => {
      const errors = 'error' in found ? [found] : [...found.signatures, ...found.stamps]
      const [first] = errors.flatMap((one) => ('error' in one ? [one.error] : []))
      return first === undefined ? [] : [`${name}: ${first}`]
    })
    const judged = ours.length - unjudged.length
    const found = { ...countBy(arrivals), judged, problems, unjudged }
    console.log(found)
    if (process.env['UPDATE_CORPUS'] === '1') {
      await writeFile(EXPECTED, `${JSON.stringify(found, null, 2)}\n`)
    }
    expect(found).toEqual(JSON.parse(await readFile(EXPECTED, 'utf8')))
  },
  240_000,
)
