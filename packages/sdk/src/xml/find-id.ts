/**
 * What a reference `#id` means. Browsers and verifiers each have a rule of their own when two elements answer to one name,
 * and signature wrapping lives on it: here such a document is refused.
 * @module
 */
import { FormatError } from '../errors.ts'
import type { XmlDocument } from './parse.ts'

/** Attributes that name an element: those of XML Signature and XAdES, of SAML and old tools, of everything else. */
export const ID_ATTRIBUTES: readonly string[] = ['Id', 'ID', 'id']

/**
 * Finds the one element of a name.
 * @param attributes without a namespace; an element has its name by any of them, and by `xml:id`
 * @throws {FormatError} FORMAT_NOT_ALLOWED {rule: duplicate-id} where several elements have it
 */
export function findById(
  { elements }: Pick<XmlDocument, 'elements'>,
  id: string,
  attributes: readonly string[] = ID_ATTRIBUTES,
): Element | undefined {
  const [element, ...others] = elements.filter((candidate) => hasId(candidate, id, attributes))
  if (others.length === 0) return element
  throw new FormatError('FORMAT_NOT_ALLOWED', { details: { rule: 'duplicate-id' } })
}

function hasId(element: Element, id: string, attributes: readonly string[]): boolean {
  for (const { prefix, localName, value } of element.attributes) {
    if (value !== id) continue
    const isName = prefix ? prefix === 'xml' && localName === 'id' : attributes.includes(localName)
    if (isName) return true
  }
  return false
}
