import { deflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { FileBuilder, ONE_PAGE, streamFile, tableFile } from '../../../../test/helpers/pdf-file.ts'
import { type Bytes, encodeUtf8, equalBytes } from '../bytes.ts'
import { openPdf } from '../pdf/document.ts'
import { asKind, nameOf, type PdfRef } from '../pdf/objects.ts'
import { addToStore, readStoredData, type StoredData } from './security-store.ts'
import { followDict, getCatalog } from './structure.ts'

const NOTHING: StoredData = { certificates: [], ocspResponses: [], crls: [] }
const A = encodeUtf8('A certificate, the certificate, the certificate, the certificate')
const B = Uint8Array.of(1, 2, 3)

const add = async (pdf: Uint8Array, added: Partial<StoredData>): Promise<Bytes> => {
  const stored = (await addToStore(pdf, { ...NOTHING, ...added }, undefined)) as Bytes
  expect(equalBytes(stored.subarray(0, pdf.length), pdf)).toBe(true)
  return stored
}
const read = async (pdf: Bytes): Promise<StoredData> => readStoredData(await openPdf(pdf))

async function storeOf(pdf: Bytes) {
  const document = await openPdf(pdf)
  const catalog = await getCatalog(document)
  const store = (await followDict(document, catalog.dict.entries.get('DSS')))!
  const refs = async (key: string): Promise<readonly number[]> =>
    asKind(await document.resolve(store.dict.entries.get(key)), 'array')!.items.map(
      (item) => (item as PdfRef).number,
    )
  return { document, catalog: catalog.dict, store, refs }
}

/** One page and a catalog that says more, before version 2.0 or not. */
function fileWith(catalog: string, objects: Record<number, string> = {}, version = '1.7'): Bytes {
  const file = new FileBuilder().objects({
    ...ONE_PAGE,
    1: `<< /Type /Catalog /Pages 2 0 R ${catalog} >>`,
    ...objects,
  })
  file.stream(20, '/Filter /FlateDecode', deflateSync(A)).stream(21, '', B)
  file.table('/Size 22 /Root 1 0 R')
  const bytes = file.bytes()
  bytes.set(encodeUtf8(`%PDF-${version}`))
  return bytes
}

describe('addToStore', () => {
  it.each([
    ['a table', tableFile()],
    ['a stream', streamFile()],
  ])('makes a store in a file with %s', async (_, input) => {
    const added = { certificates: [A, B, A], ocspResponses: [B], crls: [A] }
    const stored = await add(input, added)
    expect(await read(stored)).toEqual({ ...added, certificates: [A, B] })
    const blob = (await addToStore(new Blob([input]), { ...NOTHING, ...added }, undefined)) as Blob
    expect(blob.type).toBe('application/pdf')
    expect(await read(new Uint8Array(await blob.arrayBuffer()))).toEqual(await read(stored))
  })

  it('adds to a store what is not there, and nothing where all is there', async () => {
    const once = await add(tableFile(), { certificates: [A], crls: [B] })
    const before = await storeOf(once)
    const twice = await add(once, { certificates: [B, A], ocspResponses: [A] })
    const after = await storeOf(twice)
    expect(await read(twice)).toEqual({ certificates: [A, B], ocspResponses: [A], crls: [B] })
    expect(after.store.ref).toEqual(before.store.ref)
    expect((await after.refs('Certs'))[0]).toBe((await before.refs('Certs'))[0])
    expect(Buffer.from(twice.subarray(once.length)).includes('/Catalog')).toBe(false)
    expect(await addToStore(twice, { ...NOTHING, certificates: [B] }, undefined)).toBe(twice)
  })

  it.each<[string, string, Record<number, string>]>([
    ['in the catalog', '/DSS << /Certs [20 0 R] /CRLs [21 0 R] /VRI << /X 3 0 R >> >>', {}],
    [
      'of objects of its own',
      '/DSS 10 0 R',
      {
        10: '<< /Certs 11 0 R /CRLs 12 0 R /VRI << /X 3 0 R >> >>',
        11: '[20 0 R]',
        12: '[21 0 R]',
      },
    ],
  ])('adds to a store that somebody else made %s', async (_, catalog, objects) => {
    const stored = await add(fileWith(catalog, objects), { certificates: [B], crls: [B] })
    expect(await read(stored)).toEqual({ certificates: [A, B], ocspResponses: [], crls: [B] })
    const { store, refs } = await storeOf(stored)
    expect(store.dict.entries.has('VRI')).toBe(true)
    expect(store.ref).toBeDefined()
    expect((await refs('Certs'))[0]).toBe(20)
  })

  it.each<[string, string, string, string | undefined]>([
    ['1.7', '', '1.7', '1.7'],
    ['1.7 with Adobe’s', '/Extensions << /ADBE << /BaseVersion /1.7 >> >>', '1.7', '1.7'],
    ['2.0', '', '2.0', undefined],
    ['2.0 by its catalog', '/Version /2.0', '1.7', undefined],
    ['1.7 with ETSI’s', '/Extensions << /ESIC << /ExtensionLevel 2 >> >>', '1.7', undefined],
  ])('names the extension where it is one: PDF %s', async (_, catalog, version, expected) => {
    const stored = await storeOf(await add(fileWith(catalog, {}, version), { certificates: [A] }))
    const extensions = asKind(stored.catalog.entries.get('Extensions'), 'dict')
    const esic = asKind(extensions?.entries.get('ESIC'), 'dict')
    expect(nameOf(esic?.entries.get('BaseVersion'))).toBe(expected)
    expect(extensions?.entries.has('ADBE') ?? false).toBe(catalog.includes('ADBE'))
  })

  it('refuses a store that is there to keep a reader busy', async () => {
    const many = fileWith(`/DSS << /Certs [${'20 0 R '.repeat(10_001)}] >>`)
    await expect(add(many, {})).rejects.toMatchObject({ code: 'FORMAT_UNSUPPORTED' })
    const file = new FileBuilder().objects({
      ...ONE_PAGE,
      1: `<< /Type /Catalog /Pages 2 0 R /DSS << /Certs [${'20 0 R '.repeat(9)}] >> >>`,
    })
    file.stream(20, '/Filter /FlateDecode', deflateSync(new Uint8Array(8 << 20)))
    file.table('/Size 21 /Root 1 0 R')
    await expect(add(file.bytes(), {})).rejects.toMatchObject({ code: 'FORMAT_UNSUPPORTED' })
  })
})
