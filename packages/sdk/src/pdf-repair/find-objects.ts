/**
 * Where objects seem to begin: every `N G obj` of a file, those inside of streams among them.
 * @module
 */
import { isDigit } from '../pdf/lexer.ts'

/** What looks like the head of an object. */
export interface Candidate {
  readonly number: number
  /** Offset of its first digit. */
  readonly offset: number
}

const [O, B, J] = [0x6f, 0x62, 0x6a]

/** Finds them in the order of the file, in one pass. */
export function findCandidates(bytes: Uint8Array): Candidate[] {
  const found: Candidate[] = []
  for (let at = bytes.indexOf(O); at !== -1; at = bytes.indexOf(O, at + 1)) {
    if (bytes[at + 1] !== B || bytes[at + 2] !== J) continue
    const candidate = headBefore(bytes, at)
    if (candidate !== undefined) found.push(candidate)
  }
  return found
}

/** Reads `N G` backwards from `obj`; more digits than any number of a PDF has are none. */
function headBefore(bytes: Uint8Array, end: number): Candidate | undefined {
  const generation = digitsBefore(bytes, end, 5)
  const number = generation && digitsBefore(bytes, generation.start, 10)
  if (number === undefined || isDigit(bytes[number.start - 1] ?? 0)) return undefined
  return { number: number.value, offset: number.start }
}

function digitsBefore(
  bytes: Uint8Array,
  end: number,
  maxDigits: number,
): { readonly start: number; readonly value: number } | undefined {
  let at = end
  while (at > end - 16 && isSpace(bytes[at - 1])) at--
  if (at === end) return undefined
  let value = 0
  let unit = 1
  const last = at
  while (last - at < maxDigits && isDigit(bytes[at - 1] ?? 0)) {
    value += ((bytes[--at] as number) - 0x30) * unit
    unit *= 10
  }
  return at === last ? undefined : { start: at, value }
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09 || byte === 0
}
