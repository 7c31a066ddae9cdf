/**
 * Canonical XML: the one way to write a tree, so that who signs and who verifies hash the same bytes.
 *
 * ```
 * <p:name xmlns="…" xmlns:p="…" a="…" q:b="…">text<child></child><?target data?></p:name>
 * ```
 *
 * Written are a document, or an element with all that is in it, without the subtrees that the caller leaves out: all that
 * signatures of Trien's kinds ask for. A tree that came through `parseXml` has no DOCTYPE, so no attribute is defaulted.
 * @module
 */
import { type Bytes, encodeUtf8 } from '../bytes.ts'
import { type C14nForm, findC14nForm } from './c14n-methods.ts'
import { compareCodePoints } from './code-points.ts'
import { escapeAttribute, escapeText } from './escape.ts'
import {
  type WrittenAttribute,
  XMLNS_NAMESPACE,
  XML_NAMESPACE,
  findOuterScope,
  inheritXmlAttributes,
} from './inherited.ts'
import { unsupportedXml } from './malformed.ts'

/** What else a canonicalisation is told. */
export interface C14nOptions {
  /** Exclusive only: prefixes that are treated as the inclusive form does, `#default` for none. */
  readonly inclusivePrefixes?: readonly string[] | undefined
  /** Tells which elements are left out, with all that is in them. */
  readonly isLeftOut?: ((element: Element) => boolean) | undefined
  /** Overrules the method: what `#id` and the empty URI mean has no comments (XML Signature 1.1 §4.4.3.3). */
  readonly withoutComments?: boolean | undefined
}

type Scope = ReadonlyMap<string, string>

/** What is written around an outermost element. */
const NOTHING: Scope = new Map()

/**
 * Writes a document or an element in a canonical form.
 * @param method address of the form, as `CanonicalizationMethod` and `Transform` name it
 * @returns UTF-8; a fresh array
 * @throws {FormatError} FORMAT_UNSUPPORTED for an unknown method, or a namespace that is a relative address, which the
 *   standards leave without a meaning (Canonical XML 1.0 §1.3)
 * @see Canonical XML 1.0, 1.1 and Exclusive XML Canonicalization 1.0
 */
export function canonicalize(
  node: Document | Element,
  method: string,
  options: C14nOptions = {},
): Bytes {
  const form = findC14nForm(method)
  if (form === undefined) throw unsupportedXml(`canonicalisation ${method.slice(0, 80)}`)
  const writer = new Writer(form, options)
  if (node.nodeType === 9) writer.writeDocument(node as Document)
  else writer.writeApex(node as Element)
  return encodeUtf8(writer.parts.join(''))
}

class Writer {
  readonly parts: string[] = []
  readonly #form: C14nForm
  readonly #options: C14nOptions
  readonly #comments: boolean

  constructor(form: C14nForm, options: C14nOptions) {
    this.#form = form
    this.#options = options
    this.#comments = form.comments && options.withoutComments !== true
  }

  /** Outside of the root only comments and instructions, each on a line of its own. */
  writeDocument(document: Document): void {
    let isAfterRoot = false
    for (let node: Node | null = document.firstChild; node !== null; node = node.nextSibling) {
      if (node.nodeType === 1) {
        this.writeApex(node as Element)
        isAfterRoot = true
        continue
      }
      // xmldom keeps the XML declaration and the white space around the root as nodes.
      const isOfTree = node.nodeType === 7 ? node.nodeName !== 'xml' : node.nodeType === 8
      if (!isOfTree) continue
      const before = this.parts.length
      this.#writeNode(node, NOTHING, NOTHING)
      if (this.parts.length === before) continue
      if (isAfterRoot) this.parts.splice(before, 0, '\n')
      else this.parts.push('\n')
    }
  }

  writeApex(element: Element): void {
    const inherited = this.#form.isExclusive
      ? []
      : inheritXmlAttributes(element, this.#form.version)
    this.#writeElement(element, findOuterScope(element), NOTHING, inherited)
  }

  #writeNode(node: Node, scope: Scope, written: Scope): void {
    const { nodeType, nodeValue } = node
    if (nodeType === 1) this.#writeElement(node as Element, scope, written, [])
    else if (nodeType === 3 || nodeType === 4) this.parts.push(escapeText(nodeValue ?? ''))
    else if (nodeType === 7) this.parts.push(encodeInstruction(node as ProcessingInstruction))
    else if (nodeType === 8 && this.#comments) {
      this.parts.push(`<!--${(nodeValue ?? '').replaceAll('\r', '&#xD;')}-->`)
    }
  }

  #writeElement(
    element: Element,
    outerScope: Scope,
    outerWritten: Scope,
    inherited: readonly WrittenAttribute[],
  ): void {
    if (this.#options.isLeftOut?.(element) === true) return
    const { scope, attributes } = readStartTag(element, outerScope)
    // In the inclusive form only a declaration says anything new, or an element that is written without those around it.
    const isNew = this.#form.isExclusive || scope !== outerScope || outerWritten === NOTHING
    const declarations = isNew
      ? this.#decideDeclarations(element, attributes, scope, outerWritten)
      : []
    const written = declarations.length === 0 ? outerWritten : new Map(outerWritten)
    const name = element.nodeName
    this.parts.push('<', name)
    for (const [prefix, address] of declarations) {
      ;(written as Map<string, string>).set(prefix, address)
      this.parts.push(prefix === '' ? ' xmlns="' : ` xmlns:${prefix}="`, escapeAttribute(address))
      this.parts.push('"')
    }
    const own = inherited.length === 0 ? attributes : overrule(inherited, attributes)
    for (const { prefix, local, value } of own.sort(compareAttributes)) {
      const attribute = prefix === '' ? local : `${prefix}:${local}`
      this.parts.push(' ', attribute, '="', escapeAttribute(value), '"')
    }
    this.parts.push('>')
    for (let node = element.firstChild; node !== null; node = node.nextSibling) {
      this.#writeNode(node, scope, written)
    }
    this.parts.push('</', name, '>')
  }

  /** The declarations that are written: those that say anything new to a reader of what is written. */
  #decideDeclarations(
    element: Element,
    attributes: readonly WrittenAttribute[],
    scope: Scope,
    written: Scope,
  ): readonly (readonly [string, string])[] {
    const declarations: (readonly [string, string])[] = []
    const prefixes = this.#form.isExclusive
      ? this.#findUsedPrefixes(element, attributes, scope)
      : scope.keys()
    for (const prefix of prefixes) {
      if (prefix === 'xml') continue
      const address = scope.get(prefix) ?? ''
      if (address === (written.get(prefix) ?? '')) continue
      assertAbsolute(address)
      declarations.push([prefix, address])
    }
    return declarations.sort(([left], [right]) => compareCodePoints(left, right))
  }

  #findUsedPrefixes(
    element: Element,
    attributes: readonly WrittenAttribute[],
    scope: Scope,
  ): ReadonlySet<string> {
    const prefixes = new Set([element.prefix ?? ''])
    for (const { prefix } of attributes) if (prefix !== '') prefixes.add(prefix)
    for (const listed of this.#options.inclusivePrefixes ?? []) {
      const prefix = listed === '#default' ? '' : listed
      if (scope.has(prefix)) prefixes.add(prefix)
    }
    return prefixes
  }
}

function readStartTag(
  element: Element,
  outer: Scope,
): { readonly scope: Scope; readonly attributes: WrittenAttribute[] } {
  let scope = outer
  const attributes: WrittenAttribute[] = []
  for (const { namespaceURI, prefix, localName, value } of element.attributes) {
    if (namespaceURI === XMLNS_NAMESPACE) {
      if (scope === outer) scope = new Map(outer)
      ;(scope as Map<string, string>).set(prefix === null ? '' : localName, value)
    } else {
      const namespace = namespaceURI ?? ''
      attributes.push({ namespace, prefix: prefix ?? '', local: localName, value })
    }
  }
  return { scope, attributes }
}

function overrule(
  inherited: readonly WrittenAttribute[],
  own: readonly WrittenAttribute[],
): WrittenAttribute[] {
  const isInherited = ({ namespace, local }: WrittenAttribute): boolean =>
    namespace === XML_NAMESPACE && inherited.some((attribute) => attribute.local === local)
  return [...inherited, ...own.filter((attribute) => !isInherited(attribute))]
}

function compareAttributes(left: WrittenAttribute, right: WrittenAttribute): number {
  const order = compareCodePoints(left.namespace, right.namespace)
  return order === 0 ? compareCodePoints(left.local, right.local) : order
}

function encodeInstruction({ target, data }: ProcessingInstruction): string {
  const escaped = data.replaceAll('\r', '&#xD;')
  return data === '' ? `<?${target}?>` : `<?${target} ${escaped}?>`
}

function assertAbsolute(address: string): void {
  if (address === '' || /^[A-Za-z][A-Za-z0-9+.-]*:/.test(address)) return
  throw unsupportedXml('namespaces that are relative addresses')
}
