/**
 * Signature containers, as containers of the matrix.
 * @module
 */
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import {
  type AsicSignature,
  addAsicSignature,
  counterSignAsic,
  packAsic,
  signAsic,
} from '@trien/sdk/asic'
import type { Bytes } from '@trien/sdk/types'
import { openZip, readEntry } from '../../../packages/sdk/src/zip/archive.ts'
import { extendZip } from '../../../packages/sdk/src/zip/write.ts'
import type { SignedFile } from '../referees/index.ts'
import { CONTENT } from './cms.ts'
import { type Cell, type Container, LEVELS, RENEWED, fileName, seldom } from './container.ts'
import { reach } from './reach.ts'

const FILES = [
  { name: 'Đơn đề nghị.txt', data: CONTENT, mediaType: 'text/plain' },
  { name: 'phụ lục/1+2.bin', data: Uint8Array.of(0, 1, 2, 255) },
]

/** The same ways for both kinds of signatures. */
const containersOf = (signatures: AsicSignature): readonly Container[] => {
  const kind = signatures === 'XAdES' ? 'asic-xades' : 'asic-cades'
  return [
    {
      ...{ name: `ASiC-E ${signatures}`, kind, levels: LEVELS },
      async sign(cell, means, folder) {
        const { algorithm, level } = cell
        const signed = await signAsic(FILES, { ...means, algorithm, level, signatures })
        return writeAsic(cell, signed, folder)
      },
    },
    {
      ...{ name: `ASiC-E ${signatures} signed twice`, kind, levels: LEVELS },
      isShared: true,
      async sign(cell, means, folder) {
        const { algorithm, level } = cell
        const once = await signAsic(FILES, { signer: means.colleague, signatures })
        const both = await addAsicSignature(once, { signer: means.signer, algorithm })
        return writeAsic(cell, await reach(level, both as Bytes, means), folder)
      },
    },
    {
      // A second archive time stamp over the first, which was proved before that.
      ...{ name: `ASiC-E ${signatures} renewed`, kind, levels: ['B-LTA'], gap: RENEWED },
      async sign(cell, means, folder) {
        const { algorithm, level } = cell
        const archived = await signAsic(FILES, { ...means, algorithm, level, signatures })
        return writeAsic(cell, await reach(level, archived as Bytes, means), folder)
      },
    },
    {
      ...{ name: `ASiC-S ${signatures}`, kind, levels: LEVELS },
      async sign(cell, means, folder) {
        const { algorithm, level } = cell
        const options = { ...means, algorithm, signatures, container: 'ASiC-S' } as const
        const signed = await signAsic(FILES.slice(0, 1), options)
        return writeAsic(cell, await reach(level, signed as Bytes, means), folder)
      },
    },
    {
      // In one file: the second is put beside the first.
      ...{ name: `ASiC-S ${signatures} signed twice`, kind, levels: LEVELS },
      isShared: true,
      async sign(cell, means, folder) {
        const { algorithm, level } = cell
        const { colleague: signer } = means
        const one = FILES.slice(0, 1)
        const once = await signAsic(one, { signer, signatures, container: 'ASiC-S' })
        const both = await addAsicSignature(once, { ...means, algorithm, level })
        return writeAsic(cell, both, folder)
      },
    },
    {
      // Each algorithm writes it as it does outside of containers.
      ...{ name: `ASiC-E ${signatures} counter-signed`, kind, levels: LEVELS },
      ...{ isShared: true, isCounterSigned: true },
      async sign(cell, means, folder) {
        const { algorithm, level } = cell
        const once = await signAsic(FILES, { signer: means.colleague, signatures })
        const both = await counterSignAsic(once, { ...means, algorithm, level })
        return writeAsic(cell, both, folder)
      },
    },
    {
      // Counter-signed at B-B by hand, and the whole brought to its level by who found it so.
      ...{ name: `ASiC-S ${signatures} counter-signed`, kind, levels: LEVELS },
      ...{ isShared: true, isCounterSigned: true },
      algorithms: seldom(['P-256', 'ES256']),
      async sign(cell, means, folder) {
        const { signer, colleague } = means
        const options = { signer: colleague, signatures, container: 'ASiC-S' } as const
        const once = await signAsic(FILES.slice(0, 1), options)
        const both = await counterSignAsic(once, { signer, algorithm: cell.algorithm })
        return writeAsic(cell, await reach(cell.level, both as Bytes, means), folder)
      },
    },
  ]
}

export const ASIC_CONTAINERS: readonly Container[] = [
  ...containersOf('CAdES'),
  ...containersOf('XAdES'),
]

/** Writes a container, and a copy in which the first file is another. */
async function writeAsic(cell: Cell, signed: Bytes | Blob, folder: string): Promise<SignedFile> {
  const { name, kind } = cell.container as Container & {
    readonly kind: 'asic-cades' | 'asic-xades'
  }
  const isSimple = name.startsWith('ASiC-S')
  const bytes = signed as Bytes
  const stem = `${fileName(cell)}.${isSimple ? 'asics' : 'asice'}`
  const signature = path.join(folder, stem)
  const tampered = path.join(folder, `tampered-${stem}`)
  await writeFile(signature, bytes)
  const changed = new Uint8Array(CONTENT)
  changed[0]! ^= 1
  const files = [{ ...FILES[0]!, data: changed }, ...FILES.slice(1, isSimple ? 1 : undefined)]
  const packed = await packAsic(files, { container: isSimple ? 'ASiC-S' : 'ASiC-E' })
  const archive = await openZip(bytes)
  const own = archive.entries.filter((entry) => entry.name.startsWith('META-INF/'))
  const kept = own.map(async (entry) => {
    return { name: entry.name, data: await readEntry(archive, entry, 1 << 24) }
  })
  const copy = await extendZip(await openZip(packed), await Promise.all(kept), new Date())
  await writeFile(tampered, copy as Bytes)
  return { kind, level: cell.level, signature, tampered }
}
