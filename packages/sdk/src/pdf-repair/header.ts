/**
 * The header of a damaged file.
 * @module
 */
import { isDigit } from '../pdf/lexer.ts'
import { findText } from './find-text.ts'

/** Readers look for it there (ISO 32000-1 Annex H.3.4.1). */
const HEADER_BYTES = 1024

/** The version that it names, 1.7 where it names none; and whether it stood at offset 0. */
export function readHeader(bytes: Uint8Array): { version: string; isInPlace: boolean } {
  const at = findText(bytes, '%PDF-', 0, Math.min(bytes.length, HEADER_BYTES))
  const [major = 0, dot = 0, minor = 0] = bytes.subarray(at + 5, at + 8)
  const isVersion = at !== -1 && isDigit(major) && dot === 0x2e && isDigit(minor)
  const version = isVersion ? String.fromCharCode(major, dot, minor) : '1.7'
  return { version, isInPlace: at === 0 && isVersion }
}
