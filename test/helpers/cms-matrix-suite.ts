/**
 * The suite that lets referees judge every algorithm, attached and detached, bytes and Blob: people who know nothing of
 * Trien. Two tiers run it, with the referees that each of them has.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ALGORITHM_NAMES } from '@trien/sdk/algorithms'
import { type CmsMatrix, makeCmsMatrix } from './cms-matrix.ts'
import { type CmsJudgement, judgeCmsMatrix } from './judge-cms-matrix.ts'
import { type Referee, presentReferees } from './referees/index.ts'
import { hasTools } from './tools.ts'

/** GnuTLS 3.7 takes any RSA-PSS signature in PKCS #7 for SHA-256 and so refuses OpenSSL's own as well. */
const cannotJudge = (referee: string, { control }: CmsJudgement) =>
  referee === 'certtool' && !control.accepted

/** Describes the suite for those of some referees that judge CMS and are here. */
export function describeCmsMatrix(candidates: readonly Referee[]): void {
  const judges = candidates.filter(({ kinds }) => kinds.includes('detached'))
  const referees = presentReferees(judges)
  describe.runIf(hasTools('openssl') && referees.length > 0)('a CMS of a software signer', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'trien-cms-'))
    let matrix: CmsMatrix
    const table: Record<string, Record<string, string>> = {}

    beforeAll(async () => {
      matrix = await makeCmsMatrix(folder)
    })

    afterAll(() => {
      rmSync(folder, { recursive: true, force: true })
      console.log('CMS: good ones accepted, tampered ones refused')
      console.table(table)
    })

    describe.each(referees)('$name', (referee) => {
      let judgements: Awaited<ReturnType<typeof judgeCmsMatrix>>

      beforeAll(async () => {
        judgements = await judgeCmsMatrix(referee, matrix)
      })

      it.each(ALGORITHM_NAMES)('accepts %s and refuses it with one bit turned', (algorithm) => {
        const judgement = judgements.get(algorithm)!
        const { refusedGood, acceptedTampered, goodCount, tamperedCount } = judgement
        const isExcused = cannotJudge(referee.name, judgement)
        table[algorithm] = {
          ...table[algorithm],
          [referee.name]: isExcused
            ? 'refuses openssl’s too'
            : `${goodCount - refusedGood.length}/${goodCount} ${tamperedCount - acceptedTampered.length}/${tamperedCount}`,
        }
        if (isExcused) expect(algorithm).toMatch(/^PS(384|512)$/)
        else
          expect({ ...judgement.control, refusedGood }).toMatchObject({
            accepted: true,
            refusedGood: [],
          })
        expect(acceptedTampered).toEqual([])
        expect([goodCount, tamperedCount]).toEqual([6, 12])
      })
    })
  })
}
