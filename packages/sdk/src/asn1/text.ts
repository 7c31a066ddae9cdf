/**
 * The string types of ASN.1.
 * @module
 */

/**
 * Reads text.
 * @param tag identifier octet
 * @returns undefined where it is of no string type; octets that are none of its characters become U+FFFD
 */
export function readText(tag: number, contents: Uint8Array): string | undefined {
  switch (tag) {
    case 0x0c: // UTF8String
      return new TextDecoder().decode(contents)
    case 0x12: // NumericString
    case 0x13: // PrintableString
    case 0x16: // IA5String
    case 0x1a: // VisibleString
    case 0x14: // TeletexString: T.61 in name, ISO 8859-1 in all certificates
      return readUnits(contents, 1)
    case 0x1e: // BMPString
      return readUnits(contents, 2)
    case 0x1c: // UniversalString
      return readUnits(contents, 4)
    default:
      return undefined
  }
}

/** Characters of a fixed width, big-endian. */
function readUnits(contents: Uint8Array, width: number): string {
  let text = ''
  for (let at = 0; at + width <= contents.length; at += width) {
    const unit = contents.subarray(at, at + width).reduce((sum, octet) => sum * 256 + octet, 0)
    // Two units of a BMPString may be a pair, as its writers know only UTF-16.
    text +=
      unit > 0x10ffff
        ? '\uFFFD'
        : width === 2
          ? String.fromCharCode(unit)
          : String.fromCodePoint(unit)
  }
  return text
}
