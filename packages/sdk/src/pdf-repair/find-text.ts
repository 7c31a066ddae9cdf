/**
 * ASCII words in bytes.
 * @module
 */
import { isTextAt } from '../pdf/xref.ts'

/** Finds the first place of a word at or behind an offset; -1 where there is none. */
export function findText(bytes: Uint8Array, text: string, from = 0, end = bytes.length): number {
  const first = text.charCodeAt(0)
  for (let at = bytes.indexOf(first, from); at !== -1; at = bytes.indexOf(first, at + 1)) {
    if (at + text.length > end) return -1
    if (isTextAt(bytes, at, text)) return at
  }
  return -1
}
