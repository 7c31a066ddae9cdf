/**
 * Containers of others, signed further: our signature is one that every referee accepts, and who accepted the container
 * before still does.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ASIC_CORPUS, type Outcome, listAsicCorpus, signFurther } from '../helpers/asic-corpus.ts'
import { ALL_REFEREES, presentReferees } from '../helpers/referees/index.ts'
import { createSignerDesk } from '../helpers/xml/signer-desk.ts'

const TIMEOUT_MS = 600_000
const hasCorpus = existsSync(ASIC_CORPUS)
if (!hasCorpus) console.warn(`SKIPPED: containers of others, for ${ASIC_CORPUS} is not there`)

describe.runIf(hasCorpus)('containers of others', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'trien-asic-corpus-'))
  const desk = createSignerDesk(path.join(folder, 'pki'))
  const names = hasCorpus ? listAsicCorpus() : []
  const outcomes: Outcome[] = []

  beforeAll(async () => {
    const place = path.join(folder, 'files')
    mkdirSync(place)
    const signer = await desk.signer()
    for (const name of names) outcomes.push(await signFurther(name, signer, place))
  }, TIMEOUT_MS)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const signed = () => outcomes.flatMap((one) => ('refused' in one ? [] : [one]))

  // The others: documents of OpenDocument, time stamps without signatures, ZIP64, headers that say two things, evidence
  // records over the one file of signatures of ASiC-S, and damaged ones.
  it('are signed, or refused by what they are', () => {
    const refused = outcomes.flatMap((one) => ('refused' in one ? [one] : []))
    const counts = { of: names.length, signed: signed().length }
    expect(counts).toEqual({ of: 128, signed: 89 })
    expect(refused.filter((one) => !one.refused.startsWith('FORMAT_'))).toEqual([])
  })

  it('keep every entry that they had', () => {
    expect(signed().filter(({ isKept }) => !isKept)).toEqual([])
  })

  it.each(presentReferees(ALL_REFEREES))(
    '$name accepts our signature in each',
    async (referee) => {
      const files = signed().flatMap(({ alone }) => (alone === undefined ? [] : [alone]))
      const judged = files.filter(({ kind }) => referee.kinds.includes(kind))
      const verdicts = await referee.judge(judged, desk.caFile)
      const table = judged.map(({ signature }, index) => [signature, verdicts[index]!.summary])
      expect(table.filter((_, index) => !verdicts[index]!.accepted)).toEqual([])
    },
    TIMEOUT_MS,
  )

  // Core validation: who trusts nobody can say of each signature whether it is broken.
  it.each(presentReferees(ALL_REFEREES.filter(({ name }) => ['jdk', 'lxml'].includes(name))))(
    '$name accepts what it accepted before',
    async (referee) => {
      const judged = signed().filter(({ after }) => referee.kinds.includes(after.kind))
      const before = await referee.judge(
        judged.map((one) => one.before),
        desk.caFile,
      )
      const after = await referee.judge(
        judged.map((one) => one.after),
        desk.caFile,
      )
      const lost = judged.filter((_, index) => before[index]!.accepted && !after[index]!.accepted)
      expect(lost.map(({ name }) => name)).toEqual([])
      expect(after.filter(({ accepted }) => accepted).length).toBeGreaterThan(9)
    },
    TIMEOUT_MS,
  )
})
