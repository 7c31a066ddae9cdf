/**
 * What a reference `#id` means. Browsers and verifiers each have a rule of their own when two elements answer to one name,
 * and signature wrapping lives on it: here such a document is refused.
 * @module
 */
import { FormatError } from '../errors.ts'
import type { XmlDocument } from './parse.ts'

/** Attributes that name an element: those of XML Signature and XAdES, of SAML and old tools, of everything else. */
export const ID_ATTRIBUTES: readonly string[] = ['Id', 'ID', 'id']

type Names = ReadonlyMap<string, readonly Element[]>

/** Who answers to which name, by the list of elements that was looked through: a file of thousands of signatures has twice as many references. */
const known = new WeakMap<readonly Element[], Names>()

/**
 * Finds the one element of a name. The names of a document are read when the first is asked for, and must stay as they are.
 * @returns the element that has its name by an attribute of `ID_ATTRIBUTES` without a namespace, or by `xml:id`
 * @throws {FormatError} FORMAT_NOT_ALLOWED {rule: duplicate-id} where several elements have it
 */
export function findById(
  { elements }: Pick<XmlDocument, 'elements'>,
  id: string,
): Element | undefined {
  const names = known.get(elements) ?? readNames(elements)
  known.set(elements, names)
  const [element, ...others] = names.get(id) ?? []
  if (others.length === 0) return element
  throw new FormatError('FORMAT_NOT_ALLOWED', { details: { rule: 'duplicate-id' } })
}

function readNames(elements: readonly Element[]): Names {
  const names = new Map<string, Element[]>()
  for (const element of elements) {
    for (const name of new Set(listNames(element))) {
      const bearers = names.get(name)
      if (bearers === undefined) names.set(name, [element])
      else bearers.push(element)
    }
  }
  return names
}

/** One element may have one name twice. */
function* listNames(element: Element): Generator<string> {
  for (const { prefix, localName, value } of element.attributes) {
    const isName = prefix
      ? prefix === 'xml' && localName === 'id'
      : ID_ATTRIBUTES.includes(localName)
    if (isName) yield value
  }
}
