/**
 * How far hashing has come, where several documents are hashed one after the other.
 * @module
 */
import { sizeOf } from '../digest.ts'
import type { DocumentInput, HashProgress } from '../types.ts'

/**
 * Counts the documents of a list as one.
 * @param onProgress told the bytes of all that are done, and of all
 * @returns gives each document, in their order, its own listener
 */
export function sumProgress(
  documents: readonly { readonly data: DocumentInput }[],
  onProgress: HashProgress | undefined,
): (data: DocumentInput) => HashProgress | undefined {
  const total = documents.reduce((sum, { data }) => sum + sizeOf(data), 0)
  let before = 0
  return (data) => {
    const start = before
    before += sizeOf(data)
    return onProgress && ((done) => onProgress(start + done, total))
  }
}
