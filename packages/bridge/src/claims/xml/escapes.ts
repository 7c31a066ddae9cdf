/**
 * The escapes that canonical XML writes, and no other (Canonical XML 1.0 §2.3).
 * @module
 */

const TEXT: readonly (readonly [character: string, escape: string])[] = [
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['\r', '&#xD;'],
]
const ATTRIBUTE: typeof TEXT = [
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['"', '&quot;'],
  ['\t', '&#x9;'],
  ['\n', '&#xA;'],
  ['\r', '&#xD;'],
]

/** Writes text. */
export const encodeText = (text: string): string => encode(text, TEXT)
/** Writes the value of an attribute. */
export const encodeAttribute = (value: string): string => encode(value, ATTRIBUTE)
/** Reads text; undefined where it holds any other entity. */
export const decodeText = (raw: string): string | undefined => decode(raw, TEXT)
/** Reads the value of an attribute; undefined where it holds any other entity. */
export const decodeAttribute = (raw: string): string | undefined => decode(raw, ATTRIBUTE)

function encode(text: string, table: typeof TEXT): string {
  // The ampersand stands first, so that what the others write stays as it is.
  return table.reduce((sum, [character, escape]) => sum.replaceAll(character, escape), text)
}

function decode(raw: string, table: typeof TEXT): string | undefined {
  let isKnown = true
  const text = raw.replace(/&[^;&]*;?/g, (entity) => {
    const found = table.find(([, escape]) => escape === entity)
    isKnown &&= found !== undefined
    return found?.[0] ?? ''
  })
  return isKnown ? text : undefined
}
