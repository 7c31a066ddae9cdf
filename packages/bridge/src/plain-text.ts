/**
 * Text from a page or a certificate, made safe to show beside our own words.
 * @module
 */

/**
 * Replaces what could break a line, hide or reorder what is shown: control characters, line and paragraph separators,
 * bidirectional controls (Unicode UAX #9 §2), zero-width and other default-ignorable characters, lone surrogates, and
 * the blank of Braille, which is drawn as a space and is none. Marks that pile up over the lines above are cut to three.
 * Vietnamese in either normal form stays as it is, composed.
 */
export function stripControls(text: string): string {
  return text
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\u{2800}]/gu, ' ')
    .replace(/(\p{M}{3})\p{M}+/gu, '$1')
    .replace(/[\p{Cf}\p{Cs}\p{Co}\p{Default_Ignorable_Code_Point}]/gu, '\u{FFFD}')
}

/** One line of plain text: controls replaced, runs of spaces drawn together. */
export function plainLine(text: string): string {
  return stripControls(text)
    .replace(/\p{Zs}+/gu, ' ')
    .trim()
}

/**
 * Shortens a name in its middle, so that both its beginning and its file type stay visible.
 * @param maxLength in code points, at least 5
 */
export function shortenMiddle(text: string, maxLength: number): string {
  const points = [...text]
  if (points.length <= maxLength) return text
  const tail = Math.min(10, Math.floor((maxLength - 1) / 2))
  return `${points.slice(0, maxLength - 1 - tail).join('')}…${points.slice(points.length - tail).join('')}`
}
