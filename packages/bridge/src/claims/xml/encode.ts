/**
 * Writes an element in canonical form (Canonical XML 1.0 §2.3, 1.1 §2.3, Exclusive XML Canonicalization §3).
 * @module
 */
import { encodeAttribute, encodeText } from './escapes.ts'
import type { C14n, XmlElement } from './element.ts'

/**
 * Writes it. A declaration that says again what holds already is left out, and in the exclusive form one that this very
 * element does not use; an attribute of `xml:` stands in the inclusive form alone, on the outermost element, which has
 * it from outside.
 */
export function encodeCanonical(element: XmlElement, form: C14n): string {
  return encode(element, form, undefined)
}

function encode(element: XmlElement, form: C14n, outer: ReadonlyMap<string, string> | undefined) {
  const written = new Map(outer ?? [['', '']])
  const declarations = [...element.declarations]
    .filter(([prefix, address]) => written.get(prefix) !== address)
    .filter(([prefix]) => form === 'inclusive' || prefix === element.prefix)
    .toSorted(([left], [right]) => compare(left, right))
  for (const [prefix, address] of declarations) written.set(prefix, address)
  const attributes = [...element.attributes]
    .filter(([name]) => !name.startsWith('xml:') || (form === 'inclusive' && outer === undefined))
    .toSorted(([left], [right]) => compareNames(left, right))
  const name = element.prefix === '' ? element.local : `${element.prefix}:${element.local}`
  const head = [
    name,
    ...declarations.map(
      ([prefix, address]) =>
        `${prefix === '' ? 'xmlns' : `xmlns:${prefix}`}="${encodeAttribute(address)}"`,
    ),
    ...attributes.map(([local, value]) => `${local}="${encodeAttribute(value)}"`),
  ]
  const content: string = element.children.map((child) => encode(child, form, written)).join('')
  return `<${head.join(' ')}>${content}${encodeText(element.text)}</${name}>`
}

/** By namespace, which names without a prefix have none of, then by name. */
function compareNames(left: string, right: string): number {
  const order = Number(left.startsWith('xml:')) - Number(right.startsWith('xml:'))
  return order === 0 ? compare(left, right) : order
}

/** By code point; the names are ASCII. */
function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0
}
