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
  /** Whether the cell is a counter-signature, and the referee looks at nothing but the signature below. */
  readonly isBeside: boolean
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
export function isJudge({ name, kinds }: Referee, { container }: Cell): boolean {
  if (container.unopenedBy?.includes(name)) return false
  return kinds.includes(container.kind)
}

/**
 * Has every referee judge every file of a kind that it judges, and its tampered copy. Two referees work at a time, the last
 * first: it takes as long as all others.
 */
export async function judgeCells(
  cells: readonly SignedCell[],
  court: Court,
): Promise<ReadonlyMap<Cell, readonly Ruling[]>> {
  const copies = new Map<SignedFile, SignedFile>()
  for (const { file } of cells) copies.set(file, await tamper(file, court.folder))
  const waiting = [...court.referees]
  const found = new Map<Referee, ReadonlyMap<Cell, Ruling>>()
  const work = async (): Promise<void> => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      found.set(next, await judgeBy(next, cells, { ...court, copies }))
    }
  }
  await Promise.all([work(), work()])
  return new Map(
    cells.map(({ cell }) => [
      cell,
      court.referees.flatMap((referee) => found.get(referee)?.get(cell) ?? []),
    ]),
  )
}

async function judgeBy(
  referee: Referee,
  cells: readonly SignedCell[],
  court: Court & { readonly copies: ReadonlyMap<SignedFile, SignedFile> },
): Promise<ReadonlyMap<Cell, Ruling>> {
  const judged = cells.filter(({ cell }) => isJudge(referee, cell))
  const good = judged.map(({ file }) => file)
  const tampered = referee.seesTampering ? good.map((file) => court.copies.get(file)!) : []
  const verdicts = await referee.judge([...good, ...tampered], court.caFile)
  const excuses = new Map<AlgorithmName, string | undefined>()
  const rulings = new Map<Cell, Ruling>()
  for (const [index, { cell }] of judged.entries()) {
    const verdict = verdicts[index]!
    const { algorithm } = cell
    if (!verdict.accepted && !excuses.has(algorithm)) {
      excuses.set(algorithm, await findExcuse(referee, algorithm, court))
    }
    rulings.set(cell, {
      referee: referee.name,
      good: verdict,
      tampered: verdicts[good.length + index],
      excuse: verdict.accepted ? undefined : excuses.get(algorithm),
      isBeside: Boolean(referee.passesCounterSignatures && cell.container.isCounterSigned),
    })
  }
  return rulings
}

async function findExcuse(
  referee: Referee,
  algorithm: AlgorithmName,
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
  return rulings.filter((ruling) => markOf(ruling) === 'yes').map(({ referee }) => referee)
}

/** A ruling in a word; undefined where a referee does not judge the kind. */
export function markOf(ruling: Ruling | undefined): string {
  if (ruling === undefined) return '-'
  if (ruling.excuse !== undefined) return 'cannot'
  if (!ruling.good.accepted) return 'NO'
  if (ruling.tampered === undefined) return 'syntax'
  if (ruling.tampered.accepted) return 'BLIND'
  return ruling.isBeside ? 'below' : 'yes'
}
