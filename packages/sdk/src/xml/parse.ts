/**
 * XML files, read for signing: their tree, and where each element of it stands in the text.
 *
 * ```
 * bytes ─ decode ─► text ─ scan ─► spans          both must have seen the same elements in the same order,
 *                     └── DOM parser ─► tree      or nothing is signed
 * ```
 * @module
 */
import { type DecodedXml, decodeXml } from './decode.ts'
import { findDomParser } from './dom-parser.ts'
import { malformedXml } from './malformed.ts'
import { type ElementSpan, scanXml } from './scan.ts'

/** A file that was read. The tree is the caller's own. */
export interface XmlDocument extends DecodedXml {
  readonly dom: Document
  /** In document order. */
  readonly elements: readonly Element[]
  /** Of the elements, in the same order. */
  readonly spans: readonly ElementSpan[]
}

/**
 * Reads an XML file.
 * @throws {FormatError} FORMAT_MALFORMED; FORMAT_UNSUPPORTED for DOCTYPE, another encoding than UTF-8, XML 1.1, and sizes
 *   beyond 64 MiB, a million elements, 256 levels or 256 attributes an element
 * @throws {UsageError} USAGE_NOT_LOADED
 * @see XML 1.0, Namespaces in XML 1.0
 */
export async function parseXml(bytes: Uint8Array): Promise<XmlDocument> {
  const decoded = decodeXml(bytes)
  const spans = scanXml(decoded.text)
  const parseDom = await findDomParser()
  const dom = parseDom(decoded.text)
  // Empty where the parser gave up, or made something else of the file than was found in it.
  const elements = [...listElements(dom)]
  if (elements.length !== spans.length) throw malformedXml(0, 'well-formed XML')
  elements.forEach((element, index) => {
    const { name, attributes, start } = spans[index] as ElementSpan
    if (element.nodeName !== name || element.attributes.length !== attributes) {
      throw malformedXml(start, 'an element that every parser reads alike')
    }
    assertNamespaces(element, start)
  })
  return { ...decoded, dom, elements, spans }
}

function* listElements(dom: Document): Generator<Element> {
  // Null where the parser found none.
  let element: Element | null = dom.documentElement as Element | null
  while (element !== null) {
    yield element
    element = findFirst(element) ?? findFollowing(element)
  }
}

function findFollowing(element: Element): Element | null {
  for (let at: Node | null = element; at !== null; at = at.parentNode) {
    const next = findElement(at.nextSibling)
    if (next !== null) return next
  }
  return null
}

const findFirst = (element: Element): Element | null => findElement(element.firstChild)

function findElement(from: Node | null): Element | null {
  let node = from
  while (node !== null && node.nodeType !== 1) node = node.nextSibling
  return node as Element | null
}

/** A prefix must mean something, and no two attributes the same (Namespaces in XML §5, §6.3). */
function assertNamespaces(element: Element, offset: number): void {
  const names = new Set<string>()
  const assertMeaning = (node: Element | Attr): void => {
    if (node.prefix && !node.namespaceURI) throw malformedXml(offset, 'a declared prefix')
  }
  assertMeaning(element)
  for (const attribute of element.attributes) {
    assertMeaning(attribute)
    names.add(`${attribute.namespaceURI ?? ''} ${attribute.localName}`)
  }
  if (names.size !== element.attributes.length) throw malformedXml(offset, 'each attribute once')
}
