/**
 * The person's own files: one, or several that are signed together.
 * @module
 */
import { formatOf } from './formats.ts'
import type { Batch, ChosenDocument, Store } from './state.ts'

/** Takes what was chosen or dropped in place of what was there. */
export function takeFiles(store: Store, files: readonly File[]): void {
  const [first, second] = files
  if (first === undefined) return
  releaseBatch(store.get().batch)
  const own = second === undefined ? readFile(first) : undefined
  const batch = own === undefined ? createBatch(files.map(readFile)) : undefined
  store.set({ own, batch, picked: 'own', trouble: undefined })
}

/** Makes a batch of which nothing is signed. */
export function createBatch(documents: readonly ChosenDocument[]): Batch {
  return { files: documents.map((document) => ({ document, step: 'waiting' })), store: new Map() }
}

/** Forgets what was signed. */
export function releaseBatch(batch: Batch | undefined): void {
  for (const { file } of batch?.files ?? []) if (file) URL.revokeObjectURL(file.url)
}

function readFile(file: File): ChosenDocument {
  return { name: file.name, format: formatOf(file.name), content: file, isSample: false }
}
