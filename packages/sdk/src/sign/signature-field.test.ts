import { beforeAll, describe, expect, it } from 'vitest'
import { makeCertificate } from '../../../../test/helpers/certificate.ts'
import { tableFile } from '../../../../test/helpers/pdf-file.ts'
import { readSigned } from '../../../../test/helpers/read-signed-pdf.ts'
import { equalBytes } from '../bytes.ts'
import { asKind } from '../pdf/objects.ts'
import { softwareSigner } from '../provider/webcrypto.ts'
import type { Signer } from '../types.ts'
import { signPdf } from './pdf.ts'
import { addSignatureField, type SignatureFieldOptions } from './signature-field.ts'

let signer: Signer
beforeAll(async () => {
  signer = softwareSigner(await makeCertificate('ES256'))
})

const AT = { x: 20, y: 30, width: 60, height: 25 }

describe('a signature field', () => {
  it('stands where it was asked for, behind the untouched file, and takes a signature', async () => {
    const input = tableFile()
    const form = await addSignatureField(input, { name: 'Giám đốc', at: AT })
    expect(equalBytes(form.subarray(0, input.length), input)).toBe(true)
    const { fields, page } = await readSigned(form)
    const [field] = fields
    expect([field?.name, field?.value]).toEqual(['Giám đốc', null])
    const box = asKind(field?.dict.entries.get('Rect'), 'array')?.items
    const corners = box?.map((each) => Math.round(asKind(each, 'number')!.value))
    expect(corners).toEqual([57, 686, 227, 757])
    expect(asKind(page.dict.entries.get('Annots'), 'array')?.items).toHaveLength(1)
    const signed = await signPdf(form, { signer, fieldName: 'Giám đốc' })
    expect((await readSigned(signed)).fields).toHaveLength(1)
  })

  it('is invisible without a place, and comes to a Blob as well', async () => {
    const form = await addSignatureField(new Blob([tableFile()]))
    const two = await addSignatureField(form)
    const { fields } = await readSigned(new Uint8Array(await two.arrayBuffer()))
    expect(fields.map(({ name }) => name)).toEqual(['Signature1', 'Signature2'])
  })

  it('keeps its lock and its demands, which signing meets or refuses', async () => {
    const form = await addSignatureField(tableFile(), {
      name: 'S',
      lock: { action: 'all' },
      seedValue: { reasons: ['Duyệt'], digests: ['SHA-256'], certify: 2, lockDocument: false },
    })
    const sign = (options: object) => signPdf(form, { signer, fieldName: 'S', ...options })
    await expect(sign({ reason: 'Khác' })).rejects.toMatchObject({
      details: { rule: 'SV Reasons' },
    })
    const { signatures, catalog } = await readSigned(await sign({ reason: 'Duyệt' }))
    expect(asKind(signatures[0]?.entries.get('Reference'), 'array')?.items).toHaveLength(2)
    expect(catalog.dict.entries.has('Perms')).toBe(true)
  })

  it.each<[object, string]>([
    [{ timestamp: { url: 'http://tsa.ca.gov.vn' } }, 'SV TimeStamp'],
    [{ revocation: true }, 'SV AddRevInfo'],
    [{ digests: ['SHA-512'] }, 'SV DigestMethod'],
    [{ reasons: [] }, 'SV Reasons'],
  ])('that demands %j refuses a signature without it', async (seedValue, rule) => {
    const form = await addSignatureField(tableFile(), { name: 'S', seedValue })
    const signing = signPdf(form, { signer, fieldName: 'S', reason: 'x' })
    await expect(signing).rejects.toMatchObject({ details: { rule } })
  })

  it.each<[string, object]>([
    ['a signature', {}],
    ['a certification that lets others sign', { certify: 2 }],
    ['a lock of other fields', { lock: { action: 'include', fields: ['Tên'] } }],
  ])('comes after %s, which stays as it is', async (_, options) => {
    const signed = await signPdf(tableFile(), { signer, ...options })
    const form = await addSignatureField(signed, { name: 'S' })
    expect(equalBytes(form.subarray(0, signed.length), signed)).toBe(true)
    const { signatures } = await readSigned(await signPdf(form, { signer, fieldName: 'S' }))
    expect(signatures).toHaveLength(2)
  })

  it.each<[object, string]>([
    [{ certify: 1 }, 'DocMDP P=1'],
    [{ lock: { action: 'all', permissions: 1 } }, 'Lock P=1'],
    [{ lock: { action: 'all' } }, 'FieldMDP'],
    [{ lock: { action: 'include', fields: ['S'] } }, 'FieldMDP'],
  ])('is refused after %j', async (options, rule) => {
    const signed = await signPdf(tableFile(), { signer, ...options })
    const adding = addSignatureField(signed, { name: 'S' })
    await expect(adding).rejects.toMatchObject({ code: 'FORMAT_NOT_ALLOWED', details: { rule } })
  })

  it.each<[string, unknown]>([
    ['name', { name: 7 }],
    ['name', { name: 'a.b' }],
    ['page', { page: 0, at: AT }],
    ['page', { page: 2, at: AT }],
    ['at', { page: 1 }],
    ['at', { at: { x: 1 } }],
    ['at', { at: { ...AT, x: 190 } }],
    ['lock.action', { lock: {} }],
    ['seedValue.reasons', { seedValue: { reasons: 'x' } }],
    ['seedValue.digests', { seedValue: { digests: ['MD5'] } }],
    ['seedValue.timestamp', { seedValue: { timestamp: {} } }],
  ])('refuses a wrong %s: %j', async (argument, options) => {
    const adding = addSignatureField(tableFile(), options as SignatureFieldOptions)
    await expect(adding).rejects.toMatchObject({ code: 'USAGE_ARGUMENT', details: { argument } })
  })
})
