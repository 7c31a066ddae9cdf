/**
 * `[Content_Types].xml`: what each part is.
 *
 * ```
 * Types                                                                  ISO/IEC 29500-2 §7.2.3
 *   Default Extension ContentType      of all parts with an ending
 *   Override PartName ContentType      of one
 * ```
 * @module
 */
import type { Bytes } from '../bytes.ts'
import { encodeElement } from '../xades/element-text.ts'
import { applyEdit, planAppend } from '../xml/insert.ts'
import { type XmlDocument, parseXml } from '../xml/parse.ts'
import type { ElementSpan } from '../xml/scan.ts'
import { malformedPackage } from './malformed.ts'
import { CONTENT_TYPES } from './names.ts'
import { sameName } from './part-name.ts'

/** The list, as it was read. */
export interface ContentTypes {
  readonly source: Bytes
  readonly xml: XmlDocument
  /** By endings and by names of parts, lower case. */
  readonly defaults: ReadonlyMap<string, string>
  readonly overrides: ReadonlyMap<string, string>
}

/** A media type without parameters, which Office writes none of. */
const TYPE = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+$/

/**
 * Reads it.
 * @throws {FormatError} FORMAT_MALFORMED; FORMAT_UNSUPPORTED for DOCTYPE and other encodings than UTF-8
 */
export async function readContentTypes(source: Bytes): Promise<ContentTypes> {
  const xml = await parseXml(source)
  const [root, ...elements] = xml.elements
  const [defaults, overrides] = [new Map<string, string>(), new Map<string, string>()]
  const isIn = (element: Element | undefined, name: string): boolean =>
    element?.localName === name && element.namespaceURI === CONTENT_TYPES
  if (!isIn(root, 'Types')) throw malformedPackage('a list of content types')
  for (const element of elements) {
    const isDefault = isIn(element, 'Default')
    if (!isDefault && !isIn(element, 'Override')) throw malformedPackage('content types alone')
    const key = element.getAttribute(isDefault ? 'Extension' : 'PartName')
    const type = element.getAttribute('ContentType')
    const known = isDefault ? defaults : overrides
    if (!key || !type || !TYPE.test(type)) throw malformedPackage('a content type')
    if (known.has(sameName(key))) throw malformedPackage('each content type once')
    known.set(sameName(key), type)
  }
  return { source, xml, defaults, overrides }
}

/** Tells what a part is; undefined where nothing says it. */
export function findType({ defaults, overrides }: ContentTypes, part: string): string | undefined {
  const [, ending] = /\.([^./]+)$/.exec(part) ?? []
  return overrides.get(sameName(part)) ?? defaults.get(sameName(ending ?? ''))
}

/** Writes the list with further parts, and every other byte of it as it was. */
export function addTypes(
  { source, xml }: ContentTypes,
  added: readonly { readonly part: string; readonly type: string }[],
): Bytes {
  const span = xml.spans[0] as ElementSpan
  const prefix = span.name.slice(0, span.name.indexOf(':') + 1)
  const text = added.map(({ part, type }) =>
    encodeElement(`${prefix}Override`, { PartName: part, ContentType: type }),
  )
  return applyEdit(source, planAppend(xml, span), text.join(''))
}
