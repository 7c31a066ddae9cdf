/**
 * Word, Excel and PowerPoint files as containers of the matrix. Office reads no RSASSA-PSS, and none is signed.
 * @module
 */
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { type Level, signOffice } from '@trien/sdk/ooxml'
import type { Bytes } from '@trien/sdk/types'
import { EXCEL, POWERPOINT, WORD, zipOffice } from '../office-file.ts'
import type { SignedFile } from '../referees/index.ts'
import { withTamperedPart } from '../referees/poi.ts'
import {
  type Cell,
  type Container,
  type KeyAlgorithm,
  LEVELS,
  RENEWED,
  type Rule,
  fileName,
} from './container.ts'
import { reach } from './reach.ts'

/** As Word would write it: LibreOffice errs at names of parts that are not ASCII and at links with `&`, whoever signs. */
const LETTER = Object.fromEntries(
  Object.entries(WORD).map(([name, content]) => [
    plain(name),
    typeof content === 'string' ? plain(content) : content,
  ]),
)

function plain(text: string): string {
  return text.replaceAll('%E1%BA%A3nh', 'image1').replace('&amp;b=2', '')
}

const NO_PSS = 'Office reads no RSASSA-PSS, and `signOffice` signs none'

const algorithms = (level: Level, rule: Rule): readonly KeyAlgorithm[] =>
  rule(level).filter(([, algorithm]) => !algorithm.startsWith('PS'))

export const OOXML_CONTAINERS: readonly Container[] = [
  {
    ...{ name: 'Word', kind: 'ooxml', levels: LEVELS, algorithms, gap: NO_PSS },
    async sign(cell, means, folder) {
      const { algorithm, level } = cell
      const signed = await signOffice(zipOffice(LETTER), { ...means, algorithm, level })
      return writeOffice(cell, signed, folder)
    },
  },
  {
    ...{ name: 'Excel', kind: 'ooxml', levels: LEVELS, algorithms, gap: NO_PSS },
    async sign(cell, means, folder) {
      const { algorithm, level } = cell
      const signed = await signOffice(zipOffice(EXCEL), { ...means, algorithm })
      return writeOffice(cell, await reach(level, signed, means), folder)
    },
  },
  {
    ...{ name: 'PowerPoint', kind: 'ooxml', levels: LEVELS, algorithms, gap: NO_PSS },
    async sign(cell, means, folder) {
      const { algorithm, level } = cell
      const signed = await signOffice(zipOffice(POWERPOINT), { ...means, algorithm, level })
      return writeOffice(cell, signed, folder)
    },
  },
  {
    ...{ name: 'Word signed twice', kind: 'ooxml', levels: LEVELS, isShared: true },
    ...{ algorithms, gap: NO_PSS },
    async sign(cell, means, folder) {
      const { algorithm, level } = cell
      const once = await signOffice(zipOffice(LETTER), { signer: means.colleague })
      const both = await signOffice(once, { signer: means.signer, algorithm })
      return writeOffice(cell, await reach(level, both, means), folder)
    },
  },
  {
    ...{
      name: 'Word renewed',
      kind: 'ooxml',
      levels: ['B-LTA'],
      algorithms,
      gap: `${RENEWED}; ${NO_PSS}`,
    },
    async sign(cell, means, folder) {
      const { algorithm, level } = cell
      const archived = await signOffice(zipOffice(LETTER), { ...means, algorithm, level })
      return writeOffice(cell, await reach(level, archived, means), folder)
    },
  },
]

/** Writes a file, and a copy in which its document is another. */
async function writeOffice(cell: Cell, signed: Bytes, folder: string): Promise<SignedFile> {
  const ending = { W: 'docx', E: 'xlsx', P: 'pptx' }[cell.container.name[0] as 'W' | 'E' | 'P']
  const signature = path.join(folder, `${fileName(cell)}.${ending}`)
  await writeFile(signature, signed)
  return withTamperedPart(signature, cell.level)
}
