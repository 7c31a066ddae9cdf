/**
 * The conformance matrix: every key with every algorithm in every container at every level, signed by Trien and judged by referees.
 * A cell is agreed when each referee accepts the file and refuses a copy with one byte changed.
 * @module
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { AlgorithmName, Bytes, Signer, TimestampSource } from '@trien/sdk/types'
import { type Level, signCms } from '@trien/sdk/cms'
import { signPdf } from '@trien/sdk/pades'
import { upgrade } from '@trien/sdk/upgrade'
import type { Referee, SignedFile, Verdict } from './referees/index.ts'
import { root } from './referees/tool.ts'
import { tamper } from './referees/tamper.ts'

export const CONTAINERS = ['CMS detached', 'CMS attached', 'PDF', 'PDF signed twice'] as const
export type Container = (typeof CONTAINERS)[number]
export const LEVELS = ['B-B', 'B-T'] as const satisfies readonly Level[]

/** One way to sign. */
export interface Cell {
  /** Kind of key, for example `RSA-2048`. */
  readonly key: string
  readonly algorithm: AlgorithmName
  readonly container: Container
  readonly level: Level
}

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

/** All cells of some keys, in the order of the table. */
export function cellsOf(keys: Readonly<Record<string, readonly AlgorithmName[]>>): readonly Cell[] {
  return Object.entries(keys).flatMap(([key, algorithms]) =>
    algorithms.flatMap((algorithm) =>
      CONTAINERS.flatMap((container) =>
        LEVELS.map((level) => ({ key, algorithm, container, level })),
      ),
    ),
  )
}

/** A cell's name in the table, in file names and in the titles of tests. */
export function nameOf({ key, algorithm, container, level }: Cell): string {
  return `${key} ${algorithm} ${container} ${level}`
}

/**
 * Signs one cell into a folder.
 * @param signer has the cell's key
 */
export async function signCell(
  cell: Cell,
  { signer, timestamp }: { readonly signer: Signer; readonly timestamp: TimestampSource },
  folder: string,
): Promise<SignedFile> {
  await mkdir(folder, { recursive: true })
  const { algorithm, container, level } = cell
  const options = { signer, algorithm, level, timestamp }
  const base = path.join(folder, nameOf(cell).replaceAll(' ', '-'))
  if (container === 'CMS detached' || container === 'CMS attached') {
    const data = path.join(folder, 'data.txt')
    const content = new TextEncoder().encode('Đơn đề nghị cấp lại giấy phép\r\n'.repeat(40))
    await writeFile(data, content)
    const detached = container === 'CMS detached'
    // One of the two is brought to its level later.
    const cms = detached
      ? await signCms(content, { ...options, detached })
      : await reach(level, await signCms(content, { signer, algorithm, detached }), timestamp)
    const signature = `${base}.${detached ? 'p7s' : 'p7m'}`
    await writeFile(signature, cms)
    return { kind: detached ? 'detached' : 'attached', level, signature, data }
  }
  const form = new Uint8Array(
    await readFile(path.join(root, 'packages/demo/sample/application.pdf')),
  )
  const say = (count: number) => ({ reason: `Ký lần ${count}`, location: 'Hà Nội' })
  const pdf =
    container === 'PDF'
      ? await reach(level, await signPdf(form, { signer, algorithm, ...say(1) }), timestamp)
      : await signPdf(await signPdf(form, { ...options, ...say(1) }), { ...options, ...say(2) })
  await writeFile(`${base}.pdf`, pdf)
  return { kind: 'pdf', level, signature: `${base}.pdf` }
}

/** Builds on what was signed at B-B. */
async function reach(level: Level, signed: Bytes, timestamp: TimestampSource): Promise<Bytes> {
  return level === 'B-B' ? signed : upgrade(signed, { to: level, timestamp })
}

/** A signed cell. */
export interface SignedCell extends Cell {
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

/**
 * Has every referee judge every file and its tampered copy.
 * @returns rulings by the cells' names
 */
export async function judgeCells(
  cells: readonly SignedCell[],
  court: Court,
): Promise<ReadonlyMap<string, readonly Ruling[]>> {
  const rulings = new Map<string, Ruling[]>(cells.map((cell) => [nameOf(cell), []]))
  for (const referee of court.referees) {
    const judged = cells.filter(({ file }) => referee.kinds.includes(file.kind))
    const good = judged.map(({ file }) => file)
    const tampered = referee.seesTampering
      ? await Promise.all(good.map((file) => tamper(file, court.folder)))
      : []
    const verdicts = await referee.judge([...good, ...tampered], court.caFile)
    for (const [index, cell] of judged.entries()) {
      const verdict = verdicts[index]!
      rulings.get(nameOf(cell))?.push({
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

/** The matrix as a table of text: a row a cell, a column a referee. `-`: does not judge such a container; `cannot`: does not know the algorithm. */
export function formatMatrix(
  rulings: ReadonlyMap<string, readonly Ruling[]>,
  referees: readonly Referee[],
): string {
  const names = referees.map(({ name }) => name)
  const first = Math.max(...[...rulings.keys()].map(({ length }) => length))
  const line = (title: string, marks: readonly string[]): string =>
    [title.padEnd(first), ...marks.map((mark, index) => mark.padEnd(names[index]!.length))]
      .join('  ')
      .trimEnd()
  const rows = [...rulings].map(([cell, all]) =>
    line(
      cell,
      names.map((name) => markOf(all.find(({ referee }) => referee === name))),
    ),
  )
  return [line('', names), ...rows].join('\n')
}

function markOf(ruling: Ruling | undefined): string {
  if (ruling === undefined) return '-'
  if (ruling.excuse !== undefined) return 'cannot'
  if (!ruling.good.accepted) return 'NO'
  return ruling.tampered?.accepted ? 'BLIND' : 'yes'
}
