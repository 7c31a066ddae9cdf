/**
 * Object identifiers between their dotted form and their octets (X.690 §8.19): base 128, the first two arcs as one.
 * @module
 */

/** Reads the contents of an OBJECT IDENTIFIER as dotted; undefined where they are none. */
export function readOidArcs(contents: Uint8Array): string | undefined {
  const arcs: bigint[] = []
  let arc = 0n
  let isInside = false
  for (const octet of contents) {
    if (!isInside && octet === 0x80) return undefined
    arc = (arc << 7n) | BigInt(octet & 0x7f)
    isInside = octet >= 0x80
    if (isInside) continue
    arcs.push(arc)
    arc = 0n
  }
  const [first, ...rest] = arcs
  if (first === undefined || isInside) return undefined
  const root = first < 80n ? first / 40n : 2n
  return [root, first - root * 40n, ...rest].join('.')
}

/** What was written before: a signature names a dozen, and each the same as the one before it. */
const written = new Map<string, readonly number[]>()
const MAX_KEPT = 256

/** Writes the contents of an OBJECT IDENTIFIER. @param dotted of at least two arcs, none above 2^53 */
export function encodeOidArcs(dotted: string): readonly number[] {
  const known = written.get(dotted)
  if (known !== undefined) return known
  const octets = encodeArcs(dotted)
  if (written.size < MAX_KEPT) written.set(dotted, octets)
  return octets
}

function encodeArcs(dotted: string): readonly number[] {
  const [root = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  return [root * 40 + second, ...rest].flatMap(encodeArc)
}

function encodeArc(arc: number): number[] {
  const octets = [arc % 128]
  for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) {
    octets.unshift(0x80 | (left % 128))
  }
  return octets
}
