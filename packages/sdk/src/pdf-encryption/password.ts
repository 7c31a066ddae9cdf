/**
 * A password as bytes. Writers differ in how they encode what is not ASCII, so each way is tried: first that of the
 * standard, then what is met.
 * @module
 */
import { encodeUtf8, equalBytes, type Bytes } from '../bytes.ts'
import { encodePdfDoc } from '../pdf/text-string.ts'
import { prepareString } from './saslprep.ts'

/** Algorithm 2: 32 bytes count, filled up from a fixed run. */
const LEGACY_BYTES = 32
/** Algorithm 2.A. */
const MAX_MODERN_BYTES = 127

/** Spellings for R2 to R4: PDFDocEncoding, else UTF-8; at most 32 bytes. */
export function encodeLegacy(password: string): readonly Bytes[] {
  const plain = encodePdfDoc(password)
  const spellings = plain === undefined ? [] : [plain]
  return distinct([...spellings, encodeUtf8(password)], LEGACY_BYTES)
}

/** Spellings for R5 and R6: SASLprep and UTF-8, else UTF-8 of today's NFKC or as it is; at most 127 bytes. */
export function encodeModern(password: string): readonly Bytes[] {
  const spellings = [prepareString(password), password.normalize('NFKC'), password]
  return distinct(spellings.map(encodeUtf8), MAX_MODERN_BYTES)
}

function distinct(spellings: readonly Bytes[], maxBytes: number): readonly Bytes[] {
  const found: Bytes[] = []
  for (const spelling of spellings) {
    const cut = spelling.slice(0, maxBytes)
    if (!found.some((each) => equalBytes(each, cut))) found.push(cut)
  }
  return found
}
