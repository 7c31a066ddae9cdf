/**
 * Items for batches, a signer that is watched, and who takes what was signed.
 * @module
 */
import type { BatchItem, SignedItem } from '@trien/sdk/batch'
import type { Bytes, Signer, SigningRequest } from '@trien/sdk/types'
import { WORD, zipOffice } from './office-file.ts'
import { tableFile } from './pdf-file.ts'

export const text = (content: string): Bytes => new TextEncoder().encode(content)

export const XML = text('<hoSo><ten>Ánh</ten></hoSo>')

/** One item of each format. */
export const MIXED: readonly BatchItem[] = [
  { id: 'pdf', format: 'pdf', document: () => tableFile(), options: { reason: 'Duyệt' } },
  { id: 'cms', format: 'cms', document: async () => new Blob([text('một')]) },
  { id: 'p7m', format: 'cms', document: () => text('hai'), options: { detached: false } },
  { id: 'xml', format: 'xml', document: XML },
  { id: 'json', format: 'json', document: () => text('{"số":1}') },
  { id: 'asic', format: 'asic', document: () => [{ name: 'đơn.txt', data: text('ba') }] },
  { id: 'office', format: 'office', document: () => new Blob([zipOffice(WORD)]) },
]

export const notes = (count: number): BatchItem[] =>
  Array.from({ length: count }, (_, index) => ({
    ...{ id: `${index}`, format: 'cms' as const },
    document: async () => text(`văn bản ${index}`),
  }))

/** The same signer, keeping what it was asked, call by call. */
export function counting(inner: Signer, sign: Signer['sign'] = (...all) => inner.sign(...all)) {
  const calls: (readonly SigningRequest[])[] = []
  const signer: Signer = {
    ...inner,
    sign(requests, options) {
      calls.push(requests)
      return sign(requests, options)
    },
  }
  return { signer, calls }
}

/** Keeps what is handed over. */
export function collect() {
  const handed: SignedItem[] = []
  return { handed, onSigned: (item: SignedItem) => void handed.push(item) }
}
