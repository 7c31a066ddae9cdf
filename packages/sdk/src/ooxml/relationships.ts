/**
 * A part of relationships: what a part, or the package, refers to.
 *
 * ```
 * Relationships
 *   Relationship Id Type Target TargetMode?                              ISO/IEC 29500-2 §6.5.3
 * ```
 * @module
 */
import { type Bytes, concatBytes, encodeUtf8 } from '../bytes.ts'
import { encodeElement } from '../xades/element-text.ts'
import { compareCodePoints } from '../xml/code-points.ts'
import { applyEdit, planAppend } from '../xml/insert.ts'
import { type XmlDocument, parseXml } from '../xml/parse.ts'
import type { ElementSpan } from '../xml/scan.ts'
import { malformedPackage, unsupportedPackage } from './malformed.ts'
import { RELATIONSHIPS } from './names.ts'

export interface Relationship {
  readonly id: string
  readonly type: string
  readonly target: string
  readonly isExternal: boolean
}

/** The part, as it was read. */
export interface Relationships {
  readonly source: Bytes
  readonly xml: XmlDocument
  readonly list: readonly Relationship[]
}

const ATTRIBUTES: readonly string[] = ['Id', 'Type', 'Target', 'TargetMode']
const XMLNS = 'http://www.w3.org/2000/xmlns/'
const EMPTY = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Relationships xmlns="${RELATIONSHIPS}"></Relationships>`

/** A part of relationships that has none yet. */
export const NO_RELATIONSHIPS: Bytes = new TextEncoder().encode(EMPTY)

/**
 * Reads it.
 * @throws {FormatError} FORMAT_MALFORMED; FORMAT_UNSUPPORTED for DOCTYPE, for other encodings than UTF-8, and for markup
 *   of other namespaces, which would have to be taken out before it is signed
 */
export async function readRelationships(source: Bytes): Promise<Relationships> {
  const xml = await parseXml(source)
  const [root, ...elements] = xml.elements
  if (root === undefined || !isIn(root, 'Relationships')) throw malformedPackage('relationships')
  assertOwnMarkup(root, [])
  if (elements.some(({ parentNode }) => parentNode !== root)) {
    throw malformedPackage('relationships side by side')
  }
  const list = elements.map(readOne)
  if (new Set(list.map(({ id }) => id)).size !== list.length) {
    throw malformedPackage('relationships with an Id each')
  }
  return { source, xml, list }
}

function readOne(element: Element): Relationship {
  if (!isIn(element, 'Relationship')) throw unsupportedPackage('relationships with other markup')
  assertOwnMarkup(element, ATTRIBUTES)
  const [id, type, target] = ATTRIBUTES.map((name) => element.getAttribute(name))
  const mode = element.getAttribute('TargetMode') ?? 'Internal'
  const isMode = mode === 'Internal' || mode === 'External'
  if (!id || !type || !target || !isMode) throw malformedPackage('a relationship')
  return { id, type, target, isExternal: mode === 'External' }
}

const isIn = (element: Element, name: string): boolean =>
  element.localName === name && element.namespaceURI === RELATIONSHIPS

function assertOwnMarkup(element: Element, names: readonly string[]): void {
  for (const { namespaceURI, localName } of element.attributes) {
    if (namespaceURI === XMLNS || (!namespaceURI && names.includes(localName))) continue
    throw unsupportedPackage('relationships with other markup')
  }
}

/**
 * Writes what is signed of a part of relationships: those that are chosen, sorted, each with its mode, without prefixes, and
 * nothing between them. It is what Canonical XML makes of that.
 * @see ISO/IEC 29500-2 §10.6 (relationships transform), ECMA-376-2 §13.2.4.24
 */
export function transformRelationships({ list }: Relationships, ids: ReadonlySet<string>): Bytes {
  const chosen = list
    .filter(({ id }) => ids.has(id))
    .toSorted((left, right) => compareCodePoints(left.id, right.id))
    .map(({ id: Id, target: Target, isExternal, type: Type }) => {
      const TargetMode = isExternal ? 'External' : 'Internal'
      return encodeElement('Relationship', { Id, Target, TargetMode, Type })
    })
  return encodeUtf8(encodeElement('Relationships', { xmlns: RELATIONSHIPS }, ...chosen))
}

/**
 * Takes out what stands between relationships and in them: spaces, comments. None of it is ever signed (§10.6), but xmlsec
 * up to 1.3.12, and with it LibreOffice, takes it for content.
 * @returns undefined where there is nothing to take out
 */
export function packRelationships({ source, xml }: Relationships): Bytes | undefined {
  const { text, startBytes } = xml
  const [root, ...all] = xml.spans as readonly [ElementSpan, ...ElementSpan[]]
  const tags = all.map(({ name, start, contentStart, isEmptyTag }) => {
    const tag = text.slice(start, contentStart)
    return isEmptyTag ? tag : `${tag}</${name}>`
  })
  const packed = text.slice(0, root.contentStart) + tags.join('') + text.slice(root.contentEnd)
  if (packed === text) return undefined
  return concatBytes(source.subarray(0, startBytes), encodeUtf8(packed))
}

/** Writes the part with one more, and every other byte of it as it was. */
export function addRelationship(
  { source, xml, list }: Relationships,
  added: { readonly type: string; readonly target: string },
): Bytes {
  const span = xml.spans[0] as ElementSpan
  const name = `${span.name.slice(0, span.name.indexOf(':') + 1)}Relationship`
  const ids = new Set(list.map(({ id }) => id))
  let number = list.length + 1
  while (ids.has(`rId${number}`)) number += 1
  const { type: Type, target: Target } = added
  const element = encodeElement(name, { Id: `rId${number}`, Type, Target })
  return applyEdit(source, planAppend(xml, span), element)
}
