/**
 * Where in a file a signature is put: at the end of an element, which nothing but its name or Id tells.
 * @module
 */
import { FormatError, wrongArgument } from '../errors.ts'
import { type DecodedXml, decodeXml } from '../xml/decode.ts'
import { findById } from '../xml/find-id.ts'
import { type XmlEdit, planAppend } from '../xml/insert.ts'
import { listAncestors } from '../xml/inherited.ts'
import { malformedXml } from '../xml/malformed.ts'
import { type XmlDocument, parseXml } from '../xml/parse.ts'
import { type ElementSpan, scanXml } from '../xml/scan.ts'
import { DSIG, XADES, XADES_RECORDS } from './uris.ts'
import { findChild, getChild, isNamed, listChildren } from './children.ts'

/**
 * An element by its Id, or by its name without a prefix; `DSCKS/NBan` is the NBan of which DSCKS is the parent. Exactly one
 * of the file must answer.
 */
export type ElementChoice = { readonly id: string } | { readonly path: string }

/** What evidence records lie in. */
export const SEALING = 'SealingEvidenceRecords'

/** A file that is a signature and nothing else. */
export const OWN_FILE: XmlEdit = { start: 0, end: 0, before: '', after: '' }

/**
 * Plans a place at the end of an element.
 * @param choice left out, the root
 * @throws {FormatError} FORMAT_MALFORMED where no element answers; FORMAT_NOT_ALLOWED where several have the Id
 * @throws {UsageError} USAGE_ARGUMENT where several answer to the name
 */
export async function findPlace(
  source: Uint8Array,
  choice: ElementChoice | undefined,
): Promise<XmlEdit> {
  assertChoice(choice)
  if (choice !== undefined && 'id' in choice) {
    const xml = await parseXml(source)
    const element = findById(xml, choice.id)
    if (element === undefined) throw malformedXml(0, `an element of Id ${choice.id.slice(0, 60)}`)
    return planAppend(xml, xml.spans[xml.elements.indexOf(element)] as ElementSpan)
  }
  const decoded: DecodedXml = decodeXml(source)
  const spans = scanXml(decoded.text)
  const span = choice === undefined ? spans[0] : spans[findByPath(spans, choice.path)]
  return planAppend(decoded, span as ElementSpan)
}

function assertChoice(choice: unknown): void {
  if (choice === undefined) return
  const { id, path } = Object(choice) as { readonly id?: unknown; readonly path?: unknown }
  if (typeof (id ?? path) === 'string') return
  throw wrongArgument('place', '{ id } or { path } of an element')
}

/**
 * Finds the one element of a path.
 * @returns its place in document order
 * @throws as `findPlace`
 */
export function findByPath(spans: readonly ElementSpan[], path: string): number {
  const names = path.split('/')
  const open: ElementSpan[] = []
  const found: number[] = []
  for (const [index, span] of spans.entries()) {
    while (open.length > 0 && (open.at(-1) as ElementSpan).contentEnd <= span.start) open.pop()
    open.push(span)
    const tail = open.slice(-names.length).map(({ name }) => name.slice(name.indexOf(':') + 1))
    if (tail.join('/') === path) found.push(index)
  }
  const [index, ...others] = found
  if (index === undefined) throw malformedXml(0, `an element ${path.slice(0, 60)}`)
  if (others.length > 0) throw wrongArgument('place', 'the path of one element alone')
  return index
}

/** Finds the signatures of a file that are no part of another. */
export function listSignatures(xml: XmlDocument): readonly Element[] {
  const isSignature = (element: Element): boolean => isNamed(element, DSIG, 'Signature')
  return xml.elements.filter(
    (element) => isSignature(element) && ![...listAncestors(element)].some(isSignature),
  )
}

/** Finds the QualifyingProperties of a signature. @throws {FormatError} FORMAT_MALFORMED where there are several */
export function findQualifyingProperties(signature: Element): Element | undefined {
  const [properties, ...others] = listChildren(signature, DSIG, 'Object').flatMap((object) =>
    listChildren(object, XADES, 'QualifyingProperties'),
  )
  if (others.length > 0) throw malformedXml(0, 'one QualifyingProperties')
  return properties
}

/** Gives them. @throws {FormatError} FORMAT_MALFORMED where it is no XAdES signature */
export function getQualifyingProperties(signature: Element): Element {
  const properties = findQualifyingProperties(signature)
  if (properties === undefined) throw malformedXml(0, 'QualifyingProperties')
  getChild(properties, XADES, 'SignedProperties')
  return properties
}

/**
 * Refuses to add to a signature that evidence records seal, with all that was put beside it.
 * @throws {FormatError} FORMAT_NOT_ALLOWED {rule: archived}
 * @see TS 119 132-3
 */
export function assertUnsealed(signature: Element): void {
  const properties = findQualifyingProperties(signature)
  const unsigned = properties && findChild(properties, XADES, 'UnsignedProperties')
  const list = unsigned && findChild(unsigned, XADES, 'UnsignedSignatureProperties')
  if (list === undefined || listChildren(list, XADES_RECORDS, SEALING).length === 0) return
  throw new FormatError('FORMAT_NOT_ALLOWED', { details: { rule: 'archived' } })
}

/**
 * Plans a place at the end of a signature's unsigned properties, which come to be where there are none.
 * @throws as `getQualifyingProperties` and `assertUnsealed`
 * @see EN 319 132-1 §4.3.5
 */
export function planUnsigned(xml: XmlDocument, signature: Element): XmlEdit {
  const properties = getQualifyingProperties(signature)
  assertUnsealed(signature)
  const unsigned = findChild(properties, XADES, 'UnsignedProperties')
  const list = unsigned && findChild(unsigned, XADES, 'UnsignedSignatureProperties')
  const spanOf = (element: Element): ElementSpan =>
    xml.spans[xml.elements.indexOf(element)] as ElementSpan
  if (list !== undefined) return planAppend(xml, spanOf(list))
  const name = (local: string): string =>
    properties.prefix ? `${properties.prefix}:${local}` : local
  const wrap = (edit: XmlEdit, local: string): XmlEdit => ({
    ...edit,
    before: `${edit.before}<${name(local)}>`,
    after: `</${name(local)}>${edit.after}`,
  })
  const edit = planAppend(xml, spanOf(unsigned ?? properties))
  return wrap(
    unsigned === undefined ? wrap(edit, 'UnsignedProperties') : edit,
    'UnsignedSignatureProperties',
  )
}
