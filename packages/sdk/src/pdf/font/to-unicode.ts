/**
 * The way back from codes to text, so that what is shown can be searched, copied and read aloud (ISO 32000-2 §9.10.3).
 * @module
 */
import { encodeUtf8, type Bytes } from '../../bytes.ts'

/** As many as an operator takes (Adobe Technical Note 5014). */
const MAX_A_BLOCK = 100

/**
 * Writes the CMap.
 * @param codePoints of the codes 1, 2 …
 */
export function encodeToUnicode(codePoints: readonly number[]): Bytes {
  const lines = [
    '/CIDInit /ProcSet findresource begin',
    '12 dict begin',
    'begincmap',
    '/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def',
    '/CMapName /Adobe-Identity-UCS def',
    '/CMapType 2 def',
    '1 begincodespacerange',
    '<0000> <FFFF>',
    'endcodespacerange',
  ]
  for (let start = 0; start < codePoints.length; start += MAX_A_BLOCK) {
    const block = codePoints.slice(start, start + MAX_A_BLOCK)
    lines.push(`${block.length} beginbfchar`)
    for (const [index, codePoint] of block.entries()) {
      lines.push(
        `<${encodeUnits(String.fromCharCode(start + index + 1))}> <${encodeUnits(String.fromCodePoint(codePoint))}>`,
      )
    }
    lines.push('endbfchar')
  }
  lines.push('endcmap', 'CMapName currentdict /CMap defineresource pop', 'end', 'end', '')
  return encodeUtf8(lines.join('\n'))
}

/** UTF-16BE in hexadecimal. */
export function encodeUnits(text: string): string {
  let hex = ''
  for (let index = 0; index < text.length; index++) {
    hex += text.charCodeAt(index).toString(16).toUpperCase().padStart(4, '0')
  }
  return hex
}
