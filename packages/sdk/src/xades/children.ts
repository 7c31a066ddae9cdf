/**
 * Children of elements by name.
 * @module
 */
import { malformedXml } from '../xml/malformed.ts'

/** Lists the children of a name, in order. */
export function listChildren(
  parent: Element,
  namespace: string,
  local: string,
): readonly Element[] {
  const found: Element[] = []
  for (let node = parent.firstChild; node !== null; node = node.nextSibling) {
    if (isNamed(node, namespace, local)) found.push(node as Element)
  }
  return found
}

/** Finds the only child of a name. @throws {FormatError} FORMAT_MALFORMED where there are several */
export function findChild(parent: Element, namespace: string, local: string): Element | undefined {
  const [child, ...others] = listChildren(parent, namespace, local)
  if (others.length > 0) throw malformedXml(0, `one ${local}`)
  return child
}

/** Gives the only child of a name. @throws {FormatError} FORMAT_MALFORMED */
export function getChild(parent: Element, namespace: string, local: string): Element {
  const child = findChild(parent, namespace, local)
  if (child === undefined) throw malformedXml(0, local)
  return child
}

/** Tells whether a node is an element of a name. */
export function isNamed(node: Node, namespace: string, local: string): boolean {
  if (node.nodeType !== 1) return false
  const { localName, namespaceURI } = node as Element
  return localName === local && namespaceURI === namespace
}
