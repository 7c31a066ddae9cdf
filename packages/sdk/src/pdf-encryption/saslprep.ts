/**
 * SASLprep (RFC 4013) as far as it changes a string: what it forbids is not asked here, for a password that nobody can
 * have been allowed to set is just a wrong one.
 * @module
 */

/** RFC 3454 table B.1, mapped to nothing; U+200B is also in C.1.2, and implementations drop it. */
const NOTHING = /[\u00ad\u034f\u1806\u180b-\u180d\u200b-\u200d\u2060\ufe00-\ufe0f\ufeff]/gu
/** Table C.1.2, mapped to a space. */
const SPACES = /[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/gu

/** NFKC by Unicode 3.2, which RFC 3454 binds to: five ideographs that a later version decomposes otherwise. */
const FIVE: Readonly<Record<string, string>> = {
  '\u{2f868}': '\u{2136a}',
  '\u{2f874}': '\u5f33',
  '\u{2f91f}': '\u43ab',
  '\u{2f95f}': '\u7aae',
  '\u{2f9bf}': '\u4d57',
}

/** Maps and normalises a string. */
export function prepareString(text: string): string {
  const mapped = text.replace(NOTHING, '').replace(SPACES, ' ')
  return mapped
    .replace(/[\u{2f868}\u{2f874}\u{2f91f}\u{2f95f}\u{2f9bf}]/gu, (each) => FIVE[each] ?? each)
    .normalize('NFKC')
}
