/**
 * The text of an XML file. Only UTF-8 is read: a parser in a page gets text and ignores what the file says of itself, so
 * that a file of another encoding would be signed as something else than what its receiver reads.
 * @module
 */
import { malformedXml, unsupportedXml } from './malformed.ts'

/** The text, and where it starts in the bytes: after the byte order mark, where there is one. */
export interface DecodedXml {
  readonly text: string
  readonly startBytes: number
}

const MAX_BYTES = 64 << 20
/** As much of a file as its declaration takes. */
const DECLARATION_BYTES = 200

/** XMLDecl of XML 1.0 §2.8; what it claims is looked at after it was found to be one. */
const DECLARATION =
  /^<\?xml\s+version\s*=\s*(["'])([\w.:-]*)\1(?:\s+encoding\s*=\s*(["'])([\w.:-]*)\3)?(?:\s+standalone\s*=\s*(["'])(?:yes|no)\5)?\s*\?>/

/**
 * Decodes an XML file.
 * @throws {FormatError} FORMAT_UNSUPPORTED for more than 64 MiB, another encoding than UTF-8, or XML 1.1;
 *   FORMAT_MALFORMED where the bytes are not UTF-8
 * @see XML 1.0 §2.8, §4.3.3
 */
export function decodeXml(bytes: Uint8Array): DecodedXml {
  if (bytes.length > MAX_BYTES) throw unsupportedXml('XML of more than 64 MiB')
  const [first = 0, second = 0, third = 0] = bytes
  // Two octets of a byte order mark, or a `<` in two octets.
  const isUtf16 = first + second === 0xfe + 0xff || (first === 0) !== (second === 0)
  if (isUtf16) throw unsupportedXml('XML in UTF-16')
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    // Of another encoding, and says so.
    assertDeclaration(String.fromCharCode(...bytes.subarray(0, DECLARATION_BYTES)))
    throw malformedXml(0, 'UTF-8', cause)
  }
  assertDeclaration(text)
  const hasMark = first === 0xef && second === 0xbb && third === 0xbf
  return { text, startBytes: hasMark ? 3 : 0 }
}

function assertDeclaration(text: string): void {
  if (!/^<\?xml\s/.test(text)) return
  const match = DECLARATION.exec(text)
  if (match === null) throw malformedXml(0, 'an XML declaration')
  const [, , version, , encoding = 'UTF-8'] = match
  if (version !== '1.0') throw unsupportedXml(`XML ${version}`)
  if (!/^utf-8$/i.test(encoding)) throw unsupportedXml(`XML in ${encoding.slice(0, 40)}`)
}
