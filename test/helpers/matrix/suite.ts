/**
 * The conformance matrix as a suite: every container at every level by every algorithm that its rule names, signed by
 * Trien and judged by referees.
 * @module
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { getAlgorithm } from '@trien/sdk/algorithms'
import type { AlgorithmName } from '@trien/sdk/types'
import type { TestAuthority } from '../pki.ts'
import { type Referee, type SignedFile, presentReferees } from '../referees/index.ts'
import { signByOpenssl } from '../referees/openssl-identity.ts'
import { root } from '../referees/tool.ts'
import { canUseSoftHsm } from '../softhsm.ts'
import { type Cell, type Rule, cellsOf, nameOf, sample, unexplained } from './container.ts'
import { type Desk, openDesk } from './desk.ts'
import {
  type Ruling,
  type SignedCell,
  disagreements,
  isJudge,
  judgeCells,
  witnesses,
} from './judge.ts'
import { CONTAINERS, chosenContainers } from './registry.ts'
import { formatConformancePage, formatMatrix } from './table.ts'

/** More than a thousand files, each judged by a program or two. */
const TIMEOUT_MS = 1_800_000

/** What is asked of the matrix beyond that all referees agree. */
export interface MatrixDemands {
  /** Which algorithms each level is signed by. Default: `sample`. */
  readonly rule?: Rule
  /** How many referees each cell must rest on. */
  readonly witnesses?: number
  /** The page, from the repository's top, that must say what was found. */
  readonly page?: string
}

/**
 * Declares the tests of the matrix.
 * @param name of the suite, and of the folder in out/ that keeps the signed files
 */
export function describeMatrix(
  name: string,
  wanted: readonly Referee[],
  demands: MatrixDemands = {},
): void {
  const referees = presentReferees(wanted)
  const isWhole = referees.length === wanted.length
  const cells = cellsOf(chosenContainers(), demands.rule ?? sample)
  let rulings: ReadonlyMap<Cell, readonly Ruling[]> = new Map()

  describe.runIf(canUseSoftHsm())(name, () => {
    let desk: Desk | undefined

    beforeAll(async () => {
      desk = await openDesk()
      rulings = await signAndJudge(desk, cells, { name, referees })
      console.log(`\n${formatMatrix(rulings, referees)}\n`)
    }, TIMEOUT_MS)
    afterAll(() => desk?.close())

    test.each(cells.map((cell) => [nameOf(cell), cell] as const))('%s', (_, cell) => {
      const found = rulings.get(cell) ?? []
      expect(disagreements(found)).toEqual([])
      const judges = referees.filter((referee) => isJudge(referee, cell))
      expect(found.map(({ referee }) => referee)).toEqual(judges.map((referee) => referee.name))
      const named = found.find(({ referee }) => referee === 'bouncycastle')
      if (named) expect(new Set(named.good.summary.split(' '))).toEqual(algorithmsOf(cell))
      if (isWhole) expect(witnesses(found).length).toBeGreaterThanOrEqual(demands.witnesses ?? 1)
    })

    test('no two cells have one name', () => {
      expect(new Set(cells.map(nameOf)).size).toBe(cells.length)
    })

    test('every cell that is not there is explained', () => {
      expect(unexplained(CONTAINERS)).toEqual([])
    })

    const { page } = demands
    // Without one of its referees a machine can say nothing of the table.
    if (page !== undefined && isWhole) {
      test(`${page} says so`, () => expectPage(path.join(root, page), rulings, referees))
    }
  })
}

async function expectPage(
  file: string,
  rulings: ReadonlyMap<Cell, readonly Ruling[]>,
  referees: readonly Referee[],
): Promise<void> {
  const before = existsSync(file) ? readFileSync(file, 'utf8') : ''
  const page = formatConformancePage(rulings, referees, { containers: CONTAINERS, before })
  await expect(page).toMatchFileSnapshot(file)
}

/** What BouncyCastle says of the signatures in a file, each time: `digest OID/signature OID`. */
function algorithmsOf({ algorithm, container }: Cell): Set<string> {
  const names: readonly AlgorithmName[] = container.isShared ? [algorithm, 'ES256'] : [algorithm]
  return new Set(
    names.map(getAlgorithm).map(({ digestOid, signatureOid }) => `${digestOid}/${signatureOid}`),
  )
}

async function signAndJudge(
  desk: Desk,
  cells: readonly Cell[],
  { name, referees }: { readonly name: string; readonly referees: readonly Referee[] },
): Promise<ReadonlyMap<Cell, readonly Ruling[]>> {
  const folder = path.join(root, 'out', name)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const signed: SignedCell[] = []
  for (const cell of cells) {
    const file = await cell.container.sign(cell, await desk.meansFor(cell), folder)
    signed.push({ cell, file })
  }
  const { authority } = desk.hsm
  const controls = new Map<AlgorithmName, Promise<SignedFile>>()
  return judgeCells(signed, {
    referees,
    caFile: authority.certificateFile,
    folder,
    makeControl(algorithm) {
      const control = controls.get(algorithm) ?? makeControl(authority, algorithm, folder)
      controls.set(algorithm, control)
      return control
    },
  })
}

/** An RSA signature by OpenSSL: the algorithms that referees may not know are all of RSA. */
async function makeControl(
  authority: TestAuthority,
  algorithm: AlgorithmName,
  folder: string,
): Promise<SignedFile> {
  const { keyFile: key, certificateFile: certificate } = authority.issue('RSA-2048', 'control')
  const data = path.join(folder, 'control.txt')
  const signature = path.join(folder, `control-${algorithm}.p7s`)
  writeFileSync(data, 'control')
  const identity = { key, certificate, caFile: authority.certificateFile }
  await signByOpenssl(identity, { data, out: signature, kind: 'detached', algorithm })
  return { kind: 'detached', signature, data }
}
