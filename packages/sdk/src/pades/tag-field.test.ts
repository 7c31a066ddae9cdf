import { beforeAll, describe, expect, it } from 'vitest'
import { makeCertificate } from '../../../../test/helpers/certificate.ts'
import { ONE_PAGE, tableFile, type Objects } from '../../../../test/helpers/pdf-file.ts'
import { readSigned, textIn } from '../../../../test/helpers/read-signed-pdf.ts'
import { asKind, integerOf, nameOf, type PdfValue } from '../pdf/objects.ts'
import { softwareSigner } from '../provider/webcrypto.ts'
import { signPdf } from '../sign/pdf.ts'
import type { Bytes, Signer } from '../types.ts'

let signer: Signer
beforeAll(async () => {
  signer = softwareSigner(await makeCertificate('ES256'))
})

const CATALOG = '<< /Type /Catalog /Pages 2 0 R /StructTreeRoot 4 0 R /MarkInfo << /Marked true >>'
const TAGGED: Objects = { ...ONE_PAGE, 1: `${CATALOG} >>` }

/** The last field, its element by the parent tree, and the page. */
async function lookAt(pdf: Bytes) {
  const { document, catalog, fields, page } = await readSigned(pdf)
  const at = async (value: PdfValue | undefined, ...keys: readonly string[]) => {
    let found = await document.resolve(value)
    for (const key of keys)
      found = await document.resolve(asKind(found, 'dict')?.entries.get(key) ?? null)
    return found
  }
  const field = fields.at(-1)!
  const key = integerOf(field.dict.entries.get('StructParent'))
  const root = catalog.dict.entries.get('StructTreeRoot')
  const pairs: PdfValue[] = []
  const collect = async (node: PdfValue): Promise<void> => {
    pairs.push(...(asKind(await at(node, 'Nums'), 'array')?.items ?? []))
    for (const kid of asKind(await at(node, 'Kids'), 'array')?.items ?? []) await collect(kid)
  }
  await collect(await at(root, 'ParentTree'))
  const index = pairs.findIndex((each, place) => place % 2 === 0 && integerOf(each) === key)
  const element = key === undefined ? null : (pairs[index + 1] ?? null)
  return { at, field, key, root, element, page, keys: pairs.filter((_, place) => place % 2 === 0) }
}

describe('a new field of a tagged document', () => {
  it.each<[string, Objects, number]>([
    [
      'whose tree has a document',
      {
        4: '<< /Type /StructTreeRoot /K [5 0 R] /ParentTree 6 0 R /ParentTreeNextKey 3 >>',
        5: '<< /Type /StructElem /S /Document /P 4 0 R /K 7 0 R >>',
        6: '<< /Nums [0 [7 0 R] 2 7 0 R] >>',
        7: '<< /Type /StructElem /S /P /P 5 0 R /Pg 3 0 R >>',
      },
      3,
    ],
    [
      'whose tree does not know its next key, and has inner nodes',
      {
        4: '<< /Type /StructTreeRoot /K 5 0 R /ParentTree << /Kids [6 0 R] >> /ParentTreeNextKey 1 >>',
        5: '<< /Type /StructElem /S /Sect /P 4 0 R >>',
        6: '<< /Limits [0 8] /Nums [0 5 0 R 8 5 0 R] >>',
      },
      9,
    ],
    ['whose tree is empty', { 4: '<< /Type /StructTreeRoot >>' }, 0],
  ])('%s is found by it', async (_, objects, expected) => {
    const { at, field, key, element, page, root, keys } = await lookAt(
      await signPdf(tableFile({ ...TAGGED, ...objects }), { signer }),
    )
    expect(key).toBe(expected)
    expect(keys.map(integerOf).filter((each) => each === key)).toHaveLength(1)
    expect(integerOf(await at(root, 'ParentTreeNextKey'))).toBe(expected + 1)
    expect(nameOf(await at(element, 'S'))).toBe('Form')
    const object = asKind(await at(element, 'K'), 'dict')
    expect(object?.entries.get('Obj')).toEqual(field.ref)
    expect(asKind(await at(element), 'dict')?.entries.get('Pg')).toEqual(page.ref)
    const kids = asKind(await at(await at(element, 'P'), 'K'), 'array')
    expect(kids?.items).toContainEqual(element)
    expect(nameOf(page.dict.entries.get('Tabs'))).toBe('S')
  })

  it('is named in the language of the document', async () => {
    const tree = { 4: '<< /Type /StructTreeRoot >>' }
    const named = async (catalog: string) => {
      const file = tableFile({ ...TAGGED, ...tree, 1: catalog })
      return textIn((await lookAt(await signPdf(file, { signer }))).field.dict, 'TU')
    }
    expect(await named(`${CATALOG} >>`)).toBe('Chữ ký số')
    expect(await named(`${CATALOG} /Lang (vi-VN) >>`)).toBe('Chữ ký số')
    expect(await named(`${CATALOG} /Lang (en) >>`)).toBe('Digital signature')
  })

  it.each([
    ['of a signature that is its own widget', '/P 6 0 R', ''],
    ['of a signature apart from its widget', '/Kids [8 0 R]', '<< /Subtype /Widget /P 6 0 R >>'],
  ])('goes to the page %s, where the first is not ordered', async (_, own, widget) => {
    const form = '/AcroForm << /Fields [7 0 R] >>'
    const pages = {
      2: '<< /Type /Pages /Kids [3 0 R 6 0 R] /Count 2 >>',
      6: '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Tabs /S >>',
    }
    const file = tableFile({
      ...{ ...TAGGED, ...pages, 1: `${CATALOG} ${form} >>`, 4: '<< /Type /StructTreeRoot >>' },
      7: `<< /FT /Sig /T (A) /V << /Type /Sig >> ${own} >>`,
      ...(widget === '' ? {} : { 8: widget }),
    })
    const { fields, document } = await readSigned(await signPdf(file, { signer }))
    const page = asKind(fields.at(-1)?.dict.entries.get('P'), 'ref')
    expect(page?.number).toBe(6)
    const listed = asKind(await document.resolve(page), 'dict')?.entries.get('Annots')
    expect(asKind(listed, 'array')?.items).toHaveLength(1)
  })

  it('leaves tree and page alone once somebody signed', async () => {
    const file = tableFile({ ...TAGGED, 4: '<< /Type /StructTreeRoot >>' })
    const once = await signPdf(file, { signer })
    const { key, field, at, root } = await lookAt(await signPdf(once, { signer }))
    expect(key).toBeUndefined()
    expect(textIn(field.dict, 'TU')).toBe('Chữ ký số')
    expect(integerOf(await at(root, 'ParentTreeNextKey'))).toBe(1)
  })
})
