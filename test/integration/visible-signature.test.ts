import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Appearance, signPdf, softwareSigner, type Signer } from '@trien/sdk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeCertificate } from '../helpers/certificate.ts'
import { tableFile } from '../helpers/pdf-file.ts'
import { encodePng } from '../helpers/png-file.ts'
import {
  ENGINE_PROGRAMS,
  ENGINES,
  findInk,
  renderPage,
  type Engine,
} from '../helpers/render-pdf.ts'
import { hasTools } from '../helpers/tools.ts'
import { listOddPages } from '../helpers/visible-pages.ts'

const isPossible = hasTools(...ENGINE_PROGRAMS, 'convert')

let folder: string
let signer: Signer
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'trien-visible-'))
  signer = softwareSigner(await makeCertificate('ES256'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Signs and keeps the file. @returns its path */
async function sign(name: string, pdf: Uint8Array, appearance: Appearance): Promise<string> {
  const file = path.join(folder, `${name.replace(/\W+/g, '-')}.pdf`)
  writeFileSync(file, await signPdf(pdf, { signer, appearance }))
  return file
}

const toMm = (points: number): number => (points * 25.4) / 72

/** Four colours, so that a picture says which way up it is. */
const FLAG = encodePng({
  width: 40,
  height: 20,
  at: (x, y) =>
    y < 10 ? (x < 20 ? [255, 0, 0] : [0, 255, 0]) : x < 20 ? [0, 0, 255] : [255, 0, 255],
})

/** The colour at a place in millimetres. */
function colourAt(engine: Engine, file: string, pageMm: number, x: number, y: number): string {
  const picture = renderPage(engine, file, 1, 72)
  const scale = picture.width / pageMm
  const [red, green, blue] = picture.pixel(Math.floor(x * scale), Math.floor(y * scale))
  return [red, green, blue].map((value) => (value > 127 ? 1 : 0)).join('')
}

describe.skipIf(!isPossible)('the place of a visible signature', () => {
  const at = { x: 20, y: 30, width: 40, height: 20 }
  const pages = listOddPages()

  it.each(pages)(
    'is exact and upright on a page of $name',
    async ({ name, file, width, height }) => {
      const signed = await sign(name, file, { at, content: { image: FLAG } })
      for (const engine of ENGINES) {
        const pageMm = toMm(width)
        const picture = renderPage(engine, signed, 1, 72)
        expect(picture.height / picture.width).toBeCloseTo(height / width, 2)
        const ink = findInk(picture, pageMm, (...colour) => colour.some((value) => value < 128))!
        // A pixel is 0.35 mm.
        expect(Math.abs(ink.left - 20), engine).toBeLessThan(0.4)
        expect(Math.abs(ink.top - 30), engine).toBeLessThan(0.4)
        expect(Math.abs(ink.right - 60), engine).toBeLessThan(0.4)
        expect(Math.abs(ink.bottom - 50), engine).toBeLessThan(0.4)
        const corners = [
          [25, 35],
          [55, 35],
          [25, 45],
          [55, 45],
        ] as const
        expect(
          corners.map(([x, y]) => colourAt(engine, signed, pageMm, x, y)),
          engine,
        ).toEqual(['100', '010', '001', '101'])
      }
    },
  )

  it.each([
    ['top-right', { left: 150, top: 10 }],
    ['bottom-left', { left: 20, top: 267 }],
    ['bottom-right', { left: 150, top: 267 }],
  ] as const)('is counted from the %s corner', async (from, expected) => {
    const a4 = tableFile({
      1: '<< /Type /Catalog /Pages 2 0 R >>',
      2: '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
      3: '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595.2756 841.8898] >>',
    })
    const place = { x: 20, y: 10, width: 40, height: 20, from }
    const signed = await sign(from, a4, { at: place, content: { image: FLAG } })
    for (const engine of ENGINES) {
      const picture = renderPage(engine, signed, 1, 144)
      const ink = findInk(picture, 210, (...colour) => colour.some((value) => value < 128))!
      expect(Math.abs(ink.left - expected.left), engine).toBeLessThan(0.3)
      expect(Math.abs(ink.top - expected.top), engine).toBeLessThan(0.3)
    }
  })
})

describe.skipIf(!isPossible)('pictures', () => {
  const sheet = tableFile()
  /** Each pixel is eight points wide: its middle is looked at, so that no engine's rounding of edges counts. */
  const side = 16
  const at = { x: toMm(72), y: toMm(122), width: toMm(side * 8), height: toMm(side * 8) }
  const pixels = (engine: Engine, file: string) => {
    const picture = renderPage(engine, file, 1, 72)
    return Array.from({ length: side * side }, (_, index) =>
      picture.pixel(76 + (index % side) * 8, 126 + Math.floor(index / side) * 8),
    )
  }
  const expectPixels = async (
    name: string,
    image: Uint8Array,
    colourOf: (x: number, y: number) => readonly number[],
    tolerance = 0,
  ) => {
    const signed = await sign(name, sheet, { at, content: { image } })
    for (const engine of ENGINES) {
      const worst = pixels(engine, signed).map((pixel, index) => {
        const expected = colourOf(index % side, Math.floor(index / side))
        return Math.max(...pixel.map((value, channel) => Math.abs(value - expected[channel]!)))
      })
      expect(Math.max(...worst), engine).toBeLessThanOrEqual(tolerance)
    }
  }
  const rgb = (x: number, y: number) => [x * 16, y * 16, (x ^ y) * 16]
  const grey = (value: number) => [value, value, value]

  it('of RGB are true to the pixel, by every row filter', async () => {
    for (const filter of [0, 1, 2, 3, 4]) {
      const image = encodePng({ width: side, height: side, at: rgb, filter })
      await expectPixels(`filter ${filter}`, image, rgb)
    }
  })

  it('of grey are, at every depth', async () => {
    for (const bitDepth of [1, 2, 4, 8, 16]) {
      const most = 2 ** bitDepth - 1
      const value = (x: number, y: number) => Math.round((((x + y * side) % 251) / 250) * most)
      const image = encodePng({
        ...{ width: side, height: side, bitDepth, colourType: 0 },
        at: (x, y) => [value(x, y)],
      })
      const expected = (x: number, y: number) => grey(Math.round((value(x, y) / most) * 255))
      await expectPixels(`grey ${bitDepth}`, image, expected, bitDepth === 16 ? 1 : 0)
    }
  })

  it('of a palette are, and what is clear in them shows the page', async () => {
    const palette = [255, 0, 0, 0, 128, 0, 0, 0, 255, 9, 9, 9]
    const index = (x: number, y: number) => (x + y) % 4
    for (const bitDepth of [2, 4, 8]) {
      const image = encodePng({
        ...{ width: side, height: side, bitDepth, colourType: 3, palette, transparency: [255, 0] },
        at: (x, y) => [index(x, y)],
      })
      await expectPixels(`palette ${bitDepth}`, image, (x, y) =>
        index(x, y) === 1 ? grey(255) : palette.slice(index(x, y) * 3, index(x, y) * 3 + 3),
      )
    }
  })

  it('with alpha mix with what is under them', async () => {
    for (const bitDepth of [8, 16]) {
      const scale = bitDepth === 16 ? 257 : 1
      const alpha = (x: number) => x * 17
      const image = encodePng({
        ...{ width: side, height: side, bitDepth, colourType: 6 },
        at: (x) => [0, 0, 255, alpha(x)].map((value) => value * scale),
      })
      const mixed = (x: number) => [255 - alpha(x), 255 - alpha(x), 255]
      await expectPixels(`alpha ${bitDepth}`, image, mixed, 1)
    }
  })

  it('with one clear colour show the page there', async () => {
    const image = encodePng({
      ...{ width: side, height: side, transparency: [0, 255, 0, 0, 0, 0] },
      at: (x) => (x % 2 === 0 ? [255, 0, 0] : [0, 0, 255]),
    })
    await expectPixels('key', image, (x) => (x % 2 === 0 ? grey(255) : [0, 0, 255]))
  })

  it('in JPEG have their colours, CMYK too, each side up', async () => {
    for (const kind of ['sRGB', 'CMYK']) {
      const args = ['png:-', '-scale', '400%', '-colorspace', kind, 'jpeg:-']
      const image = new Uint8Array(execFileSync('convert', args, { input: FLAG }))
      // How a picture is to be turned so that what is stored is seen as FLAG, by what is seen of it untouched.
      const seen: Readonly<Record<number, readonly string[]>> = {
        1: ['100', '010', '001', '101'],
        2: ['010', '100', '101', '001'],
        3: ['101', '001', '010', '100'],
        4: ['001', '101', '100', '010'],
        5: ['100', '001', '010', '101'],
        6: ['001', '100', '101', '010'],
        7: ['101', '010', '001', '100'],
        8: ['010', '101', '100', '001'],
      }
      for (const [orientation, expected] of Object.entries(seen)) {
        const turned = withOrientation(image, Number(orientation))
        const [across, down] = Number(orientation) >= 5 ? [20, 40] : [40, 20]
        const signed = await sign(`${kind} ${orientation}`, sheet, {
          at: { x: 10, y: 10, width: across, height: down },
          content: { image: turned },
        })
        for (const engine of ENGINES) {
          const found = [
            [1, 1],
            [3, 1],
            [1, 3],
            [3, 3],
          ].map(([x, y]) =>
            colourAt(engine, signed, toMm(595), 10 + (x! * across) / 4, 10 + (y! * down) / 4),
          )
          expect(found, `${kind} ${orientation} ${engine}`).toEqual(expected)
        }
      }
    }
  })
})

/** Says in a JPEG which side is up. */
function withOrientation(jpeg: Uint8Array, orientation: number): Uint8Array {
  const tiff = [
    0x4d,
    0x4d,
    0,
    42,
    0,
    0,
    0,
    8,
    0,
    1,
    1,
    0x12,
    0,
    3,
    0,
    0,
    0,
    1,
    0,
    orientation,
    0,
    0,
  ]
  const data = [...Buffer.from('Exif\0\0'), ...tiff, 0, 0, 0, 0]
  return new Uint8Array([0xff, 0xd8, 0xff, 0xe1, 0, data.length + 2, ...data, ...jpeg.subarray(2)])
}
