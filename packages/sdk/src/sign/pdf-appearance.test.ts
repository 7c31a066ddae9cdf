import { inflateSync } from 'node:zlib'
import { beforeAll, describe, expect, it } from 'vitest'
import { makeCertificate } from '../../../../test/helpers/certificate.ts'
import { ONE_PAGE, tableFile, type Objects } from '../../../../test/helpers/pdf-file.ts'
import { encodePng } from '../../../../test/helpers/png-file.ts'
import { covered, readSigned, textIn } from '../../../../test/helpers/read-signed-pdf.ts'
import { asKind, integerOf, type PdfDict, type PdfValue } from '../pdf/objects.ts'
import { softwareSigner } from '../provider/webcrypto.ts'
import type { Signer } from '../types.ts'
import type { Appearance } from './appearance.ts'
import { signPdf } from './pdf.ts'

let signer: Signer
beforeAll(async () => {
  signer = softwareSigner(await makeCertificate('ES256'))
})

const AT = { x: 20, y: 30, width: 60, height: 20 }
const TEXT: Appearance = { at: AT, content: { text: { lines: ['Đã ký'] } } }
const IMAGE = encodePng({ width: 4, height: 2, at: () => [0, 0, 255] })

/** The widget of the last field and what it shows. */
async function lookAt(bytes: Uint8Array<ArrayBuffer>) {
  const signed = await readSigned(bytes)
  const { document, fields } = signed
  const widget = fields.at(-1)!.dict
  const entry = async (
    dict: PdfDict | undefined,
    ...keys: readonly string[]
  ): Promise<PdfValue> => {
    let value: PdfValue = dict ?? null
    for (const key of keys) {
      const node = asKind(value, 'stream')?.dict ?? asKind(value, 'dict')
      value = await document.resolve(node?.entries.get(key))
    }
    return value
  }
  const form = asKind(await entry(widget, 'AP', 'N'), 'stream')!
  const numbers = async (value: PdfValue) =>
    asKind(value, 'array')?.items.map((item) => asKind(item, 'number')!.value)
  const data = async ({ dict, dataOffset }: { dict: PdfDict; dataOffset: number }) => {
    const length = asKind(await entry(dict, 'Length'), 'number')!.value
    const raw = bytes.subarray(dataOffset, dataOffset + length)
    return dict.entries.has('Filter') ? inflateSync(raw).toString() : Buffer.from(raw).toString()
  }
  return { ...signed, widget, form, entry, numbers, data, drawn: await data(form) }
}

describe('a visible signature', () => {
  it('is an appearance of its own: of the page only /Annots changes', async () => {
    const input = tableFile()
    const output = await signPdf(input, { signer, appearance: TEXT })
    const { widget, page, numbers, entry, form, signatures } = await lookAt(output)
    covered(output, signatures[0]!)
    expect([...page.dict.entries.keys()]).toEqual(['Type', 'Parent', 'MediaBox', 'Annots'])
    // 20 and 80 mm from the left, 30 and 50 mm from the top of 842 points.
    const expected = [56.6929, 700.2677, 226.7717, 756.9606]
    const rectangle = (await numbers(await entry(widget, 'Rect')))!
    expect(rectangle.map((each) => each.toFixed(2))).toEqual(
      expected.map((each) => each.toFixed(2)),
    )
    expect(asKind(await entry(widget, 'F'), 'number')?.value).toBe(132)
    expect(await numbers(await entry(form.dict, 'BBox'))).toEqual([0, 0, 170.0787, 56.6929])
  })

  it('writes the moment of /M, by the clock of the zone that is asked for', async () => {
    const signingTime = new Date('2025-03-12T17:30:05.987Z')
    const times = [
      { time: 'iso8601' },
      { time: 'iso8601', zone: '-03:30', before: 'Ngày ' },
      { time: 'day-first' },
      { time: 'without-zone' },
      { time: 'vgca' },
      { certificate: 'holder', before: 'Người ký: ' },
    ] as const
    const texts = await Promise.all(
      times.map(async (line) => {
        const appearance = { at: AT, content: { text: { lines: [line] } } }
        const output = await signPdf(tableFile(), { signer, signingTime, appearance })
        const shown = await lookAt(output)
        expect(textIn(shown.signatures[0], 'M')).toBe("D:20250312173005+00'00'")
        return readText(shown)
      }),
    )
    expect(texts).toEqual([
      '2025-03-13T00:30:05+07:00',
      'Ngày 2025-03-12T14:00:05-03:30',
      '13/03/2025 00:30:05 +07:00',
      '2025-03-13T00:30:05',
      '2025-03-13T00:30:05.9870000',
      'Người ký: Người ký',
    ])
  })

  it('composes accents, and says which code is which letter', async () => {
    const line = 'Nguyễn Thị Ước, Đắk Lắk: 1.000 ₫'
    const lines = [line.normalize('NFD')]
    const output = await signPdf(tableFile(), {
      signer,
      appearance: { at: AT, content: { text: { lines } } },
    })
    expect(await readText(await lookAt(output))).toBe(line.normalize('NFC'))
  })

  it('breaks lines at spaces, and never cuts or shrinks', async () => {
    const sign = (line: string, height: number) =>
      signPdf(tableFile(), {
        signer,
        appearance: { at: { ...AT, width: 30, height }, content: { text: { lines: [line] } } },
      })
    const { drawn } = await lookAt(await sign('Ủy ban nhân dân xã Tân Thành', 15))
    expect(drawn.match(/Tj/g)).toHaveLength(2)
    await expect(sign('Ủy ban nhân dân xã Tân Thành', 5)).rejects.toMatchObject({
      details: {
        argument: 'appearance.at',
        expected: expect.stringContaining('8 mm high') as unknown,
      },
    })
    await expect(sign('Ủybannhândân_xãTânThành', 15)).rejects.toMatchObject({
      details: { expected: expect.stringContaining('mm wide') as unknown },
    })
  })

  it('names the character that the font lacks', async () => {
    const appearance = { at: AT, content: { text: { lines: ['Chữ ☃'] } } }
    await expect(signPdf(tableFile(), { signer, appearance })).rejects.toMatchObject({
      code: 'USAGE_ARGUMENT',
      details: {
        argument: 'appearance.content.text.font',
        expected: 'a font that has “☃” (U+2603)',
      },
    })
  })

  it('gives an existing field its looks where the field is', async () => {
    const objects: Objects = {
      1: '<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [4 0 R 5 0 R] >> >>',
      2: ONE_PAGE[2]!,
      3: '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Annots [4 0 R 6 0 R] >>',
      4: '<< /FT /Sig /T (merged) /Subtype /Widget /Rect [100 100 200 150] >>',
      5: '<< /FT /Sig /T (apart) /Kids [6 0 R] >>',
      6: '<< /Parent 5 0 R /Subtype /Widget /Rect [10 10 60 30] /P 3 0 R >>',
    }
    const { content } = TEXT
    for (const [index, fieldName] of ['merged', 'apart'].entries()) {
      const output = await signPdf(tableFile(objects), {
        signer,
        fieldName,
        appearance: { content },
      })
      const { fields, document } = await readSigned(output)
      const kid = asKind(await document.resolve({ kind: 'ref', number: 6, generation: 0 }), 'dict')
      const widget = index === 0 ? fields[0]!.dict : kid!
      const normal = asKind(widget.entries.get('AP'), 'dict')?.entries.get('N')
      const form = asKind(await document.resolve(normal), 'stream')
      const size = index === 0 ? [100, 50] : [50, 20]
      const box = asKind(form!.dict.entries.get('BBox'), 'array')!
      expect(box.items.map(integerOf)).toEqual([0, 0, ...size])
      expect(fields[index]!.value).not.toBeNull()
      expect(fields[1 - index]!.value).toBeNull()
    }
    await expect(
      signPdf(tableFile(objects), { signer, fieldName: 'merged', appearance: TEXT }),
    ).rejects.toMatchObject({ details: { argument: 'appearance' } })
  })

  it('does not fit into a field without a rectangle', async () => {
    const objects: Objects = {
      ...ONE_PAGE,
      1: '<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [4 0 R] >> >>',
      4: '<< /FT /Sig /T (none) /Subtype /Widget /Rect [0 0 0 0] /P 3 0 R >>',
    }
    const { content } = TEXT
    await expect(
      signPdf(tableFile(objects), { signer, fieldName: 'none', appearance: { content } }),
    ).rejects.toMatchObject({ details: { argument: 'fieldName' } })
  })
})

describe('a picture in PDF/A', () => {
  const file = (part: string, intents = '') => {
    const xmp = `<x:xmpmeta><rdf:Description pdfaid:part="${part}"/></x:xmpmeta>`
    return tableFile({
      ...ONE_PAGE,
      1: `<< /Type /Catalog /Pages 2 0 R /Metadata 4 0 R ${intents} >>`,
      5: '<< /Type /OutputIntent /S /GTS_PDFA1 /DestOutputProfile 6 0 R >>',
      6: '<< /N 3 /Length 0 >>\nstream\n\nendstream',
      4: `<< /Type /Metadata /Subtype /XML /Length ${xmp.length} >>\nstream\n${xmp}\nendstream`,
    })
  }
  const clear = encodePng({ width: 2, height: 1, colourType: 6, at: (x) => [0, 0, 255, x * 255] })
  const INTENT = '/OutputIntents [5 0 R]'
  const sign = (part: string, image: Uint8Array, intents?: string) =>
    signPdf(file(part, intents), { signer, appearance: { at: AT, content: { image } } })

  it.each([
    ['damaged', '/Filter /FlateDecode /Length 3'],
    ['by a filter that is not known', '/Filter /ASCIIHexDecode /Length 3'],
    ['longer than the file', '/Length 99999'],
  ])('is no question where the metadata are %s', async (_, entries) => {
    const objects = {
      ...{ ...ONE_PAGE, 1: '<< /Type /Catalog /Pages 2 0 R /Metadata 4 0 R >>' },
      4: `<< /Type /Metadata /Subtype /XML ${entries} >>\nstream\n00>\nendstream`,
    }
    const appearance = { at: AT, content: { image: clear } }
    const signed = await signPdf(tableFile(objects), { signer, appearance })
    expect(signed).toBeInstanceOf(Uint8Array)
  })

  it('may not be transparent in part 1', async () => {
    await expect(sign('1', clear)).rejects.toMatchObject({
      code: 'FORMAT_UNSUPPORTED',
      details: { feature: 'transparent pictures in PDF/A-1' },
    })
    const opaque = encodePng({ width: 2, height: 1, colourType: 6, at: () => [0, 0, 255, 255] })
    for (const image of [IMAGE, opaque]) expect(await sign('1', image)).toBeInstanceOf(Uint8Array)
    const deep = encodePng({ width: 1, height: 1, bitDepth: 16, at: () => [0, 0, 65535] })
    await expect(sign('1', deep)).rejects.toMatchObject({
      details: { feature: 'pictures of 16 bits in PDF/A-1' },
    })
  })

  it('says what its colours mean where the document does not', async () => {
    for (const [intents, expected] of [
      ['', ['DefaultGray', 'DefaultRGB']],
      [INTENT, []],
    ] as const) {
      const { form, entry } = await lookAt(await sign('1', IMAGE, intents))
      const colours = asKind(await entry(form.dict, 'Resources', 'ColorSpace'), 'dict')
      expect([...(colours?.entries.keys() ?? [])]).toEqual(expected)
    }
  })

  it('may be in later parts, but not CMYK', async () => {
    expect(await sign('2', clear, INTENT)).toBeInstanceOf(Uint8Array)
    await expect(sign('2', clear)).rejects.toMatchObject({
      details: { feature: 'transparent pictures without an output intent in PDF/A-2' },
    })
    const frame = [0xff, 0xc0, 0, 8, 8, 0, 9, 0, 9, 4]
    const cmyk = Uint8Array.from([0xff, 0xd8, ...frame, 0xff, 0xda, 0, 2, 0xff, 0xd9])
    await expect(sign('3', cmyk)).rejects.toMatchObject({
      details: { feature: 'CMYK pictures in PDF/A-3' },
    })
  })
})

/** What the codes of the shown strings mean, by /ToUnicode. */
async function readText({ form, entry, data, drawn }: Awaited<ReturnType<typeof lookAt>>) {
  const stream = await entry(form.dict, 'Resources', 'Font', 'Text', 'ToUnicode')
  const cmap = await data(asKind(stream, 'stream')!)
  const pairs = [...cmap.matchAll(/<([0-9A-F]{4})> <([0-9A-F]{4})>/g)].slice(1)
  const meanings = new Map(
    pairs.map(([, code, unit]) => [code, String.fromCharCode(parseInt(unit!, 16))]),
  )
  const codes = [...drawn.matchAll(/<([0-9A-F]+)> Tj/g)].flatMap(([, hex]) => hex!.match(/.{4}/g)!)
  return codes.map((code) => meanings.get(code)).join('')
}
