/**
 * XAdES signatures as containers of the matrix.
 * @module
 */
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { type Level, signXml } from '@trien/sdk/xades'
import type { Bytes } from '@trien/sdk/types'
import type { SignedFile } from '../referees/index.ts'
import { APPLICATION } from '../xml/forms.ts'
import { CONTENT } from './cms.ts'
import { type Cell, type Container, fileName } from './container.ts'
import { reach } from './reach.ts'

const application = new TextEncoder().encode(APPLICATION)
const LEVELS: readonly Level[] = ['B-B', 'B-T', 'B-LT', 'B-LTA']

export const XADES_CONTAINERS: readonly Container[] = [
  {
    ...{ name: 'XAdES enveloped', kind: 'xades', levels: LEVELS },
    async sign(cell, means, folder) {
      const { algorithm, level } = cell
      const signed = await signXml(application, { ...means, algorithm })
      return writeXml(cell, await reach(level, signed, means), folder)
    },
  },
  {
    ...{ name: 'XAdES enveloping', kind: 'xades', levels: LEVELS },
    async sign(cell, means, folder) {
      const { algorithm, level } = cell
      const options = { ...means, algorithm, level, packaging: 'enveloping' } as const
      return writeXml(cell, await signXml(application, options), folder, ['77u/', '88u/'])
    },
  },
  {
    ...{ name: 'XAdES detached', kind: 'xades', levels: LEVELS },
    async sign(cell, means, folder) {
      const { algorithm, level } = cell
      const data = path.join(folder, 'data.txt')
      await writeFile(data, CONTENT)
      const document = { name: 'data.txt', mediaType: 'text/plain' }
      const options = { ...means, algorithm, level, document, packaging: 'detached' } as const
      const signature = path.join(folder, `${fileName(cell)}.xml`)
      await writeFile(signature, await signXml(CONTENT, options))
      return { kind: 'xades', level, signature, data }
    },
  },
  {
    ...{ name: 'XAdES two signers', kind: 'xades', levels: LEVELS, isShared: true },
    async sign(cell, means, folder) {
      const { algorithm, level } = cell
      const moreSignatures = true
      const once = await signXml(application, { signer: means.colleague, moreSignatures })
      const both = await signXml(once, { ...means, algorithm, moreSignatures })
      return writeXml(cell, await reach(level, both, means), folder)
    },
  },
  {
    ...{ name: 'XAdES renewed', kind: 'xades', levels: ['B-LTA'] },
    async sign(cell, means, folder) {
      const { algorithm, level } = cell
      const once = await signXml(application, { ...means, algorithm, level })
      return writeXml(cell, await reach(level, once, means), folder)
    },
  },
  {
    ...{ name: 'XAdES counter-signed', kind: 'xades', levels: LEVELS, isShared: true },
    async sign(cell, means, folder) {
      const { algorithm, level } = cell
      const packaging = 'counter-signature'
      const once = await signXml(application, { ...means, signer: means.colleague, level })
      const both = await signXml(once, { ...means, algorithm, level, packaging })
      return writeXml(cell, both, folder)
    },
  },
  {
    // Both are built on later, the inner one first; renewed, the outer stamp is over the inner.
    ...{ name: 'XAdES counter-signed renewed', kind: 'xades', levels: ['B-LTA'], isShared: true },
    async sign(cell, means, folder) {
      const { algorithm, level } = cell
      const once = await signXml(application, { signer: means.colleague })
      const packaging = 'counter-signature'
      const both = await signXml(once, { ...means, algorithm, packaging })
      const archived = await reach(level, both, means)
      return writeXml(cell, await reach(level, archived, means), folder)
    },
  },
]

/** Writes a signed file, and a copy in which a word is another. */
async function writeXml(
  cell: Cell,
  signed: Bytes,
  folder: string,
  [word, other]: readonly [string, string] = ['Cấp lại', 'Cấp mới'],
): Promise<SignedFile> {
  const [signature, tampered] = ['', 'tampered-'].map((prefix) =>
    path.join(folder, `${prefix}${fileName(cell)}.xml`),
  ) as [string, string]
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(signed)
  if (!text.includes(word)) throw new Error(`${signature}: nothing to tamper with`)
  await writeFile(signature, signed)
  await writeFile(tampered, text.replace(word, other))
  return { kind: 'xades', level: cell.level, signature, tampered }
}
