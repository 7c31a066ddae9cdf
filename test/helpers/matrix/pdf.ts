/**
 * PDF signatures as containers of the matrix.
 * @module
 */
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { organisationSeal, personalSignature, signerBlock } from '@trien/sdk/appearance'
import type { Level } from '@trien/sdk/cms'
import { type SignPdfOptions, signPdf } from '@trien/sdk/pades'
import type { Bytes } from '@trien/sdk/types'
import type { SignedFile } from '../referees/index.ts'
import { root, runTool } from '../referees/tool.ts'
import { drawSeal } from '../seal-picture.ts'
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

const SAMPLE = path.join(root, 'packages/demo/sample')

/** The room for a signature is estimated by the length of its key; what is built on it has none of its own. */
const algorithms = (level: Level, rule: Rule): readonly KeyAlgorithm[] =>
  level === 'B-B' || level === 'B-T' ? EVERY_KEY : rule(level)

/** One that differs from the colleague's. */
const special = seldom(['RSA-2048', 'RS256'])

/** Revisions of the standard security handler, as qpdf is told of them. */
const ENCRYPTIONS: readonly (readonly [revision: string, ...how: string[]])[] = [
  ['R2', '40'],
  ['R3', '128', '--use-aes=n'],
  ['R4', '128', '--use-aes=y'],
  ['R5', '256', '--force-R5'],
  ['R6', '256'],
]

export const PDF_CONTAINERS: readonly Container[] = [
  {
    ...{ name: 'PDF', kind: 'pdf', levels: LEVELS, algorithms },
    async sign(cell, means, folder) {
      const { signer } = means
      const { algorithm, level } = cell
      const signed = await signPdf(await readForm(), { signer, algorithm, ...say(1) })
      return writePdf(cell, await reach(level, signed, means), folder)
    },
  },
  {
    ...{ name: 'PDF signed twice', kind: 'pdf', levels: LEVELS, algorithms },
    async sign(cell, { signer, timestamp, authorities }, folder) {
      const { algorithm, level } = cell
      const options = { signer, algorithm, level, timestamp, authorities }
      const once = await signPdf(await readForm(), { ...options, ...say(1) })
      return writePdf(cell, await signPdf(once, { ...options, ...say(2) }), folder)
    },
  },
  {
    // Another year: what was stamped last is proven, and all of it stamped anew.
    ...{ name: 'PDF renewed', kind: 'pdf', levels: ['B-LTA'], gap: RENEWED },
    async sign(cell, means, folder) {
      const { signer, timestamp, authorities } = means
      const { algorithm, level } = cell
      const options = { signer, algorithm, level, timestamp, authorities }
      const signed = await signPdf(await readForm(), { ...options, ...say(1) })
      return writePdf(cell, await reach(level, signed, means), folder)
    },
  },
  {
    // The hand of the person, and over it the seal of somebody else: what is seen must not break what was signed.
    ...{ name: 'PDF made visible', kind: 'pdf', levels: LEVELS, isShared: true },
    algorithms: special,
    async sign(cell, { signer, colleague, timestamp, authorities }, folder) {
      const { algorithm, level } = cell
      const own = { level, timestamp, authorities, signer, algorithm }
      const image = new Uint8Array(await readFile(path.join(SAMPLE, 'signature.png')))
      const within = { x: 121, y: 200, width: 61, height: 23 }
      const hand = personalSignature({ image, within })
      const once = await signPdf(await readForm(), { ...own, appearance: hand })
      const seal = organisationSeal({ image: drawSeal(), over: hand })
      const sealed = await signPdf(once, {
        ...own,
        signer: colleague,
        algorithm: undefined,
        appearance: seal,
      })
      const block = signerBlock({ at: { x: 20, y: 200 } })
      return writePdf(cell, await signPdf(sealed, { ...own, appearance: block }), folder)
    },
  },
  ...ENCRYPTIONS.map(([revision, ...how]): Container => ({
    // What is new is encrypted as well, and seen; the user's password is the empty one, which every referee tries.
    ...{ name: `PDF encrypted ${revision}`, kind: 'pdf', levels: LEVELS, algorithms: special },
    // R5 stands in no standard: Adobe had it for a while before R6.
    ...(revision === 'R5' && { unopenedBy: ['pyhanko'] }),
    async sign(cell, { signer, timestamp, authorities }, folder) {
      const { algorithm, level } = cell
      const block = signerBlock({ at: { x: 20, y: 200 } })
      const plain = path.join(SAMPLE, 'application.pdf')
      const encrypted = path.join(folder, `${fileName(cell)}-unsigned.pdf`)
      const words = ['--allow-weak-crypto', '--encrypt', '', 'chu', ...how, '--', plain, encrypted]
      const { status, stderr } = await runTool('qpdf', words)
      if (status !== 0) throw new Error(stderr)
      const form = new Uint8Array(await readFile(encrypted))
      const options = { signer, algorithm, level, timestamp, authorities, appearance: block }
      return writePdf(cell, await signPdf(form, { ...options, ...say(1) }), folder)
    },
  })),
  afterwards('PDF certified', { certify: 2 }),
  afterwards('PDF with locked fields', {
    lock: { action: 'include', fields: ['Ten'] },
  }),
]

/** What a signature permits, and the colleague's that makes use of it, both at the level. */
function afterwards(name: string, permitted: Pick<SignPdfOptions, 'certify' | 'lock'>): Container {
  return {
    ...{ name, kind: 'pdf', levels: LEVELS, algorithms: special, isShared: true },
    async sign(cell, { signer, colleague, timestamp, authorities }, folder) {
      const { algorithm, level } = cell
      const building = { level, timestamp, authorities }
      const first = { ...building, signer, algorithm, ...permitted, ...say(1) }
      const once = await signPdf(await readForm(), first)
      const second = { ...building, signer: colleague, ...say(2) }
      return writePdf(cell, await signPdf(once, second), folder)
    },
  }
}

const say = (count: number) => ({ reason: `Ký lần ${count}`, location: 'Hà Nội' })

async function readForm(): Promise<Bytes> {
  return new Uint8Array(await readFile(path.join(SAMPLE, 'application.pdf')))
}

async function writePdf(cell: Cell, pdf: Bytes, folder: string): Promise<SignedFile> {
  const signature = path.join(folder, `${fileName(cell)}.pdf`)
  await writeFile(signature, pdf)
  return { kind: 'pdf', level: cell.level, signature }
}
