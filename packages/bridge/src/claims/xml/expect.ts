/**
 * Expectations on elements that were read: this name, these attributes, these children, in this order.
 * @module
 */
import { type Bytes, equalBytes } from '@trien/sdk/bytes'
import { type XmlElement, XmlError } from './element.ts'

/** XML Signature, http://www.w3.org/TR/xmldsig-core1/. */
export const DSIG = 'http://www.w3.org/2000/09/xmldsig#'
/** XAdES 1.3.2, EN 319 132-1 §4.2. */
export const XADES = 'http://uri.etsi.org/01903/v1.3.2#'

/** What an element must be. */
export interface Expected {
  readonly namespace: string
  readonly local: string
  /** Attributes that it may have; those of `xml:` are harmless and not asked about. */
  readonly attributes?: readonly string[]
}

/**
 * Gives an element that must be there with this name, and with no attribute but these.
 * @throws {XmlError}
 */
export function getElement(
  element: XmlElement | undefined,
  { namespace, local, attributes = [] }: Expected,
): XmlElement {
  if (element?.local !== local || element.namespace !== namespace) {
    throw new XmlError(`expected ${local}, not ${element?.local}`)
  }
  for (const name of element.attributes.keys()) {
    if (!name.startsWith('xml:') && !attributes.includes(name)) {
      throw new XmlError(`an attribute that ${local} may not have`)
    }
  }
  return element
}

/**
 * Gives the children of an element that has as many, and no text.
 * @throws {XmlError}
 */
export function getChildren(element: XmlElement, min: number, max = min): readonly XmlElement[] {
  const { children, text, local } = element
  if (text !== '' || children.length < min || children.length > max) {
    throw new XmlError(`expected ${min} to ${max} elements in ${local}`)
  }
  return children
}

/**
 * Gives the text of an element that has nothing else.
 * @throws {XmlError}
 */
export function getText({ children, text, local }: XmlElement): string {
  if (children.length > 0 || text === '') throw new XmlError(`expected text in ${local}`)
  return text
}

/**
 * Gives bytes written in base64 with padding and without a line break, in their one spelling (RFC 4648 §4).
 * @throws {XmlError}
 */
export function getBase64(element: XmlElement): Bytes {
  const text = getText(element)
  const bytes = parseBase64(text)
  if (bytes === undefined) throw new XmlError(`expected base64 in ${element.local}`)
  return bytes
}

/** Reads base64 in its one spelling; undefined where the text is anything else. */
export function parseBase64(text: string): Bytes | undefined {
  const bytes = new Uint8Array(Buffer.from(text, 'base64'))
  return Buffer.from(bytes).toString('base64') === text ? bytes : undefined
}

/**
 * Gives the only attribute that an empty element must have: its algorithm.
 * @throws {XmlError}
 */
export function getAlgorithmUri(element: XmlElement | undefined, local: string): string {
  const found = getElement(element, { namespace: DSIG, local, attributes: ['Algorithm'] })
  getChildren(found, 0)
  return found.attributes.get('Algorithm') ?? ''
}

/** @throws {XmlError} where they differ */
export function assertSame(actual: Uint8Array, expected: Uint8Array): void {
  if (!equalBytes(actual, expected)) throw new XmlError('not the same')
}
