/**
 * What referees say of cells. A cell is agreed when each referee accepts the file and refuses a copy with one byte changed.
 * @module
 */
import type { AlgorithmName } from '@trien/sdk/types'
import { type Referee, type SignedFile, type Verdict } from '../referees/index.ts'
import { tamper } from '../referees/tamper.ts'
import type { Cell } from './container.ts'

/** What one referee said of a cell. */
export interface Ruling {
  readonly referee: string
  readonly good: Verdict
  /** Undefined where the referee judges syntax alone. */
  readonly tampered: Verdict | undefined
  /** Why a refusal says nothing of our file, where OpenSSL's own signature by the algorithm is refused as well. */
  readonly excuse: string | undefined
}

/** Signs by OpenSSL what a cell's algorithm signs, for referees that may not know the algorithm. */
export type MakeControl = (algorithm: AlgorithmName) => Promise<SignedFile>

/** A signed cell. */
export interface SignedCell {
  readonly cell: Cell
  readonly file: SignedFile
}

/** What judging needs besides the files. */
export interface Court {
  readonly referees: readonly Referee[]
  /** PEM of the CA that issued all signers. */
  readonly caFile: string
  /** Where tampered copies are written. */
  readonly folder: string
  readonly makeControl: MakeControl
}

/** Tells whether a referee judges files such as a cell's. */
export function isJudge({ name, kinds, judgesOneSigner }: Referee, { container }: Cell): boolean {
  if (container.unopenedBy?.includes(name)) return false
  return kinds.includes(container.kind) && !(judgesOneSigner && container.isParallel)
}

/** Has every referee judge every file of a kind that it judges, and its tampered copy. */
export async function judgeCells(
  cells: readonly SignedCell[],
  court: Court,
): Promise<ReadonlyMap<Cell, readonly Ruling[]>> {
  const rulings = new Map<Cell, Ruling[]>(cells.map(({ cell }) => [cell, []]))
  for (const referee of court.referees) {
    const judged = cells.filter(({ cell }) => isJudge(referee, cell))
    const good = judged.map(({ file }) => file)
    const tampered = referee.seesTampering
      ? await Promise.all(good.map((file) => tamper(file, court.folder)))
      : []
    const verdicts = await referee.judge([...good, ...tampered], court.caFile)
    for (const [index, { cell }] of judged.entries()) {
      const verdict = verdicts[index]!
      rulings.get(cell)?.push({
        referee: referee.name,
        good: verdict,
        tampered: verdicts[good.length + index],
        excuse: verdict.accepted ? undefined : await findExcuse(referee, cell, court),
      })
    }
  }
  return rulings
}

async function findExcuse(
  referee: Referee,
  { algorithm }: Cell,
  { caFile, makeControl }: Court,
): Promise<string | undefined> {
  const doubt = referee.doubts?.(algorithm)
  if (doubt === undefined) return undefined
  const [control] = await referee.judge([await makeControl(algorithm)], caFile)
  return control?.accepted === false ? doubt : undefined
}

/** What is wrong with a cell, in words; empty where all referees agree. */
export function disagreements(rulings: readonly Ruling[]): readonly string[] {
  return rulings.flatMap(({ referee, good, tampered, excuse }) => [
    ...(good.accepted || excuse !== undefined ? [] : [`${referee} refuses it: ${good.summary}`]),
    ...(tampered?.accepted ? [`${referee} accepts it tampered with: ${tampered.summary}`] : []),
  ])
}

/** Names of the referees that accept the file and refuse its tampered copy: those that the cell rests on. */
export function witnesses(rulings: readonly Ruling[]): readonly string[] {
  return rulings
    .filter(({ good, tampered }) => good.accepted && tampered?.accepted === false)
    .map(({ referee }) => referee)
}

/** A ruling in a word; undefined where a referee does not judge the kind. */
export function markOf(ruling: Ruling | undefined): string {
  if (ruling === undefined) return '-'
  if (ruling.excuse !== undefined) return 'cannot'
  if (!ruling.good.accepted) return 'NO'
  if (ruling.tampered === undefined) return 'syntax'
  return ruling.tampered.accepted ? 'BLIND' : 'yes'
}
