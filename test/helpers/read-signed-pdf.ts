/** A signed PDF as its reader meets it. */
import type { Bytes } from '@trien/sdk/bytes'
import { concatBytes } from '@trien/sdk/bytes'
import { expect } from 'vitest'
import { findForm, listFields } from '../../packages/sdk/src/pades/form.ts'
import { getCatalog, getFirstPage } from '../../packages/sdk/src/pades/structure.ts'
import { openPdf } from '../../packages/sdk/src/pdf/document.ts'
import { asKind, integerOf, type PdfDict } from '../../packages/sdk/src/pdf/objects.ts'
import { decodeTextString } from '../../packages/sdk/src/pdf/text-string.ts'

/** What a reader of the file finds of its signatures. */
export async function readSigned(bytes: Bytes) {
  const document = await openPdf(bytes)
  const catalog = await getCatalog(document)
  const page = await getFirstPage(document, catalog.dict)
  const form = await findForm(document, catalog.dict)
  const fields = form === undefined ? [] : await listFields(document, form)
  const signatures = fields.map(({ value }) => asKind(value, 'dict'))
  return { document, catalog, page, form, fields, signatures }
}

/** The text string under a key. */
export const textIn = (dict: PdfDict | undefined, key: string) => {
  const value = asKind(dict?.entries.get(key), 'string')
  return value && decodeTextString(value)
}

/** The bytes that /ByteRange speaks of and the DER in the gap; the range must leave out nothing else. */
export function covered(file: Bytes, signature: PdfDict): { signed: Bytes; contents: Bytes } {
  const range = asKind(signature.entries.get('ByteRange'), 'array')!.items.map(integerOf)
  const [zero, before = 0, after = 0, rest = 0] = range
  expect(zero).toBe(0)
  expect([file[before], file[after - 1]]).toEqual([0x3c, 0x3e])
  expect(after + rest).toBe(file.length)
  const contents = new Uint8Array(asKind(signature.entries.get('Contents'), 'string')!.bytes)
  return { signed: concatBytes(file.subarray(0, before), file.subarray(after)), contents }
}
