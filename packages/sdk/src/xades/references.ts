/**
 * References of a Signature that is in a tree: what they lead to, as octets.
 * @module
 */
import { parseSpacedBase64 } from '../base64.ts'
import type { Bytes } from '../bytes.ts'
import { C14N_URIS, findC14nForm } from '../xml/c14n-methods.ts'
import { canonicalize } from '../xml/canonicalize.ts'
import { findById } from '../xml/find-id.ts'
import { listAncestors } from '../xml/inherited.ts'
import { malformedXml, unsupportedXml } from '../xml/malformed.ts'
import type { XmlDocument } from '../xml/parse.ts'
import { findChild, getChild, isNamed, listChildren } from './children.ts'
import { BASE64, DSIG, ENVELOPED, WITHOUT_SIGNATURES, XPATH } from './uris.ts'

/** A Reference as it was read. */
export interface ReferenceParts {
  readonly element: Element
  readonly uri: string
  readonly type: string | undefined
  readonly transforms: readonly Element[]
  /** Address of the DigestMethod. */
  readonly digestMethod: string
  readonly digestValue: Element
}

/** How a reference is followed. */
export interface Following {
  /** The Signature that the reference belongs to. */
  readonly signature: Element
  /** For what the transforms leave as a tree. Default: Canonical XML 1.0. */
  readonly c14n?: string | undefined
}

/** Reads the references of a Signature's SignedInfo. @throws {FormatError} FORMAT_MALFORMED */
export function readReferences(signature: Element): readonly ReferenceParts[] {
  const signedInfo = getChild(signature, DSIG, 'SignedInfo')
  return listChildren(signedInfo, DSIG, 'Reference').map((element) => {
    const uri = element.getAttribute('URI')
    // Without one the application must know what is meant (XML Signature 1.1 §4.4.3.1): nobody here does.
    if (uri === null) throw unsupportedXml('references without a URI')
    const list = findChild(element, DSIG, 'Transforms')
    return {
      ...{ element, uri, type: element.getAttribute('Type') ?? undefined },
      transforms: list === undefined ? [] : listChildren(list, DSIG, 'Transform'),
      digestMethod: getChild(element, DSIG, 'DigestMethod').getAttribute('Algorithm') ?? '',
      digestValue: getChild(element, DSIG, 'DigestValue'),
    }
  })
}

/** Tells whether a reference leads into the file that holds the signature. */
export const isInFile = ({ uri }: ReferenceParts): boolean => uri === '' || uri.startsWith('#')

/**
 * Follows a reference into the file that holds the signature.
 * @returns what is hashed
 * @throws {FormatError} FORMAT_MALFORMED where it leads nowhere; FORMAT_NOT_ALLOWED where it leads to several places;
 *   FORMAT_UNSUPPORTED for transforms that signatures of these kinds do without
 * @see XML Signature 1.1 §4.4.3.2
 */
export function followReference(
  xml: XmlDocument,
  reference: ReferenceParts,
  { signature, c14n = C14N_URIS['c14n-1.0'] }: Following,
): Bytes {
  const { node, isBase64, isLeftOut, form } = readMeaning(xml, reference, signature)
  if (isBase64) return decodeContent(node)
  const { method = c14n, inclusivePrefixes } = form
  return canonicalize(node, method, { isLeftOut, inclusivePrefixes, withoutComments: true })
}

/**
 * Tells whether what a reference leads to would be other without an element of the file.
 * @param signature that the reference belongs to
 * @throws as `followReference`
 */
export function isOver(
  xml: XmlDocument,
  reference: ReferenceParts,
  { signature, element }: { readonly signature: Element; readonly element: Element },
): boolean {
  const { node, isLeftOut } = readMeaning(xml, reference, signature)
  for (let at: Node | null = element; at !== null; at = at.parentNode) {
    if (at.nodeType === 1 && isLeftOut(at as Element)) return false
    if (at === node) return true
  }
  return false
}

/** What a reference leads to, not yet as octets. */
interface Meaning {
  readonly node: Document | Element
  /** Whether it is what an element holds in base64, rather than the element. */
  readonly isBase64: boolean
  readonly isLeftOut: (element: Element) => boolean
  readonly form: {
    readonly method?: string
    readonly inclusivePrefixes?: readonly string[] | undefined
  }
}

function readMeaning(
  xml: XmlDocument,
  { uri, transforms }: ReferenceParts,
  signature: Element,
): Meaning {
  const node = uri === '' ? xml.dom : findTarget(xml, uri.slice(1))
  const leftOut: ((element: Element) => boolean)[] = []
  const isLeftOut = (element: Element): boolean => leftOut.some((isOne) => isOne(element))
  for (const [index, transform] of transforms.entries()) {
    const address = transform.getAttribute('Algorithm') ?? ''
    const isLast = index === transforms.length - 1
    if (address === ENVELOPED) leftOut.push((element) => element === signature)
    else if (address === XPATH && isWithoutSignatures(transform)) {
      // It would leave out all of that, and nothing would be signed.
      if ([...listAncestors(node)].some(isSignature))
        throw unsupportedXml('XPath inside of a signature')
      leftOut.push(isSignature)
    } else if (address === BASE64 && isLast && node.nodeType === 1) {
      return { node, isBase64: true, isLeftOut: () => false, form: {} }
    } else if (isLast && findC14nForm(address) !== undefined) {
      const inclusivePrefixes = readPrefixList(transform)
      return { node, isBase64: false, isLeftOut, form: { method: address, inclusivePrefixes } }
    } else throw unsupportedXml(`transform ${address.slice(0, 80)}`)
  }
  return { node, isBase64: false, isLeftOut, form: {} }
}

const isSignature = (element: Element): boolean => isNamed(element, DSIG, 'Signature')

function findTarget(xml: XmlDocument, id: string): Element {
  const element = findById(xml, id)
  if (element === undefined) throw malformedXml(0, 'the element that a reference leads to')
  return element
}

/** The one expression that is known, by the prefix that it is written with. */
function isWithoutSignatures(transform: Element): boolean {
  const [expression, ...others] = listChildren(transform, DSIG, 'XPath')
  const text = expression?.textContent?.trim()
  return others.length === 0 && expression?.prefix === 'ds' && text === WITHOUT_SIGNATURES
}

function readPrefixList(transform: Element): readonly string[] | undefined {
  const list = findChild(transform, C14N_URIS.exclusive, 'InclusiveNamespaces')
  return list
    ?.getAttribute('PrefixList')
    ?.split(/[ \t\r\n]+/)
    .filter((prefix) => prefix !== '')
}

function decodeContent(node: Node): Bytes {
  const octets = parseSpacedBase64(node.textContent ?? '')
  if (octets === undefined) throw malformedXml(0, 'base64')
  return octets
}

/** The octets of an element in the form of a Signature's own CanonicalizationMethod, or another. */
export function canonicalizeMethod(element: Element, method: Element): Bytes {
  const address = method.getAttribute('Algorithm') ?? ''
  return canonicalize(element, address, { inclusivePrefixes: readPrefixList(method) })
}

/** Puts text into an element that has none yet. */
export function setText(element: Element, text: string): void {
  element.textContent = text
}
