/**
 * Names of entries: what two programs could read in two ways, or write outside the folder that is meant, is refused.
 * @module
 */
import { malformedZip } from './malformed.ts'

/** Bit 11 of the flags: the name is UTF-8 (APPNOTE 4.4.4). */
export const UTF8_FLAG = 0x0800

/**
 * Reads a name. Without the flag it would be in code page 437, in which nobody writes; what is not UTF-8 is refused.
 * @throws {FormatError} FORMAT_MALFORMED
 */
export function parseName(bytes: Uint8Array): string {
  let name: string
  try {
    name = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    throw malformedZip('names in UTF-8', cause)
  }
  if (!isPath(name.replace(/\/$/, ''))) throw malformedZip('names that are relative paths')
  return name
}

/** Tells whether a name is a relative path that leads nowhere else: no `..`, no drive, no backslash, no control character. */
export function isPath(name: string): boolean {
  return (
    !/[\x00-\x1f\x7f\\]/.test(name) &&
    !/^[A-Za-z]:/.test(name) &&
    !name.split('/').some((step) => step === '' || step === '.' || step === '..')
  )
}
