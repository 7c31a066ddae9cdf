/**
 * What Word says in a file of how a signature was made: a form in which a signer could say a good deal that nobody is shown.
 * Here it must be blank.
 *
 * ```
 * Object Id="idOfficeObject"                                             [MS-OFFCRYPTO] §2.5.2.5
 *   SignatureProperties
 *     SignatureProperty Id="idOfficeV1Details" Target="#idPackageSignature"
 *       SignatureInfoV1     no text, picture, comment or address; numbers of programs and screens mean nothing
 * ```
 * @module
 */
import { createHash } from 'node:crypto'
import { equalBytes } from '@trien/sdk/bytes'
import type { Claimed } from './claimed.ts'
import { assertClaim, readAs } from './mismatch.ts'
import { type XmlElement, XmlError } from './xml/element.ts'
import { DSIG, getChildren, getElement } from './xml/expect.ts'
import { assertCanonical, parseElement } from './xml/reader.ts'
import type { Reference } from './xml/reference.ts'

/** The Ids that Office gives to what it signs and to what it says. */
export const PACKAGE_URI = '#idPackageObject'
export const OFFICE_URI = '#idOfficeObject'
/** What XML Signature 1.1 §4.5 gives to a signature's own Object. */
export const OBJECT_TYPE = `${DSIG}Object`

const INFO = 'http://schemas.microsoft.com/office/2006/digsig'
const VERSION = /^\d{1,3}\.\d{1,3}$/
const NUMBER = /^[1-9]\d{0,5}$/
const EMPTY = /^$/
/** In this order, and each of them. */
const FIELDS: readonly (readonly [name: string, value: RegExp])[] = [
  ['SetupID', EMPTY],
  ['SignatureText', EMPTY],
  ['SignatureImage', EMPTY],
  ['SignatureComments', EMPTY],
  ['WindowsVersion', VERSION],
  ['OfficeVersion', VERSION],
  ['ApplicationVersion', VERSION],
  ['Monitors', NUMBER],
  ['HorizontalResolution', NUMBER],
  ['VerticalResolution', NUMBER],
  ['ColorDepth', NUMBER],
  ['SignatureProviderId', /^\{00000000-0000-0000-0000-000000000000\}$/],
  ['SignatureProviderUrl', EMPTY],
  ['SignatureProviderDetails', /^9$/],
  // 2 would stand on a line of the page, beside a picture.
  ['SignatureType', /^1$/],
]

/**
 * Refuses an Object that says anything, or that the reference is not to.
 * @throws {BridgeError} BRIDGE_CLAIM_MISMATCH {claim: office-object | reference | transform}
 */
export function assertOfficeObject(
  bytes: Uint8Array,
  { type, transforms, digest }: Reference,
  { algorithm }: Claimed,
): void {
  assertClaim('reference', type === OBJECT_TYPE)
  assertClaim('transform', transforms.length === 0)
  readAs('office-object', () => {
    const object = parseElement(bytes)
    assertCanonical(bytes, object, 'inclusive')
    assertBlank(object)
  })
  const hash = createHash(algorithm.digest.replace('-', '')).update(bytes).digest()
  assertClaim('office-object', equalBytes(hash, digest))
}

function assertBlank(object: XmlElement): void {
  const { attributes } = getElement(object, own('Object', 'Id'))
  const [list] = getChildren(object, 1)
  const [property] = getChildren(getElement(list, own('SignatureProperties')), 1)
  const said = getElement(property, own('SignatureProperty', 'Id', 'Target')).attributes
  const [info] = getChildren(property as XmlElement, 1)
  const isOwn =
    `#${attributes.get('Id')}` === OFFICE_URI &&
    said.get('Id') === 'idOfficeV1Details' &&
    said.get('Target') === '#idPackageSignature'
  if (!isOwn) throw new XmlError('another Object')
  const fields = getChildren(
    getElement(info, { namespace: INFO, local: 'SignatureInfoV1' }),
    FIELDS.length,
  )
  FIELDS.forEach(([local, value], index) => {
    const { children, text } = getElement(fields[index], { namespace: INFO, local })
    if (children.length > 0 || !value.test(text)) throw new XmlError(`something in ${local}`)
  })
}

const own = (local: string, ...attributes: string[]) => ({ namespace: DSIG, local, attributes })
