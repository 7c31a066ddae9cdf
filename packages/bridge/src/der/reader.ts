/**
 * A strict reader of DER, for bytes that a stranger wrote: one-octet tags, definite minimal lengths, nothing left over.
 *
 * It descends only where its caller asks, so that no input decides how deep the stack goes, and it copies nothing.
 * Whatever it does not know it refuses; it is no general ASN.1 library.
 * @module
 */

/** The bytes are not the DER that was asked for. Holds an offset and never a byte of the input. */
export class DerError extends Error {
  override readonly name = 'DerError'
}

/** One tag-length-value; both arrays are views on the input. */
export interface DerElement {
  /** The identifier octet: class, constructed bit and number together. */
  readonly tag: number
  readonly encoded: Uint8Array
  readonly content: Uint8Array
}

/** The identifier octets that the bridge's structures use. */
export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  enumerated: 0x0a,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const

/** How much a reader takes in. */
export interface DerLimits {
  /** Of all elements together; a length has three octets at most. */
  readonly maxBytes: number
  /** Side by side, at one level. */
  readonly maxElements: number
}

/** Nearly no structure that the bridge reads is larger. */
const SMALL: DerLimits = { maxBytes: 64 * 1024, maxElements: 16 * 1024 }

/**
 * Reads bytes that are exactly one element.
 * @throws {DerError}
 */
export function parseDer(bytes: Uint8Array, tag: number, limits = SMALL): DerElement {
  const element = getOnly(parseElements(bytes, limits))
  getContent(element, tag)
  return element
}

/**
 * Reads the elements that lie end to end in the content of a constructed element.
 * @throws {DerError}
 */
export function parseElements(
  bytes: Uint8Array,
  { maxBytes, maxElements }: DerLimits = SMALL,
): DerElement[] {
  if (bytes.length > maxBytes) throw new DerError(`more than ${maxBytes} bytes`)
  const elements: DerElement[] = []
  for (let offset = 0; offset < bytes.length;) {
    if (elements.length >= maxElements) throw new DerError(`more than ${maxElements} elements`)
    const element = readElement(bytes, offset)
    elements.push(element)
    offset += element.encoded.length
  }
  return elements
}

/**
 * Gives the content of an element that must be there with this tag.
 * @throws {DerError}
 */
export function getContent(element: DerElement | undefined, tag: number): Uint8Array {
  if (element?.tag !== tag) {
    throw new DerError(`expected tag 0x${tag.toString(16)}, not 0x${element?.tag.toString(16)}`)
  }
  return element.content
}

/**
 * Gives the elements inside an element that must be there with this tag.
 * @throws {DerError}
 */
export function getChildren(
  element: DerElement | undefined,
  tag: number,
  limits = SMALL,
): DerElement[] {
  return parseElements(getContent(element, tag), limits)
}

/**
 * Gives the only one of elements.
 * @throws {DerError}
 */
export function getOnly(elements: readonly DerElement[]): DerElement {
  const [element, ...others] = elements
  if (element === undefined || others.length > 0) throw new DerError('expected exactly one element')
  return element
}

function readElement(bytes: Uint8Array, start: number): DerElement {
  const tag = bytes[start] as number
  if ((tag & 0x1f) === 0x1f) throw new DerError(`tag of several octets at ${start}`)
  const { length, contentStart } = readLength(bytes, start + 1)
  const end = contentStart + length
  if (end > bytes.length) throw new DerError(`element at ${start} ends outside its parent`)
  return {
    tag,
    encoded: bytes.subarray(start, end),
    content: bytes.subarray(contentStart, end),
  }
}

/** X.690 §10.1: the definite form, in the fewest octets. */
function readLength(bytes: Uint8Array, start: number): { length: number; contentStart: number } {
  const first = bytes[start]
  if (first === undefined) throw new DerError(`no length at ${start}`)
  if (first < 0x80) return { length: first, contentStart: start + 1 }
  const octets = first & 0x7f
  if (octets === 0 || octets > 3) throw new DerError(`length form at ${start}`)
  const contentStart = start + 1 + octets
  if (contentStart > bytes.length) throw new DerError(`length cut off at ${start}`)
  let length = 0
  for (let index = start + 1; index < contentStart; index++) {
    length = length * 256 + (bytes[index] as number)
  }
  const isMinimal = length >= 0x80 && length >= 256 ** (octets - 1)
  if (!isMinimal) throw new DerError(`length not minimal at ${start}`)
  return { length, contentStart }
}
