/**
 * What one referee says of the whole matrix of CMS signatures.
 */
import type { AlgorithmName } from '@trien/sdk/types'
import type { CmsMatrix } from './cms-matrix.ts'
import type { Referee, Verdict } from './referees/index.ts'

/** Verdicts on all signatures by one algorithm. */
export interface CmsJudgement {
  /** On OpenSSL's own signature. */
  readonly control: Verdict
  /** Ours that were refused: name and reason. */
  readonly refusedGood: readonly string[]
  /** Tampered ones that were accepted. */
  readonly acceptedTampered: readonly Verdict[]
  readonly goodCount: number
  readonly tamperedCount: number
}

/** Lets a referee judge everything in one run. */
export async function judgeCmsMatrix(
  referee: Referee,
  { cases, controls, rootFile }: CmsMatrix,
): Promise<ReadonlyMap<AlgorithmName, CmsJudgement>> {
  const files = [
    ...controls.values(),
    ...cases.map(({ good }) => good),
    ...cases.flatMap(({ tampered }) => tampered),
  ]
  const verdicts = await referee.judge(files, rootFile)
  const verdictOf = new Map(files.map((file, index) => [file, verdicts[index] as Verdict]))
  const get = (file: (typeof files)[number]) => verdictOf.get(file) as Verdict
  const judgements = new Map<AlgorithmName, CmsJudgement>()
  for (const [algorithm, control] of controls) {
    const mine = cases.filter((one) => one.algorithm === algorithm)
    const tampered = mine.flatMap((one) => one.tampered).map(get)
    judgements.set(algorithm, {
      control: get(control),
      refusedGood: mine
        .filter(({ good }) => !get(good).accepted)
        .map(({ name, good }) => `${name}: ${get(good).summary}`),
      acceptedTampered: tampered.filter(({ accepted }) => accepted),
      goodCount: mine.length,
      tamperedCount: tampered.length,
    })
  }
  return judgements
}
