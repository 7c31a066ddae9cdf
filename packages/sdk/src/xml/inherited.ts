/**
 * What an element has from the elements around it, where it is canonicalised without them.
 * @module
 */
import { joinUriReferences } from './join-uri.ts'

export const XML_NAMESPACE = 'http://www.w3.org/XML/1998/namespace'
export const XMLNS_NAMESPACE = 'http://www.w3.org/2000/xmlns/'

/** An attribute as it is written. */
export interface WrittenAttribute {
  readonly namespace: string
  readonly prefix: string
  readonly local: string
  readonly value: string
}

/** The elements around a node, the nearest first. */
export function* listAncestors({ parentNode }: Node): Generator<Element> {
  for (let node = parentNode; node?.nodeType === 1; node = node.parentNode) {
    yield node as Element
  }
}

/** The namespaces that are declared around an element: prefix (empty for the default) to address. */
export function findOuterScope(element: Element): Map<string, string> {
  const scope = new Map<string, string>()
  for (const ancestor of [...listAncestors(element)].reverse()) {
    for (const { prefix, local, address } of listDeclarations(ancestor)) {
      scope.set(prefix === '' ? '' : local, address)
    }
  }
  return scope
}

/** The declarations of an element. */
export function* listDeclarations(
  element: Element,
): Generator<{ readonly prefix: string; readonly local: string; readonly address: string }> {
  for (const { namespaceURI, prefix, localName, value } of element.attributes) {
    if (namespaceURI !== XMLNS_NAMESPACE) continue
    yield { prefix: prefix ?? '', local: localName, address: value }
  }
}

/**
 * The attributes of `xml:` that inclusive canonicalisation brings to an outermost element: of 1.0 all, the nearest of each
 * name; of 1.1 those that are inherited by their nature, and `xml:base` joined from all.
 * @see Canonical XML 1.0 §2.4, 1.1 §2.4
 */
export function inheritXmlAttributes(
  element: Element,
  version: '1.0' | '1.1',
): readonly WrittenAttribute[] {
  const ancestors = [...listAncestors(element)]
  const found = new Map<string, string>()
  for (const ancestor of ancestors) {
    for (const { namespaceURI, localName, value } of ancestor.attributes) {
      if (namespaceURI !== XML_NAMESPACE || found.has(localName)) continue
      if (version === '1.1' && localName !== 'lang' && localName !== 'space') continue
      found.set(localName, value)
    }
  }
  for (const { namespaceURI, localName } of element.attributes) {
    if (namespaceURI === XML_NAMESPACE) found.delete(localName)
  }
  const base = version === '1.1' ? joinBases([element, ...ancestors]) : undefined
  if (base !== undefined) found.set('base', base)
  return [...found].map(([local, value]) => ({
    ...{ namespace: XML_NAMESPACE, prefix: 'xml', local, value },
  }))
}

/** Undefined where no element around has a base, so that the element's own stands as it is. */
function joinBases([element, ...ancestors]: readonly Element[]): string | undefined {
  const baseOf = (of: Element | undefined): string | null =>
    of?.getAttributeNS(XML_NAMESPACE, 'base') ?? null
  const outer = ancestors.map(baseOf).filter((base) => base !== null)
  if (outer.length === 0) return undefined
  const own = baseOf(element)
  const joined = [...outer.reverse(), ...(own === null ? [] : [own])].reduce(joinUriReferences)
  return joined === '' ? undefined : joined
}
