/**
 * CMS signatures as containers of the matrix.
 * @module
 */
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { signCms } from '@trien/sdk/cms'
import type { Bytes } from '@trien/sdk/types'
import type { SignedFile } from '../referees/index.ts'
import { type Cell, type Container, EVERY_KEY, fileName } from './container.ts'
import { reach } from './reach.ts'

/** What is signed. */
export const CONTENT = new TextEncoder().encode('Đơn đề nghị cấp lại giấy phép\r\n'.repeat(40))

/** Of each of the two forms, one is signed at its level at once and the other brought to it later. */
export const CMS_CONTAINERS: readonly Container[] = [
  {
    ...{ name: 'CMS detached', kind: 'detached', levels: ['B-B', 'B-T'] },
    algorithms: () => EVERY_KEY,
    async sign(cell, { signer, timestamp }, folder) {
      const { algorithm, level } = cell
      const signed = await signCms(CONTENT, { signer, algorithm, level, timestamp })
      return writeCms(cell, signed, folder)
    },
  },
  {
    ...{ name: 'CMS attached', kind: 'attached', levels: ['B-B', 'B-T'] },
    algorithms: () => EVERY_KEY,
    async sign(cell, means, folder) {
      const { signer } = means
      const signed = await signCms(CONTENT, { signer, algorithm: cell.algorithm, detached: false })
      return writeCms(cell, await reach(cell.level, signed, means), folder)
    },
  },
]

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
