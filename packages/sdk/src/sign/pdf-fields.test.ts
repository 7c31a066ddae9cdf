import { beforeAll, describe, expect, it } from 'vitest'
import { makeCertificate } from '../../../../test/helpers/certificate.ts'
import { ONE_PAGE, tableFile, type Objects } from '../../../../test/helpers/pdf-file.ts'
import { covered, readSigned } from '../../../../test/helpers/read-signed-pdf.ts'
import { asKind, integerOf, nameOf } from '../pdf/objects.ts'
import { softwareSigner } from '../provider/webcrypto.ts'
import type { Signer } from '../types.ts'
import { signPdf } from './pdf.ts'

let signer: Signer
beforeAll(async () => {
  signer = softwareSigner(await makeCertificate('ES256'))
})

describe('a new field', () => {
  it('is listed on its page alone, where pages share one list', async () => {
    const page = '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Annots 5 0 R >>'
    const shared = {
      ...{ ...ONE_PAGE, 2: '<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 >>' },
      ...{ 3: page, 4: page, 5: '[]' },
    }
    const signed = await signPdf(await signPdf(tableFile(shared), { signer }), { signer })
    const { document, fields } = await readSigned(signed)
    const listedOn = async (number: number) => {
      const found = asKind(await document.get({ kind: 'ref', number, generation: 0 }), 'dict')
      return asKind(await document.resolve(found?.entries.get('Annots')), 'array')?.items
    }
    expect(await listedOn(3)).toEqual(fields.map(({ ref }) => ref))
    expect(await listedOn(4)).toEqual([])
  })

  it('stays in the list that its page has, where that is known to be its own', async () => {
    const own = {
      ...{ ...ONE_PAGE, 3: ONE_PAGE[3]!.replace('>>', '/Annots 5 0 R >>'), 5: '[4 0 R]' },
      4: '<< /Type /Annot /Subtype /Text /Rect [0 0 9 9] /P 3 0 R >>',
    }
    const { page, document } = await readSigned(await signPdf(tableFile(own), { signer }))
    const list = asKind(page.dict.entries.get('Annots'), 'ref')
    expect(list?.number).toBe(5)
    expect(asKind(await document.resolve(list), 'array')?.items).toHaveLength(2)
  })

  it('goes to a page that says by reference what it is', async () => {
    const objects = { ...ONE_PAGE, 3: ONE_PAGE[3]!.replace('/Page', '4 0 R'), 4: '/Page' }
    const { fields } = await readSigned(await signPdf(tableFile(objects), { signer }))
    expect(fields).toHaveLength(1)
  })
})

describe('fields that are there already', () => {
  /** A form with a text field, an empty signature field by two levels of names, and a radio group. */
  const FORM: Objects = {
    1: '<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields 4 0 R /NeedAppearances true >> >>',
    2: ONE_PAGE[2]!,
    3: '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Annots [5 0 R 7 0 R] >>',
    4: '[5 0 R 6 0 R]',
    5: '<< /FT /Tx /T (Signature1) /V (x) /Subtype /Widget /Rect [0 0 9 9] /AP << /N 10 0 R >> >>',
    6: '<< /T (phê) /FT /Sig /Kids [7 0 R 8 0 R] >>',
    7: '<< /T (duyệt) /Parent 6 0 R /Subtype /Widget /Rect [10 10 60 30] /P 3 0 R >>',
    8: '<< /T (khác) /Parent 6 0 R /Kids [9 0 R] /Lock << /Action /Include /Fields [(Signature1)] /P 2 >> >>',
    9: '<< /Parent 8 0 R /Subtype /Widget /Rect [0 0 0 0] >>',
    10: '<< /Subtype /Form /BBox [0 0 9 9] /Length 11 >>\nstream\nBT (x) Tj ET\nendstream',
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
    const { fields: found } = await readSigned(await signPdf(tableFile(objects), { signer }))
    expect(found.map(({ name }) => name)).toEqual(['a.b', 'Signature1'])
  })

  it('takes an empty one by its full name, and paints nothing into it', async () => {
    const input = tableFile(latin(FORM))
    const output = await signPdf(input, { signer, fieldName: 'phê.duyet' })
    const { fields, document, form } = await readSigned(output)
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
    const signature = asKind((await readSigned(output)).fields[2]!.value, 'dict')
    const references = asKind(signature?.entries.get('Reference'), 'array')!.items
    const methods = references.map((item) =>
      nameOf(asKind(item, 'dict')?.entries.get('TransformMethod')),
    )
    expect(methods).toEqual(['FieldMDP'])
    await expect(signPdf(output, { signer, fieldName: 'Signature1' })).rejects.toMatchObject({
      code: 'USAGE_ARGUMENT',
    })
    await expect(signPdf(output, { signer, fieldName: 'phê.khác' })).rejects.toMatchObject({
      code: 'USAGE_ARGUMENT',
    })
    const again = await signPdf(output, { signer })
    expect((await readSigned(again)).fields.at(-1)?.name).toBe('Signature2')
  })

  it('leaves a form of XFA as it is', async () => {
    const objects: Objects = {
      ...ONE_PAGE,
      1: '<< /Type /Catalog /Pages 2 0 R /NeedsRendering true /AcroForm << /Fields [] /XFA 4 0 R >> >>',
      4: '<< /Length 5 >>\nstream\n<xdp>\nendstream',
    }
    const { form, catalog } = await readSigned(await signPdf(tableFile(objects), { signer }))
    expect(form?.dict.entries.get('XFA')).toMatchObject({ kind: 'ref', number: 4 })
    expect(catalog.dict.entries.get('NeedsRendering')).toBe(true)
  })

  it('leaves NeedAppearances where a field would vanish', async () => {
    const objects = latin({ ...FORM, 5: '<< /FT /Tx /T (a) /V (x) /Rect [0 0 9 9] >>' })
    const { form } = await readSigned(await signPdf(tableFile(objects), { signer }))
    expect(form?.dict.entries.get('NeedAppearances')).toBe(true)
  })

  /** A form of one field that viewers are told to paint anew, and what they are told once it was signed. */
  async function needsAfter(field: string, content: string): Promise<unknown> {
    const stream = `<< /Subtype /Form /BBox [0 0 9 9] /Length ${content.length} >>\nstream\n${content}\nendstream`
    const objects: Objects = {
      ...ONE_PAGE,
      1: '<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [4 0 R] /NeedAppearances true >> >>',
      4: `<< /T (a) /Subtype /Widget /Rect [0 0 9 9] /AP << /N 5 0 R >> ${field} >>`,
      5: stream,
    }
    const { form } = await readSigned(await signPdf(tableFile(objects), { signer }))
    return form?.dict.entries.get('NeedAppearances')
  }

  it.each([
    ['a text', '/FT /Tx /V (1 000)', '/Tx BMC q BT /F 9 Tf (1) Tj 0 Td [(0) -2 (00)] TJ ET Q EMC'],
    ['a text in hexadecimal', '/FT /Tx /V <FEFF00610062>', "BT <61> Tj (\\142) ' ET"],
    ['nothing', '/FT /Tx', '/Tx BMC EMC'],
    ['a state', '/FT /Btn /V /Yes /AS /Yes', ''],
    ['no state', '/FT /Btn /AS /Off', ''],
  ])('has viewers keep the picture of a field that shows its value: %s', async (_, ...given) => {
    expect(await needsAfter(...given)).toBe(false)
  })

  it.each([
    ['another text', '/FT /Tx /V (1 000)', 'BT (9 000) Tj ET'],
    ['a text where none is', '/FT /Tx', 'BT (9 000) Tj ET'],
    ['none', '/FT /Tx /V (1 000)', '/Tx BMC /1000 gs EMC'],
    ['letters by codes of a font', '/FT /Tx /V (ab)', 'BT <00010002> Tj ET'],
    ['another state', '/FT /Btn /V /Yes /AS /Off', ''],
    ['a state where none is', '/FT /Btn /AS /Yes', ''],
    ['choices', '/FT /Ch /V (a)', 'BT (a) Tj (b) Tj ET'],
  ])('never shows what the signer may not have seen: %s', async (_, ...given) => {
    expect(await needsAfter(...given)).toBe(true)
  })

  it.each<[string, string, object, object]>([
    ['a digest', '/Ff 64 /DigestMethod [(SHA512)]', {}, { rule: 'SV DigestMethod' }],
    ['a reason', '/Ff 8 /Reasons [(a) (b)]', { reason: 'c' }, { rule: 'SV Reasons' }],
    ['no reason', '/Ff 8 /Reasons [(.)]', { reason: 'c' }, { rule: 'SV Reasons' }],
    ['a subfilter', '/Ff 2 /SubFilter [/adbe.pkcs7.detached]', {}, { rule: 'SV SubFilter' }],
    ['a filter', '/Ff 1 /Filter /Other', {}, { rule: 'SV Filter' }],
    ['a certificate', '/Cert << /Ff 1 /Subject [<30>] >>', {}, { rule: 'SV Cert' }],
    ['an issuer', '/Cert << /Ff 2 /Issuer [<30>] >>', {}, { feature: 'SV Cert' }],
    ['a timestamp', '/TimeStamp << /URL (x) /Ff 1 >>', {}, { rule: 'SV TimeStamp' }],
    ['a certification', '/MDP << /P 2 >>', { certify: 1 }, { rule: 'SV MDP' }],
    ['no certification', '/MDP << /P 0 >>', { certify: 1 }, { rule: 'SV MDP' }],
    ['revocation data', '/Ff 32 /AddRevInfo true', {}, { rule: 'SV AddRevInfo' }],
    ['an open file', '/Ff 128 /LockDocument /false', { certify: 1 }, { rule: 'SV LockDocument' }],
    ['a closed one', '/Ff 128 /LockDocument /true', { certify: 2 }, { rule: 'SV LockDocument' }],
    ['an appearance', '/Ff 256 /AppearanceFilter (x)', {}, { feature: 'SV AppearanceFilter' }],
    ['a statement', '/Ff 16 /LegalAttestation [(x)]', {}, { feature: 'SV LegalAttestation' }],
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
