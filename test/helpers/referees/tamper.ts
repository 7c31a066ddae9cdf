/**
 * Signed files with one byte changed, at a place that leaves their structure alone: no honest referee accepts them.
 * @module
 */
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { SignedFile } from './types.ts'

/**
 * Copies a signed file into a folder with one byte of what was signed changed.
 * @returns of a file that brings its own copy that one
 * @throws where an attached CMS does not hold its data in one piece
 */
export async function tamper(file: SignedFile, folder: string): Promise<SignedFile> {
  if ('tampered' in file && file.tampered !== undefined) {
    return { ...file, signature: file.tampered }
  }
  const isBeside = file.kind !== 'attached' && file.kind !== 'pdf'
  const bytes = await readFile(isBeside ? file.data : file.signature)
  const at = await placeToChange(file, bytes)
  bytes[at] = bytes[at]! ^ 1
  const copy = path.join(folder, `tampered-${path.basename(file.signature)}`)
  await writeFile(copy, bytes)
  return isBeside ? { ...file, data: copy } : { ...file, signature: copy }
}

async function placeToChange(file: SignedFile, bytes: Buffer): Promise<number> {
  // The minor version in %PDF-1.7.
  if (file.kind === 'pdf') return 7
  if (file.kind !== 'attached') return 0
  const at = bytes.indexOf(await readFile(file.data))
  if (at < 0) throw new Error(`${file.signature}: the data is not inside in one piece`)
  return at
}
