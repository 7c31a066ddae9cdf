/**
 * A serif with the widths of Times New Roman, which the clerical rules name (Decree 30/2020/NĐ-CP, Appendix I): Tinos,
 * for Latin letters, all of Vietnamese, and the signs of official papers. A visible signature loads it by itself; whoever
 * wants the click to find it there imports this subpath earlier.
 *
 * It imports nothing that runs: as `serif.js` it lies beside `trien.min.js`, which loads it from there.
 * @module
 */
import type { Bytes } from '../../bytes.ts'
import { TINOS_ZLIB_BASE64 } from './tinos.ts'

/**
 * Unpacks the font.
 * @returns a TrueType file, 31 kB, in a fresh array
 * @see the SIL Open Font License 1.1, font/OFL.txt of this package   @since 0.1
 */
export async function loadSerif(): Promise<Bytes> {
  const packed = Uint8Array.from(atob(TINOS_ZLIB_BASE64), (character) => character.charCodeAt(0))
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate'))
  return new Uint8Array(await new Response(stream).arrayBuffer())
}
