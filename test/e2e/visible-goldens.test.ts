/**
 * What people see of each ready mark, and of a stamp on turned and oddly cut pages, by engines that nobody here wrote,
 * beside pictures that somebody looked at; and the words of each, as they are searched and read aloud.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  archivedRecord,
  certifiedCopy,
  incomingStamp,
  organisationSeal,
  personalSignature,
  sealedMark,
  separateAttachment,
  signerBlock,
  type Appearance,
} from '@trien/sdk/appearance'
import { type Bytes } from '@trien/sdk/bytes'
import { signPdf } from '@trien/sdk/pades'
import type { Signer } from '@trien/sdk/types'
import { softwareSigner } from '@trien/sdk/webcrypto'
import { makeCertificate } from '../helpers/certificate.ts'
import { hasFirefox } from '../helpers/firefox.ts'
import { type Cut, type Region, renderCut, shrink } from '../helpers/cut.ts'
import { distance, expectGolden, isWithin, readGolden } from '../helpers/golden.ts'
import { tableFile } from '../helpers/pdf-file.ts'
import { openPdfJs, type PdfJs } from '../helpers/pdfjs.ts'
import { encodePng } from '../helpers/png-file.ts'
import { root } from '../helpers/referees/tool.ts'
import { ENGINE_PROGRAMS, ENGINES, extractText } from '../helpers/render-pdf.ts'
import { drawSeal } from '../helpers/seal-picture.ts'
import { showAppearance } from '../helpers/show-appearance.ts'
import { hasTools } from '../helpers/tools.ts'
import { listOddPages } from '../helpers/visible-pages.ts'

const SAMPLE = path.join(root, 'packages/demo/sample')
/** 14:30:05 in Hà Nội. */
const signingTime = new Date('2026-11-21T07:30:05Z')
const time = '2026-11-21T14:30:05+07:00'
const agency = 'Ủy ban nhân dân phường Hoa Sữa'
const holder = 'Nguyễn Thị Ước'
/** The sample's page, in points. */
const A4 = { width: 594.96, height: 841.92 }

const read = (name: string): Bytes => new Uint8Array(readFileSync(path.join(SAMPLE, name)))
const hand = personalSignature({
  image: read('signature.png'),
  within: { x: 121, y: 200, width: 61, height: 23 },
})
const metadata = [
  { Key: 'Số đến', Value: '1234' },
  { Key: 'Ngày đến', Value: '21/11/2026' },
  { Key: 'Chuyển', Value: 'Phòng Tư pháp' },
]

/** Each mark: what is signed one after the other, what is looked at, and its words. */
interface Mark {
  readonly signed: readonly Appearance[]
  readonly region: Region
  readonly words?: string
}
const TOP_RIGHT: Region = { x: 118, y: 2, width: 84, height: 19 }
const MARKS: Readonly<Record<string, Mark>> = {
  'personal-signature': { signed: [hand], region: { x: 119, y: 195, width: 65, height: 40 } },
  'organisation-seal': {
    signed: [hand, organisationSeal({ image: drawSeal(), over: hand })],
    region: { x: 100, y: 190, width: 90, height: 45 },
  },
  'separate-attachment': {
    signed: [separateAttachment({ documentNumber: '12/QĐ-UBND' })],
    ...{ region: TOP_RIGHT, words: `12/QĐ-UBND ${time}` },
  },
  'certified-copy': {
    signed: [certifiedCopy({ form: 'SAO Y', agency })],
    ...{ region: TOP_RIGHT, words: `SAO Y ${agency} ${time}` },
  },
  'archived-record': {
    signed: [archivedRecord({ agency, forReader: true })],
    ...{ region: TOP_RIGHT, words: `BẢN SAO ${agency} ${time}` },
  },
  'sealed-mark': {
    signed: [sealedMark({ image: drawSeal(), agency })],
    ...{ region: TOP_RIGHT, words: `${agency} ${time}` },
  },
  'incoming-stamp': {
    signed: [incomingStamp({ metadata })],
    region: { x: 8, y: 2, width: 54, height: 25 },
    words: 'ĐẾN Số đến: 1234 Ngày đến: 21/11/2026 Chuyển: Phòng Tư pháp',
  },
  'signer-block': {
    signed: [signerBlock({ at: { x: 118, y: 5 }, page: 1 })],
    ...{ region: { x: 116, y: 3, width: 64, height: 15 }, words: `${holder} ${time}` },
  },
}

/** Four colours, so that a picture says which way up it is. */
const FLAG = encodePng({
  ...{ width: 40, height: 40 },
  at: (x, y) =>
    y < 20 ? (x < 20 ? [255, 0, 0] : [0, 128, 0]) : x < 20 ? [0, 0, 255] : [255, 0, 255],
})
const STAMP: Appearance = {
  at: { x: 20, y: 30, width: 70, height: 16 },
  content: {
    image: FLAG,
    text: { lines: [{ certificate: 'holder', before: 'Người ký: ' }, { time: 'iso8601' }] },
    ...{ frame: { colour: '#1a4fa3' }, padding: 1 },
  },
}
const STAMP_REGION: Region = { x: 18, y: 28, width: 74, height: 20 }

const isPossible = hasFirefox() && hasTools(...ENGINE_PROGRAMS, 'convert')
const folder = mkdtempSync(path.join(tmpdir(), 'trien-goldens-'))
let signer: Signer
let pdfjs: PdfJs
beforeAll(async () => {
  signer = softwareSigner(await makeCertificate('ES256', { subject: holder }))
  if (isPossible) pdfjs = await openPdfJs(read('application.pdf'))
})
afterAll(async () => {
  await pdfjs?.close()
  rmSync(folder, { recursive: true, force: true })
})

async function sign(pdf: Bytes, marks: readonly Appearance[]): Promise<Bytes> {
  let signed = pdf
  for (const appearance of marks)
    signed = await signPdf(signed, { signer, signingTime, appearance })
  return signed
}

/** A part of the page by each engine, poppler first. */
async function* renderAll(pdf: Bytes, cut: Cut) {
  const file = path.join(folder, 'seen.pdf')
  writeFileSync(file, pdf)
  yield ['poppler', shrink(renderCut(file, cut))] as const
  yield ['pdf.js', shrink(await pdfjs.render(pdf, cut))] as const
}

describe.skipIf(!isPossible)('the marks', () => {
  it.each(Object.entries(MARKS))('%s look as they should', async (name, { signed, region }) => {
    const pdf = await sign(read('application.pdf'), signed)
    for await (const [engine, seen] of renderAll(pdf, { page: A4, region })) {
      expectGolden(name, engine, seen)
    }
  })

  const written = Object.entries(MARKS).filter(([, { words }]) => words !== undefined)
  it.each(written)('%s are text with its diacritics', async (_, { signed, words }) => {
    const pdf = await sign(tableFile(), signed)
    const file = path.join(folder, 'read.pdf')
    writeFileSync(file, pdf)
    for (const engine of ENGINES) expect(extractText(engine, file).trim(), engine).toBe(words)
    // pdf.js gives the text of a page alone: the appearance is made its content.
    expect((await pdfjs.extractText(await showAppearance(pdf))).trim()).toBe(words)
  })
})

describe.skipIf(!isPossible)('a stamp', () => {
  // Every turn, and every box turned once: where exactly it stands on all of them is measured elsewhere.
  const pages = listOddPages().filter(({ name }) => /^A4|turned by 90$/.test(name))
  it.each(pages)('looks the same on a page of $name', async (odd) => {
    const pdf = await sign(odd.file, [STAMP])
    for await (const [engine, seen] of renderAll(pdf, { page: odd, region: STAMP_REGION })) {
      const label = `${engine} ${odd.name}`.replaceAll(/[^\w.]+/g, '-')
      expectGolden('stamp', label, seen)
    }
  })
})

describe.skipIf(!isPossible)('what must not pass for a golden picture', () => {
  const copy = (agency: string): Appearance => certifiedCopy({ form: 'SAO Y', agency })
  const moved = (appearance: Appearance, x: number): Appearance => ({
    ...appearance,
    at: { ...appearance.at!, x: appearance.at!.x + x },
  })
  const seal = organisationSeal({ image: drawSeal(), over: hand })
  it.each<[string, string, readonly Appearance[]]>([
    ['a mark that was moved by 0.6 mm', 'certified-copy', [moved(copy(agency), 0.6)]],
    ['an accent that is missing', 'certified-copy', [copy(agency.replace('Ủ', 'U'))]],
    ['a dot that is missing', 'certified-copy', [copy(agency.replace('ữ', 'ư'))]],
    ['a seal that was moved by 0.6 mm', 'organisation-seal', [hand, moved(seal, 0.6)]],
    ['a seal below the hand', 'organisation-seal', [seal, hand]],
  ])('%s', async (_, name, signed) => {
    const { region } = MARKS[name]!
    const pdf = await sign(read('application.pdf'), signed)
    for await (const [engine, seen] of renderAll(pdf, { page: A4, region })) {
      expect(isWithin(distance(seen, readGolden(name))), engine).toBe(false)
    }
  })
})
