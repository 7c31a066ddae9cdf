/**
 * CMS signatures as containers of the matrix.
 * @module
 */
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { type Level, signCms } from '@trien/sdk/cms'
import { addSignature, counterSign } from '@trien/sdk/cosign'
import type { Bytes } from '@trien/sdk/types'
import type { SignedFile } from '../referees/index.ts'
import {
  type Cell,
  type Container,
  EVERY_KEY,
  type KeyAlgorithm,
  LEVELS,
  type Rule,
  RENEWED,
  fileName,
  seldom,
} from './container.ts'
import { reach } from './reach.ts'

/** What is signed. */
export const CONTENT = new TextEncoder().encode('Đơn đề nghị cấp lại giấy phép\r\n'.repeat(40))

/** The first two levels differ with the length of a key, in the room that they take. */
const algorithms = (level: Level, rule: Rule): readonly KeyAlgorithm[] =>
  level === 'B-B' || level === 'B-T' ? EVERY_KEY : rule(level)

/** Of each of the two forms, one is signed at its level at once and the other brought to it later. */
export const CMS_CONTAINERS: readonly Container[] = [
  {
    ...{ name: 'CMS detached', kind: 'detached', levels: LEVELS, algorithms },
    async sign(cell, { signer, timestamp, authorities }, folder) {
      const { algorithm, level } = cell
      const choice = { level, timestamp, authorities }
      const signed = await signCms(CONTENT, { signer, algorithm, ...choice })
      return writeCms(cell, signed, folder)
    },
  },
  {
    ...{ name: 'CMS attached', kind: 'attached', levels: LEVELS, algorithms },
    async sign(cell, means, folder) {
      const { signer } = means
      const signed = await signCms(CONTENT, { signer, algorithm: cell.algorithm, detached: false })
      return writeCms(cell, await reach(cell.level, signed, means), folder)
    },
  },
  {
    ...{ name: 'CMS second signer', kind: 'attached', levels: LEVELS },
    isShared: true,
    async sign(cell, { colleague, ...means }, folder) {
      const { algorithm, level } = cell
      const first = await signCms(CONTENT, { signer: colleague, detached: false })
      const signed = await addSignature(first, { ...means, algorithm, level })
      return writeCms(cell, signed, folder)
    },
  },
  {
    ...{ name: 'CMS counter-signed', kind: 'detached', levels: LEVELS },
    ...{ isShared: true, isCounterSigned: true },
    async sign(cell, { colleague, ...means }, folder) {
      const { algorithm, level } = cell
      const { timestamp } = means
      const first = await signCms(CONTENT, {
        ...{ signer: colleague, timestamp },
        level: level === 'B-B' ? level : 'B-T',
      })
      const signed = await counterSign(first, { ...means, algorithm, level })
      return writeCms(cell, signed, folder)
    },
  },
  {
    // Counter-signed at B-B by hand, and the whole brought to its level by who found it so.
    ...{ name: 'CMS counter-signed and upgraded', kind: 'attached', levels: LEVELS.slice(1) },
    gap: 'nothing is brought to B-B',
    ...{ isShared: true, isCounterSigned: true },
    algorithms: seldom(['P-256', 'ES256']),
    async sign(cell, means, folder) {
      const { signer, colleague } = means
      const first = await signCms(CONTENT, { signer: colleague, detached: false })
      const both = await counterSign(first, { signer, algorithm: cell.algorithm })
      return writeCms(cell, await reach(cell.level, both, means), folder)
    },
  },
]

/** A signature whose archive time stamp was renewed, and what proves the first one put in before that. */
export const CMS_RENEWED: Container = {
  ...{ name: 'CMS renewed', kind: 'detached', levels: ['B-LTA'], gap: RENEWED },
  async sign(cell, means, folder) {
    const { signer, timestamp, authorities } = means
    const choice = { level: 'B-LTA', timestamp, authorities } as const
    const archived = await signCms(CONTENT, { signer, algorithm: cell.algorithm, ...choice })
    return writeCms(cell, await reach(cell.level, archived, means), folder)
  },
}

/** Writes a CMS over `CONTENT` where referees find it. */
async function writeCms(cell: Cell, cms: Bytes, folder: string): Promise<SignedFile> {
  const { level } = cell
  const kind = cell.container.kind === 'detached' ? 'detached' : 'attached'
  const data = path.join(folder, 'data.txt')
  await writeFile(data, CONTENT)
  const signature = path.join(folder, `${fileName(cell)}.${kind === 'detached' ? 'p7s' : 'p7m'}`)
  await writeFile(signature, cms)
  return { kind, level, signature, data }
}
