/**
 * One Reference of a SignedInfo (XML Signature 1.1 §4.4.3).
 *
 * ```
 * Reference Id? URI Type?
 *   Transforms?    Transform Algorithm …, of which one may hold an XPath
 *   DigestMethod   Algorithm
 *   DigestValue    base64
 * ```
 * @module
 */
import { C14N_METHODS, XPATH } from './algorithms.ts'
import { type C14n, type XmlElement, XmlError } from './element.ts'
import { DSIG, getAlgorithmUri, getBase64, getChildren, getElement, getText } from './expect.ts'

/** As it was read; nothing is compared yet. */
export interface Reference {
  readonly id: string | undefined
  /** Empty: the document that holds the signature; `#id`: a part of it; else the path of a file. */
  readonly uri: string
  readonly type: string | undefined
  /** By address, in order. */
  readonly transforms: readonly string[]
  readonly digestMethod: string
  readonly digest: Uint8Array
}

const MAX_TRANSFORMS = 3
const MAX_ATTRIBUTE_LENGTH = 1024

/** @throws {XmlError} */
export function readReference(element: XmlElement): Reference {
  const names = ['Id', 'Type', 'URI']
  getElement(element, { namespace: DSIG, local: 'Reference', attributes: names })
  const children = getChildren(element, 2, 3)
  const transforms = children.length === 3 ? readTransforms(children[0]) : []
  const digestValue = getElement(children.at(-1), { namespace: DSIG, local: 'DigestValue' })
  const attribute = (name: string): string | undefined => {
    const value = element.attributes.get(name)
    if (value !== undefined && value.length > MAX_ATTRIBUTE_LENGTH) throw new XmlError('too long')
    return value
  }
  const uri = attribute('URI')
  // Without a URI the application must know what is meant (§4.4.3.1): nobody here does.
  if (uri === undefined) throw new XmlError('no URI')
  return {
    id: attribute('Id'),
    uri,
    type: attribute('Type'),
    transforms,
    digestMethod: getAlgorithmUri(children.at(-2), 'DigestMethod'),
    digest: getBase64(digestValue),
  }
}

function readTransforms(element: XmlElement | undefined): string[] {
  const found = getElement(element, { namespace: DSIG, local: 'Transforms' })
  return getChildren(found, 1, MAX_TRANSFORMS).map(readTransform)
}

/** An expression could pick anything: the one that takes all signatures out is told by its very text. */
function readTransform(element: XmlElement): string {
  if (element.attributes.get('Algorithm') !== XPATH) return getAlgorithmUri(element, 'Transform')
  getElement(element, { namespace: DSIG, local: 'Transform', attributes: ['Algorithm'] })
  const [expression] = getChildren(element, 1)
  const { prefix } = getElement(expression, { namespace: DSIG, local: 'XPath' })
  // The prefix means XML Signature, for so the element itself is named; and no prefix would mean no namespace at all.
  const isKnown = getText(expression as XmlElement) === `not(ancestor-or-self::${prefix}:Signature)`
  if (prefix === '' || !isKnown) throw new XmlError('an expression that is not known')
  return XPATH
}

/**
 * Tells in what canonical form an element is digested after these transforms, where that is all that they do; the
 * inclusive one where none is named (§4.4.3.2).
 */
export function findForm(transforms: readonly string[]): C14n | undefined {
  const [transform, ...others] = transforms
  if (transform === undefined) return 'inclusive'
  return others.length === 0 ? C14N_METHODS.get(transform) : undefined
}
