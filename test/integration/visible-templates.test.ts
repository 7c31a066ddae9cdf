import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
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
import { signPdf } from '@trien/sdk/pades'
import type { Bytes, Signer } from '@trien/sdk/types'
import { softwareSigner } from '@trien/sdk/webcrypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeCertificate } from '../helpers/certificate.ts'
import { pdfsig } from '../helpers/referees/pdfsig.ts'
import { qpdf } from '../helpers/referees/qpdf.ts'
import {
  ENGINE_PROGRAMS,
  ENGINES,
  extractText,
  findInk,
  renderPage,
} from '../helpers/render-pdf.ts'
import { drawSeal } from '../helpers/seal-picture.ts'
import { hasTools } from '../helpers/tools.ts'

const SAMPLE = fileURLToPath(new URL('../../packages/demo/sample/', import.meta.url))
const form = new Uint8Array(readFileSync(path.join(SAMPLE, 'application.pdf')))
const hand = new Uint8Array(readFileSync(path.join(SAMPLE, 'signature.png')))
const seal = drawSeal()
/** 14:30:05 in Hà Nội. */
const signingTime = new Date('2026-11-21T07:30:05.250Z')
const agency = 'Ủy ban nhân dân phường Hoa Sữa'
/** Between the line (Ký số) and the name of the sample. */
const between = { x: 121, y: 200, width: 61, height: 23 }

const isPossible = hasTools(...ENGINE_PROGRAMS, 'pdfsig', 'qpdf')
let folder: string
let signer: Signer
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'trien-templates-'))
  signer = softwareSigner(await makeCertificate('ES256'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const sign = (pdf: Bytes, appearance: Appearance) =>
  signPdf(pdf, { signer, signingTime, appearance })
const write = (name: string, pdf: Bytes): string => {
  const file = path.join(folder, `${name}.pdf`)
  writeFileSync(file, pdf)
  return file
}
const isBlue = (red: number, green: number, blue: number) => blue > 120 && red < 110 && green < 130
const isRed = (red: number, green: number, blue: number) => red > 150 && green < 90 && blue < 110
const isDark = (red: number, green: number, blue: number) => red + green + blue < 300

describe.skipIf(!isPossible)('the marks of Decree 30/2020/NĐ-CP', () => {
  it('put the person’s blue signature between title and name, and a third of it under the red seal', async () => {
    const personal = personalSignature({ image: hand, within: between })
    const { x, y, width, height } = personal.at
    expect(x + width / 2).toBeCloseTo(between.x + between.width / 2, 6)
    expect(y + height / 2).toBeCloseTo(between.y + between.height / 2, 6)
    const once = await sign(form, personal)
    const sealed = write(
      'sealed',
      await sign(once, organisationSeal({ image: seal, over: personal })),
    )
    for (const engine of ENGINES) {
      const picture = renderPage(engine, sealed, 1, 144)
      const blue = findInk(picture, 210, isBlue)!
      expect(blue.top, engine).toBeGreaterThan(between.y)
      expect(blue.bottom, engine).toBeLessThan(between.y + between.height)
      const red = findInk(picture, 210, isRed)!
      expect(Math.abs(red.right - red.left - 36), engine).toBeLessThan(0.4)
      expect(Math.abs(red.bottom - red.top - 36), engine).toBeLessThan(0.4)
      expect(Math.abs(red.right - (x + width / 3)), engine).toBeLessThan(0.3)
      expect(Math.abs((red.top + red.bottom) / 2 - (y + height / 2)), engine).toBeLessThan(0.3)
      // Its ground is clear: the hand and the words of the page are seen through it.
      expect(blue.left, engine).toBeLessThan(red.right - 5)
    }
    const verdicts = [
      ...(await pdfsig.judge([{ kind: 'pdf', signature: sealed }], '')),
      ...(await qpdf.judge([{ kind: 'pdf', signature: sealed }], '')),
    ]
    expect(verdicts.filter(({ accepted }) => !accepted)).toEqual([])
  })

  it.each<[string, Appearance, string]>([
    [
      'a separate attachment',
      separateAttachment({ documentNumber: '12/QĐ-UBND' }),
      '12/QĐ-UBND 2026-11-21T14:30:05+07:00',
    ],
    [
      'a certified copy',
      certifiedCopy({ form: 'SAO Y', agency }),
      `SAO Y ${agency} 2026-11-21T14:30:05+07:00`,
    ],
    [
      'a scanned record',
      archivedRecord({ agency, forReader: true }),
      `BẢN SAO ${agency} 2026-11-21T14:30:05+07:00`,
    ],
  ])('mark %s at the top right in black 10 points, upright', async (name, appearance, text) => {
    const signed = await sign(form, appearance)
    const file = write(name.replaceAll(' ', '-'), signed)
    for (const engine of ENGINES) {
      expect(extractText(engine, file).normalize('NFC'), engine).toContain(text)
      const ink = findInk(renderPage(engine, file, 1, 144), 210, isDark, [0, 19])!
      expect(Math.abs(ink.right - 200), engine).toBeLessThan(0.6)
      expect(ink.left, engine).toBeGreaterThan(130)
      expect(ink.top, engine).toBeGreaterThan(3.9)
      expect(ink.bottom, engine).toBeLessThan(19)
      expect(findInk(renderPage(engine, file, 1, 72), 210, isRed), engine).toBeUndefined()
    }
    const words = execFileSync('mutool', ['draw', '-q', '-F', 'stext', file, '1'], {
      encoding: 'utf8',
    })
    const sizes = [...words.matchAll(/<font name="Tinos-Regular" size="([\d.]+)">/g)]
    expect(sizes.length).toBeGreaterThan(0)
    for (const [, size] of sizes) expect(Number(size)).toBeCloseTo(10, 3)
  })
})

describe.skipIf(!isPossible)('other marks', () => {
  it('show the seal beside agency and time, as before Decree 30', async () => {
    const file = write('sealed-mark', await sign(form, sealedMark({ image: seal, agency })))
    for (const engine of ENGINES) {
      const ink = findInk(renderPage(engine, file, 1, 144), 210, isRed)!
      expect(Math.abs(ink.right - ink.left - 16), engine).toBeLessThan(0.4)
      expect(extractText(engine, file), engine).toContain(agency)
    }
  })

  it('stamp what the register says of an incoming document', async () => {
    const metadata = [
      { Key: 'Số đến', Value: '1234' },
      { Key: 'Ngày đến', Value: '21/11/2026' },
      { Key: 'Chuyển', Value: 'Phòng Tư pháp' },
    ]
    const file = write('incoming', await sign(form, incomingStamp({ metadata })))
    for (const engine of ENGINES) {
      expect(extractText(engine, file), engine).toContain(
        'ĐẾN Số đến: 1234 Ngày đến: 21/11/2026 Chuyển: Phòng Tư pháp',
      )
      const ink = findInk(renderPage(engine, file, 1, 144), 210, isRed)!
      expect(Math.abs(ink.right - ink.left - 50), engine).toBeLessThan(0.4)
    }
  })

  it('write the block of 170 by 30 points, centred', async () => {
    const appearance = signerBlock({ at: { x: 110, y: 230 }, page: 1 })
    const file = write('block', await sign(form, appearance))
    const field = execFileSync('pdfsig', ['-nocert', file], { encoding: 'utf8' })
    expect(field).toContain('Nov 21 2026 07:30:05')
    for (const engine of ENGINES) {
      expect(extractText(engine, file), engine).toContain('Người ký 2026-11-21T14:30:05+07:00')
      const ink = findInk(renderPage(engine, file, 1, 144), 210, isDark, [231, 240])!
      expect(
        Math.abs((ink.left + ink.right) / 2 - (110 + (170 / 2 / 72) * 25.4)),
        engine,
      ).toBeLessThan(0.5)
    }
  })
})
