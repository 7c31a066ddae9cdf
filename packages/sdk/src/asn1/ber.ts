/**
 * BER, as some programs write whole signatures, read as DER: lengths that are known only at the end (X.690 §8.1.3.6) are
 * written out, and strings in pieces (§8.7.3) put together. Whatever is in DER keeps its very bytes, certificates and
 * what was signed among it.
 * @module
 */
import { type Bytes, concatBytes } from '../bytes.ts'
import { TAG, encodeElement } from './der.ts'
import { malformed } from './element.ts'

const MAX_DEPTH = 64
/** Of one element: a signature that is written in pieces has a few hundred. */
const MAX_CHILDREN = 50_000
const CONSTRUCTED = 0x20
const INDEFINITE = 0x80
/** A string in pieces. */
const PIECES = TAG.OCTET_STRING | CONSTRUCTED

/** An element that was read. */
interface Read {
  readonly tag: number
  readonly der: Uint8Array
  /** Behind the tag and length of `der`. */
  readonly contents: Uint8Array
  /** Where the next begins. */
  readonly next: number
}

/**
 * Gives the first element of BER as DER, or as near to it as this goes: sets keep their order.
 * @param what a word for the error's details
 * @returns fresh; what stands behind the element is left out
 * @throws {FormatError} FORMAT_MALFORMED
 */
export function convertBerToDer(ber: Uint8Array, what: string): Bytes {
  return new Uint8Array(readFirst(ber, what).der)
}

/**
 * As `convertBerToDer`, of bytes that are one element.
 * @returns what was passed where it is as it is to be
 * @throws {FormatError} FORMAT_MALFORMED, also where anything stands behind it
 */
export function wholeBerToDer(ber: Uint8Array, what: string): Uint8Array {
  const { der, next } = readFirst(ber, what)
  return next === ber.length ? der : malformed(what, next, 'nothing after the element')
}

const readFirst = (ber: Uint8Array, what: string): Read =>
  readElement(ber, 0, { what, end: ber.length, depth: 0 })

interface Within {
  readonly what: string
  readonly end: number
  readonly depth: number
}

function readElement(ber: Uint8Array, start: number, within: Within): Read {
  const { what, end, depth } = within
  const [tag = 0, first = 0] = ber.subarray(start, Math.min(start + 2, end))
  if (start + 2 > end || (tag & 0x1f) === 0x1f || depth > MAX_DEPTH) {
    malformed(what, start, 'an element of BER')
  }
  const isConstructed = (tag & CONSTRUCTED) !== 0
  if (isConstructed && first === INDEFINITE) return readIndefinite(ber, start, within)
  const { from, next } = readLength(ber, start, within)
  const whole = { tag, der: ber.subarray(start, next), contents: ber.subarray(from, next), next }
  if (
    !isConstructed ||
    (tag !== PIECES && isPlain(ber, from, { what, end: next, depth: depth + 1 }))
  ) {
    return whole
  }
  const children: Read[] = []
  for (let at = from; at < next; at = (children.at(-1) as Read).next) {
    addChild(children, readElement(ber, at, { what, end: next, depth: depth + 1 }), what)
  }
  return join(tag, children, next)
}

/** Tells whether elements are as they are to be. Of a list of a million no more is kept than that. */
function isPlain(ber: Uint8Array, start: number, { what, end, depth }: Within): boolean {
  if (depth > MAX_DEPTH) malformed(what, start, 'an element of BER')
  for (let at = start; at < end;) {
    const tag = ber[at] as number
    const isConstructed = (tag & CONSTRUCTED) !== 0
    if (tag === PIECES || (isConstructed && ber[at + 1] === INDEFINITE)) return false
    const { from, next } = readLength(ber, at, { what, end, depth })
    if (isConstructed && !isPlain(ber, from, { what, end: next, depth: depth + 1 })) return false
    at = next
  }
  return true
}

/** Where contents of a known length begin and end. */
function readLength(
  ber: Uint8Array,
  start: number,
  { what, end }: Within,
): { readonly from: number; readonly next: number } {
  const first = start + 2 > end ? INDEFINITE : (ber[start + 1] as number)
  const octets = first < INDEFINITE ? 0 : first & 0x7f
  const long = ber.subarray(start + 2, start + 2 + octets)
  const length = first < INDEFINITE ? first : long.reduce((sum, octet) => sum * 256 + octet, 0)
  const from = start + 2 + octets
  if (first === INDEFINITE || octets > 4 || from + length > end) malformed(what, start, 'a length')
  return { from, next: from + length }
}

function readIndefinite(ber: Uint8Array, start: number, { what, end, depth }: Within): Read {
  const tag = ber[start] as number
  const children: Read[] = []
  let at = start + 2
  // Two zeros end it.
  while (ber[at] !== 0 || ber[at + 1] !== 0) {
    if (at + 2 > end) malformed(what, start, 'an end of its contents')
    addChild(children, readElement(ber, at, { what, end, depth: depth + 1 }), what)
    at = (children.at(-1) as Read).next
  }
  if (at + 2 > end) malformed(what, start, 'an end of its contents')
  return join(tag, children, at + 2)
}

function addChild(children: Read[], child: Read, what: string): void {
  if (children.push(child) > MAX_CHILDREN) malformed(what, child.next, 'fewer elements in one')
}

/** Writes an element anew; a string in pieces as one. */
function join(tag: number, children: readonly Read[], next: number): Read {
  const isString = tag === PIECES
  const contents = concatBytes(...children.map((child) => (isString ? child.contents : child.der)))
  const own = isString ? TAG.OCTET_STRING : tag
  return { tag: own, der: encodeElement(own, contents), contents, next }
}
