/**
 * Where one element of DER begins and ends. No object is made of an element, so that a list of a million of them costs
 * no more than its bytes.
 * @module
 */
import { FormatError } from '../errors.ts'

/** Offsets in the bytes that an element stands in. */
export interface ElementSpan {
  /** Identifier octet: low tag numbers only. */
  readonly tag: number
  /** Of the identifier octet. */
  readonly start: number
  /** Of the first octet of the contents. */
  readonly contents: number
  /** Behind the last octet. */
  readonly end: number
}

/** The deepest certificate seen in the wild nests 9 levels, an archived signature about 30. */
const MAX_DEPTH = 64
const CONSTRUCTED = 0x20
const MAX_LENGTH_OCTETS = 4

/**
 * Reads identifier and length of the element at an offset.
 * @param end of what the element stands in
 * @param what a word for the error's details
 * @throws {FormatError} FORMAT_MALFORMED {what, offset, expected}, also for what BER allows and DER forbids
 */
export function readElement(
  bytes: Uint8Array,
  start: number,
  end: number,
  what: string,
): ElementSpan {
  const tag = start < end ? (bytes[start] as number) : malformed(what, start, 'an element')
  if (!isDerIdentifier(tag)) malformed(what, start, 'an identifier octet of DER')
  let length = bytes[start + 1] ?? malformed(what, start, 'a length')
  let contents = start + 2
  if (length >= 0x80) {
    const octets = length & 0x7f
    if (octets === 0 || octets > MAX_LENGTH_OCTETS) malformed(what, start, 'a length of DER')
    length = 0
    for (const last = contents + octets; contents < last; contents++) {
      length = length * 256 + (bytes[contents] ?? malformed(what, start, 'a length'))
    }
    const isMinimal = octets === 1 ? length >= 0x80 : length >= 256 ** (octets - 1)
    if (!isMinimal) malformed(what, start, 'a minimal length')
  }
  if (contents + length > end) malformed(what, start, 'as many octets as its length says')
  return { tag, start, contents, end: contents + length }
}

/** Tells whether an element holds elements, and not octets. */
export function isConstructed({ tag }: ElementSpan): boolean {
  return (tag & CONSTRUCTED) !== 0
}

/**
 * Makes sure that bytes are exactly one element, down to the last one inside.
 * @throws {FormatError} FORMAT_MALFORMED
 */
export function assertDer(bytes: Uint8Array, what: string): ElementSpan {
  const root = readElement(bytes, 0, bytes.length, what)
  if (root.end !== bytes.length) malformed(what, root.end, 'nothing after the element')
  const ends: number[] = []
  let element = root
  for (;;) {
    if (isConstructed(element)) ends.push(element.end)
    if (ends.length > MAX_DEPTH) malformed(what, element.start, `at most ${MAX_DEPTH} levels`)
    const next = isConstructed(element) ? element.contents : element.end
    while (ends.length > 0 && next === ends[ends.length - 1]) ends.pop()
    const end = ends[ends.length - 1]
    if (end === undefined) return root
    element = readElement(bytes, next, end, what)
  }
}

/** Of the universal class only SEQUENCE and SET are constructed (X.690 §10.2). */
function isDerIdentifier(tag: number): boolean {
  if ((tag & 0x1f) === 0x1f || tag === 0) return false
  const isUniversalConstructed = (tag & 0xe0) === CONSTRUCTED
  return tag === 0x30 || tag === 0x31 || !isUniversalConstructed
}

/** @throws {FormatError} FORMAT_MALFORMED */
export function malformed(what: string, offset: number, expected: string): never {
  throw new FormatError('FORMAT_MALFORMED', { details: { what, offset, expected } })
}
