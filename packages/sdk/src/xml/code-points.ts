/**
 * The order of Canonical XML: by code point, which that of JavaScript's strings, by UTF-16 unit, is not.
 * @module
 */

/** Compares two strings by code points. */
export function compareCodePoints(left: string, right: string): number {
  const length = Math.min(left.length, right.length)
  for (let index = 0; index < length; index++) {
    const difference = weigh(left.charCodeAt(index)) - weigh(right.charCodeAt(index))
    if (difference !== 0) return difference
  }
  return left.length - right.length
}

/** Surrogates stand for code points above all others. */
function weigh(unit: number): number {
  if (unit < 0xd800) return unit
  return unit > 0xdfff ? unit - 0x800 : unit + 0x2000
}
