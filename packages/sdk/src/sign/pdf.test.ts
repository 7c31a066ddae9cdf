import { openAsBlob } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { makeCertificate } from '../../../../test/helpers/certificate.ts'
import {
  hybridFile,
  ONE_PAGE,
  streamFile,
  tableFile,
  type Objects,
} from '../../../../test/helpers/pdf-file.ts'
import { concatBytes, encodeHex, equalBytes, type Bytes } from '../bytes.ts'
import { digestBytes } from '../digest.ts'
import { findForm, listFields } from '../pades/form.ts'
import { getCatalog, getFirstPage } from '../pades/structure.ts'
import { openPdf } from '../pdf/document.ts'
import { asKind, integerOf, nameOf, type PdfDict } from '../pdf/objects.ts'
import { decodeTextString } from '../pdf/text-string.ts'
import { softwareSigner } from '../provider/webcrypto.ts'
import type { Signer, SigningRequest } from '../types.ts'
import { completePdf, preparePdf, signPdf } from './pdf.ts'

let signer: Signer
beforeAll(async () => {
  signer = softwareSigner(await makeCertificate('ES256'))
})

async function read(bytes: Bytes) {
  const document = await openPdf(bytes)
  const catalog = await getCatalog(document)
  const page = await getFirstPage(document, catalog.dict)
  const form = await findForm(document, catalog.dict)
  const fields = form === undefined ? [] : await listFields(document, form)
  const signatures = fields.map(({ value }) => asKind(value, 'dict'))
  return { document, catalog, page, form, fields, signatures }
}

const textIn = (dict: PdfDict | undefined, key: string) => {
  const value = asKind(dict?.entries.get(key), 'string')
  return value && decodeTextString(value)
}

/** The bytes that /ByteRange speaks of and the DER in the gap; the range must leave out nothing else. */
function covered(file: Bytes, signature: PdfDict): { signed: Bytes; contents: Bytes } {
  const range = asKind(signature.entries.get('ByteRange'), 'array')!.items.map(integerOf)
  const [zero, before = 0, after = 0, rest = 0] = range
  expect(zero).toBe(0)
  expect([file[before], file[after - 1]]).toEqual([0x3c, 0x3e])
  expect(after + rest).toBe(file.length)
  const contents = new Uint8Array(asKind(signature.entries.get('Contents'), 'string')!.bytes)
  return { signed: concatBytes(file.subarray(0, before), file.subarray(after)), contents }
}

describe('signPdf', () => {
  it.each<[string, () => Bytes]>([
    ['table', tableFile],
    ['stream', streamFile],
    ['hybrid', hybridFile],
  ])('signs a %s file so that all but the gap is covered', async (_, make) => {
    const input = make()
    const output = await signPdf(input, { signer })
    expect(equalBytes(output.subarray(0, input.length), input)).toBe(true)
    const { signatures, fields, page, form, document } = await read(output)
    expect(fields.map(({ name, type }) => [name, type])).toEqual([['Signature1', 'Sig']])
    const { signed, contents } = covered(output, signatures[0]!)
    const digest = await digestBytes('SHA-256', signed)
    expect(encodeHex(contents)).toContain(encodeHex(digest))
    expect(nameOf(signatures[0]!.entries.get('SubFilter'))).toBe('ETSI.CAdES.detached')
    expect(integerOf(form?.dict.entries.get('SigFlags'))).toBe(3)
    const annotations = asKind(await document.resolve(page.dict.entries.get('Annots')), 'array')
    expect(annotations?.items).toEqual([fields[0]?.ref])
    expect(integerOf(fields[0]?.dict.entries.get('F'))).toBe(132)
  })

  it('writes what the person says in Vietnamese, and the time once, in /M', async () => {
    const options = { reason: 'Phê duyệt', location: 'Hà Nội', name: 'Nguyễn Thị Ánh' }
    const signingTime = new Date('2026-11-21T18:30:00Z')
    const output = await signPdf(tableFile(), { signer, signingTime, ...options })
    const [signature] = (await read(output)).signatures
    expect(textIn(signature, 'Reason')).toBe('Phê duyệt')
    expect(textIn(signature, 'Location')).toBe('Hà Nội')
    expect(textIn(signature, 'Name')).toBe('Nguyễn Thị Ánh')
    expect(textIn(signature, 'M')).toBe("D:20261121183000+00'00'")
    // id-signingTime, 1.2.840.113549.1.9.5
    const { contents } = covered(output, signature!)
    expect(encodeHex(contents)).not.toContain('06092a864886f70d010905')
  })

  it('gives a Blob for a Blob, of the same bytes but for what differs by chance', async () => {
    const input = tableFile()
    const output = await signPdf(new Blob([input]), { signer })
    expect(output.type).toBe('application/pdf')
    const bytes = new Uint8Array(await output.arrayBuffer())
    expect(equalBytes(bytes.subarray(0, input.length), input)).toBe(true)
    const [signature] = (await read(bytes)).signatures
    const { signed, contents } = covered(bytes, signature!)
    expect(encodeHex(contents)).toContain(encodeHex(await digestBytes('SHA-256', signed)))
  })

  it('signs again and again, and leaves each earlier byte range whole', async () => {
    let file = streamFile()
    const seen: Bytes[] = [file]
    for (let round = 0; round < 3; round++) seen.push((file = await signPdf(file, { signer })))
    const { fields } = await read(file)
    expect(fields.map(({ name }) => name)).toEqual(['Signature1', 'Signature2', 'Signature3'])
    for (const [index, earlier] of seen.entries()) {
      expect(equalBytes(file.subarray(0, earlier.length), earlier)).toBe(true)
      if (index > 0) {
        const signature = asKind(fields[index - 1]!.value, 'dict')!
        covered(file.slice(0, earlier.length), signature)
      }
    }
  })

  it('tells the signer of the document, and hands over signed attributes alone', async () => {
    const asked: SigningRequest[] = []
    const keeper: Signer = {
      ...signer,
      sign: (requests, options) => {
        asked.push(...requests)
        return signer.sign(requests, options)
      },
    }
    const input = tableFile()
    await signPdf(new File([input], 'đơn.pdf'), { signer: keeper })
    expect(asked[0]?.document).toEqual({
      name: 'đơn.pdf',
      mediaType: 'application/pdf',
      size: input.length,
    })
    expect(asked[0]?.toBeSigned[0]).toBe(0x31)
  })

  it('notices a document that is written to while the person enters the PIN', async () => {
    const input = tableFile()
    const slow: Signer = {
      ...signer,
      sign: async (requests) => {
        const values = await signer.sign(requests)
        input[20]! ^= 1
        return values
      },
    }
    await expect(signPdf(input, { signer: slow })).rejects.toMatchObject({ code: 'FORMAT_CHANGED' })
  })

  it('notices a file that is written to on disk after it was chosen', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'trien-changed-'))
    const file = path.join(folder, 'a.pdf')
    await writeFile(file, tableFile())
    const blob = await openAsBlob(file)
    await writeFile(file, concatBytes(tableFile(), Uint8Array.of(0x0a)))
    await expect(signPdf(blob, { signer })).rejects.toMatchObject({ code: 'FORMAT_CHANGED' })
    await rm(folder, { recursive: true })
    await expect(signPdf(blob, { signer })).rejects.toMatchObject({ code: 'FORMAT_CHANGED' })
  })

  it('stops when the signal aborts', async () => {
    const signal = AbortSignal.abort()
    for (const input of [tableFile(), new Blob([tableFile()])]) {
      const signing = signPdf(input as Bytes, { signer, signal })
      await expect(signing).rejects.toMatchObject({ code: 'USER_CANCELLED' })
    }
  })

  it('asks nobody for a PIN where the room would be too small', async () => {
    const never: Signer = { ...signer, sign: () => Promise.reject(new Error('asked')) }
    await expect(signPdf(tableFile(), { signer: never, reserveBytes: 100 })).rejects.toMatchObject({
      code: 'FORMAT_PLACEHOLDER_TOO_SMALL',
      details: { reserved: 100, needed: expect.any(Number) },
    })
  })

  it('keeps exactly the room that was asked for', async () => {
    const output = await signPdf(tableFile(), { signer, reserveBytes: 3000 })
    const [signature] = (await read(output)).signatures
    expect(covered(output, signature!).contents).toHaveLength(3000)
  })

  it.each<[string, () => Promise<unknown>]>([
    ['signer', () => (signPdf as (pdf: unknown) => Promise<unknown>)(tableFile())],
    ['certificate', () => (preparePdf as (pdf: unknown) => Promise<unknown>)(tableFile())],
    [
      'chain',
      () => preparePdf(tableFile(), { ...signer, algorithm: 'ES256', chain: 'x' as never }),
    ],
  ])('names the %s that is missing or wrong', async (argument, call) => {
    const wrong = {
      code: 'USAGE_ARGUMENT',
      details: expect.objectContaining({ argument }) as unknown,
    }
    await expect(call()).rejects.toMatchObject(wrong)
  })

  it.each<[string, object]>([
    ['reason', { reason: 5 }],
    ['reserveBytes', { reserveBytes: 1.5 }],
    ['signingTime', { signingTime: 'now' }],
    ['fieldName', { fieldName: 'a.b' }],
    ['fieldName', { fieldName: '' }],
  ])('refuses a wrong %s', async (argument, wrong) => {
    const options = { signer, ...wrong } as Parameters<typeof signPdf>[1]
    await expect(signPdf(tableFile(), options)).rejects.toMatchObject({
      code: 'USAGE_ARGUMENT',
      details: { argument },
    })
  })
})

describe('fields that are there already', () => {
  /** A form with a text field, an empty signature field by two levels of names, and a radio group. */
  const FORM: Objects = {
    1: '<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields 4 0 R /NeedAppearances true >> >>',
    2: ONE_PAGE[2]!,
    3: '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Annots [5 0 R 7 0 R] >>',
    4: '[5 0 R 6 0 R]',
    5: '<< /FT /Tx /T (Signature1) /V (x) /Subtype /Widget /Rect [0 0 9 9] /AP << >> >>',
    6: '<< /T (phê) /FT /Sig /Kids [7 0 R 8 0 R] >>',
    7: '<< /T (duyệt) /Parent 6 0 R /Subtype /Widget /Rect [10 10 60 30] /P 3 0 R >>',
    8: '<< /T (khác) /Parent 6 0 R /Kids [9 0 R] /Lock << /Action /Include /Fields [(Signature1)] /P 2 >> >>',
    9: '<< /Parent 8 0 R /Subtype /Widget /Rect [0 0 0 0] >>',
  }
  const latin = (objects: Objects): Objects =>
    Object.fromEntries(
      Object.entries(objects).map(([number, text]) => [
        number,
        text.replaceAll('ê', '\xea').replaceAll('ệ', 'e').replaceAll('á', '\xe1'),
      ]),
    )

  it('counts one that is listed twice once', async () => {
    const fields = '[4 0 R 4 0 R 5 0 R]'
    const objects = {
      ...ONE_PAGE,
      1: `<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields ${fields} >> >>`,
      4: '<< /T (a) /FT /Tx /Kids [5 0 R 5 0 R] >>',
      5: '<< /T (b) /Parent 4 0 R >>',
    }
    const { fields: found } = await read(await signPdf(tableFile(objects), { signer }))
    expect(found.map(({ name }) => name)).toEqual(['a.b', 'Signature1'])
  })

  it('takes an empty one by its full name, and paints nothing into it', async () => {
    const input = tableFile(latin(FORM))
    const output = await signPdf(input, { signer, fieldName: 'phê.duyet' })
    const { fields, document, form } = await read(output)
    expect(fields.map(({ name }) => name)).toEqual(['Signature1', 'phê.duyet', 'phê.khác'])
    const field = fields[1]!
    expect(field.ref).toMatchObject({ number: 7 })
    covered(output, asKind(field.value, 'dict')!)
    const appearance = asKind(field.dict.entries.get('AP'), 'dict')
    const normal = asKind(await document.resolve(appearance?.entries.get('N')), 'stream')
    const box = asKind(normal?.dict.entries.get('BBox'), 'array')
    expect(box?.items.map(integerOf)).toEqual([0, 0, 50, 20])
    // All that needs an appearance has one.
    expect(form?.dict.entries.get('NeedAppearances')).toBe(false)
  })

  it('turns its lock into transforms', async () => {
    const output = await signPdf(tableFile(latin(FORM)), { signer, fieldName: 'phê.khác' })
    const signature = asKind((await read(output)).fields[2]!.value, 'dict')
    const references = asKind(signature?.entries.get('Reference'), 'array')!.items
    const methods = references.map((item) =>
      nameOf(asKind(item, 'dict')?.entries.get('TransformMethod')),
    )
    expect(methods).toEqual(['FieldMDP', 'DocMDP'])
    await expect(signPdf(output, { signer, fieldName: 'Signature1' })).rejects.toMatchObject({
      code: 'USAGE_ARGUMENT',
    })
    await expect(signPdf(output, { signer, fieldName: 'phê.khác' })).rejects.toMatchObject({
      code: 'USAGE_ARGUMENT',
    })
    const again = await signPdf(output, { signer })
    expect((await read(again)).fields.at(-1)?.name).toBe('Signature2')
  })

  it('leaves NeedAppearances where a field would vanish', async () => {
    const objects = latin({ ...FORM, 5: '<< /FT /Tx /T (a) /V (x) /Rect [0 0 9 9] >>' })
    const { form } = await read(await signPdf(tableFile(objects), { signer }))
    expect(form?.dict.entries.get('NeedAppearances')).toBe(true)
  })

  it.each<[string, string, object, object]>([
    ['a digest', '/Ff 64 /DigestMethod [(SHA512)]', {}, { rule: 'SV DigestMethod' }],
    ['a reason', '/Ff 8 /Reasons [(a) (b)]', { reason: 'c' }, { rule: 'SV Reasons' }],
    ['no reason', '/Ff 8 /Reasons [(.)]', { reason: 'c' }, { rule: 'SV Reasons' }],
    ['a subfilter', '/Ff 2 /SubFilter [/adbe.pkcs7.detached]', {}, { rule: 'SV SubFilter' }],
    ['a filter', '/Ff 1 /Filter /Other', {}, { rule: 'SV Filter' }],
    ['a certificate', '/Cert << /Ff 1 /Subject [<30>] >>', {}, { rule: 'SV Cert' }],
    ['an issuer', '/Cert << /Ff 2 /Issuer [<30>] >>', {}, { feature: 'SV Cert' }],
    ['a timestamp', '/TimeStamp << /URL (x) /Ff 1 >>', {}, { feature: 'SV TimeStamp' }],
    ['a certification', '/MDP << /P 2 >>', {}, { feature: 'SV MDP' }],
  ])('refuses one that demands %s', async (_, seed, options, details) => {
    const objects = latin({ ...FORM, 7: FORM[7]!.replace('<<', `<< /SV << ${seed} >>`) })
    const signing = signPdf(tableFile(objects), { signer, fieldName: 'phê.duyet', ...options })
    await expect(signing).rejects.toMatchObject({ details })
  })

  it('meets the demands it can, and lets wishes pass', async () => {
    const seed =
      '/Ff 75 /Filter /Adobe.PPKLite /SubFilter [/ETSI.CAdES.detached] /Reasons [(a)] ' +
      '/DigestMethod [/SHA256] /TimeStamp << /URL (x) /Ff 0 >> /MDP << /P 0 >>'
    const objects = latin({ ...FORM, 7: FORM[7]!.replace('<<', `<< /SV << ${seed} >>`) })
    const options = { signer, fieldName: 'phê.duyet', reason: 'a' }
    await expect(signPdf(tableFile(objects), options)).resolves.toBeDefined()
  })
})

describe('what earlier signatures forbid', () => {
  const signed = (reference: string): Objects => ({
    ...ONE_PAGE,
    1: '<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [4 0 R] /SigFlags 3 >> >>',
    4: '<< /FT /Sig /T (S) /V 5 0 R /Rect [0 0 0 0] >>',
    5: `<< /Type /Sig /Reference [${reference}] >>`,
  })
  const docMdp = (level: string) => `<< /TransformMethod /DocMDP /TransformParams << ${level} >> >>`
  const fieldMdp = (scope: string) =>
    `<< /TransformMethod /FieldMDP /TransformParams << ${scope} >> >>`

  it.each([
    ['DocMDP P=1', docMdp('/P 1')],
    ['FieldMDP', fieldMdp('/Action /All')],
    ['FieldMDP', fieldMdp('/Action /Exclude /Fields [(Other)]')],
    ['FieldMDP', fieldMdp('/Action /Include /Fields [(Signature1)]')],
  ])('refuses by %s', async (rule, reference) => {
    await expect(signPdf(tableFile(signed(reference)), { signer })).rejects.toMatchObject({
      code: 'FORMAT_NOT_ALLOWED',
      details: { rule },
    })
  })

  it.each([
    docMdp('/P 2'),
    docMdp(''),
    fieldMdp('/Action /Include /Fields [(Sig)]'),
    fieldMdp('/Action /Exclude /Fields [(Signature1)]'),
  ])('signs under %s', async (reference) => {
    await expect(signPdf(tableFile(signed(reference)), { signer })).resolves.toBeDefined()
  })
})

describe('preparePdf and completePdf', () => {
  it('make a signed file across a structured clone, from bytes or Blob', async () => {
    const input = tableFile()
    const { certificate } = signer
    const prepared = await preparePdf(input, { certificate, algorithm: 'ES256' })
    expect(Object.isFrozen(prepared) && Object.isFrozen(prepared.state)).toBe(true)
    expect(prepared.state.revision.length).toBeLessThan(30_000)
    const [value] = await signer.sign([structuredClone(prepared)])
    const output = await completePdf(input, structuredClone(prepared), value!)
    const [signature] = (await read(output)).signatures
    covered(output, signature!)
    const blob = await completePdf(new Blob([input]), prepared, value!)
    expect(equalBytes(new Uint8Array(await blob.arrayBuffer()), output)).toBe(true)
  })

  it('refuse another document, another revision, another signature', async () => {
    const input = tableFile()
    const prepared = await preparePdf(input, {
      certificate: signer.certificate,
      algorithm: 'ES256',
    })
    const [value] = await signer.sign([prepared])
    const changed = { code: 'FORMAT_CHANGED' }
    const other = new Uint8Array(input)
    other[20]! ^= 1
    await expect(completePdf(other, prepared, value!)).rejects.toMatchObject(changed)
    await expect(completePdf(input.slice(1), prepared, value!)).rejects.toMatchObject(changed)
    const clone = structuredClone(prepared)
    clone.state.revision[5]! ^= 1
    await expect(completePdf(input, clone, value!)).rejects.toMatchObject(changed)
    const moved = { ...prepared.state, gap: { start: 5, end: 99_999_999 } }
    const misplaced = completePdf(input, { ...prepared, state: moved }, value!)
    await expect(misplaced).rejects.toMatchObject(changed)
    await expect(
      completePdf(
        input,
        prepared,
        value!.map((byte) => byte ^ 1),
      ),
    ).rejects.toMatchObject({ code: 'TOKEN_SIGNATURE_INVALID' })
  })
})
