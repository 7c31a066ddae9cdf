import { beforeAll, describe, expect, it } from 'vitest'
import { makeCertificate } from '../../../../test/helpers/certificate.ts'
import { ONE_PAGE, tableFile, type Objects } from '../../../../test/helpers/pdf-file.ts'
import { readSigned } from '../../../../test/helpers/read-signed-pdf.ts'
import { asKind, integerOf, nameOf, type PdfDict } from '../pdf/objects.ts'
import { softwareSigner } from '../provider/webcrypto.ts'
import type { Signer } from '../types.ts'
import { signPdf, type SignPdfOptions } from './pdf.ts'
import { timestampPdf } from './upgrade.ts'

let signer: Signer
beforeAll(async () => {
  signer = softwareSigner(await makeCertificate('ES256'))
})

/** The transforms of a signature: method, and the parameters that say what is allowed. */
function transformsOf(signature: PdfDict | undefined) {
  const items = asKind(signature?.entries.get('Reference'), 'array')?.items ?? []
  return items.map((item) => {
    const reference = asKind(item, 'dict')
    const parameters = asKind(reference?.entries.get('TransformParams'), 'dict')
    const [P, action] = ['P', 'Action'].map((key) => parameters?.entries.get(key))
    const method = nameOf(reference?.entries.get('TransformMethod'))
    return { method, P: integerOf(P), action: nameOf(action) }
  })
}

const notAllowed = (rule: string) => ({ code: 'FORMAT_NOT_ALLOWED', details: { rule } })

describe('a file that was signed and then cut', () => {
  it('is refused: what is appended would come to lie in what was signed', async () => {
    const signed = await signPdf(tableFile(), { signer })
    expect(signed.at(-1)).toBe(0x0a)
    const cut = signed.slice(0, -1)
    const refused = { code: 'FORMAT_MALFORMED', details: { expected: 'all that was signed' } }
    await expect(signPdf(cut, { signer })).rejects.toMatchObject(refused)
    const timestamp = () => Promise.reject(new Error('asked'))
    await expect(timestampPdf(cut, { timestamp })).rejects.toMatchObject(refused)
  })
})

describe('a certification', () => {
  it.each([1, 2, 3] as const)('of level %i is named by the catalog', async (certify) => {
    const output = await signPdf(tableFile(), { signer, certify })
    const { document, catalog, fields, signatures } = await readSigned(output)
    expect(transformsOf(signatures[0])).toEqual([
      { method: 'DocMDP', P: certify, action: undefined },
    ])
    const permissions = asKind(await document.resolve(catalog.dict.entries.get('Perms')), 'dict')
    expect(permissions?.entries.get('DocMDP')).toEqual(fields[0]!.dict.entries.get('V'))
    const again = signPdf(output, { signer })
    if (certify === 1) await expect(again).rejects.toMatchObject(notAllowed('DocMDP P=1'))
    else await expect(again).resolves.toBeInstanceOf(Uint8Array)
  })

  it('keeps the form of a catalog that holds it, and permissions that are there', async () => {
    const objects: Objects = {
      ...ONE_PAGE,
      1: '<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [] /DA (x) >> /Perms 4 0 R >>',
      4: '<< /UR3 5 0 R >>',
    }
    const output = await signPdf(tableFile(objects), { signer, certify: 2 })
    const { document, catalog, form } = await readSigned(output)
    expect(form?.fields).toHaveLength(1)
    const permissions = asKind(await document.resolve(catalog.dict.entries.get('Perms')), 'dict')
    expect([...permissions!.entries.keys()]).toEqual(['UR3', 'DocMDP'])
    const direct = tableFile({ ...objects, 1: objects[1]!.replace('/Perms 4 0 R', '') })
    const read = await readSigned(await signPdf(direct, { signer, certify: 2 }))
    expect(read.form?.fields).toHaveLength(1)
    expect(read.catalog.dict.entries.has('Perms')).toBe(true)
  })

  it('is refused once somebody signed', async () => {
    const signed = await signPdf(tableFile(), { signer })
    await expect(signPdf(signed, { signer, certify: 2 })).rejects.toMatchObject(
      notAllowed('DocMDP after a signature'),
    )
  })
})

describe('a lock', () => {
  it('of a new field is kept by it and by the signature', async () => {
    const lock = { action: 'include', fields: ['Họ tên'], permissions: 2 } as const
    const output = await signPdf(tableFile(), { signer, lock })
    const { document, fields, signatures } = await readSigned(output)
    expect(transformsOf(signatures[0])).toEqual([{ method: 'FieldMDP', P: 2, action: 'Include' }])
    const own = asKind(await document.resolve(fields[0]!.dict.entries.get('Lock')), 'dict')
    expect(nameOf(own?.entries.get('Action'))).toBe('Include')
    expect(integerOf(own?.entries.get('P'))).toBe(2)
    await expect(signPdf(output, { signer, fieldName: 'Họ tên' })).rejects.toMatchObject(
      notAllowed('FieldMDP'),
    )
    await expect(signPdf(output, { signer })).resolves.toBeInstanceOf(Uint8Array)
  })

  it('that closes the document lets nobody sign any more', async () => {
    const lock = { action: 'exclude', fields: ['Signature2'], permissions: 1 } as const
    const output = await signPdf(tableFile(), { signer, lock })
    await expect(signPdf(output, { signer, fieldName: 'Signature2' })).rejects.toMatchObject(
      notAllowed('Lock P=1'),
    )
  })

  it.each<[string, unknown]>([
    ['lock.action', 'all'],
    ['lock.action', { action: 'All' }],
    ['lock.fields', { action: 'include' }],
    ['lock.fields', { action: 'exclude', fields: [7] }],
    ['lock.fields', { action: 'all', fields: ['a'] }],
    ['lock.permissions', { action: 'all', permissions: 4 }],
  ])('that is none is refused by %s: %j', async (argument, lock) => {
    const options = { signer, lock } as unknown as SignPdfOptions
    await expect(signPdf(tableFile(), options)).rejects.toMatchObject({
      code: 'USAGE_ARGUMENT',
      details: { argument },
    })
    const certify = { signer, certify: 4 } as unknown as SignPdfOptions
    await expect(signPdf(tableFile(), certify)).rejects.toMatchObject({ code: 'USAGE_ARGUMENT' })
  })
})

describe('the seed value of a field', () => {
  const seeded = (seed: string) =>
    tableFile({
      ...ONE_PAGE,
      1: '<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [4 0 R] >> >>',
      3: ONE_PAGE[3]!.replace('>>', '/Annots [4 0 R] >>'),
      4: `<< /FT /Sig /T (S) /Subtype /Widget /Rect [0 0 9 9] /P 3 0 R /SV << ${seed} >> >>`,
    })

  it('that demands a certification gets one', async () => {
    const output = await signPdf(seeded('/MDP << /P 2 >>'), { signer, fieldName: 'S' })
    const { signatures, catalog } = await readSigned(output)
    expect(transformsOf(signatures[0])).toEqual([{ method: 'DocMDP', P: 2, action: undefined }])
    expect(catalog.dict.entries.has('Perms')).toBe(true)
    const plain = await signPdf(seeded('/MDP << /P 0 >>'), { signer, fieldName: 'S' })
    expect(transformsOf((await readSigned(plain)).signatures[0])).toEqual([])
  })

  it('that demands a closed document gets a lock', async () => {
    const seed = '/Ff 128 /LockDocument /true'
    const output = await signPdf(seeded(seed), { signer, fieldName: 'S' })
    const { signatures, fields } = await readSigned(output)
    expect(transformsOf(signatures[0])).toEqual([{ method: 'FieldMDP', P: 1, action: 'All' }])
    expect(fields[0]!.dict.entries.has('Lock')).toBe(true)
    await expect(signPdf(output, { signer })).rejects.toMatchObject({ code: 'FORMAT_NOT_ALLOWED' })
    const certified = await signPdf(seeded(seed), { signer, fieldName: 'S', certify: 1 })
    expect(transformsOf((await readSigned(certified)).signatures[0])).toHaveLength(1)
  })

  it('keeps out a lock of somebody else', async () => {
    const lock = { action: 'all' } as const
    await expect(signPdf(seeded('/Ff 0'), { signer, fieldName: 'S', lock })).rejects.toMatchObject({
      code: 'USAGE_ARGUMENT',
      details: { argument: 'lock' },
    })
  })
})
