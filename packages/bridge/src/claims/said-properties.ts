/**
 * What a signer says in XAdES beside the time.
 *
 * ```
 * SignatureProductionPlaceV2  City?, StateOrProvince?, PostalCode?, CountryName?            EN 319 132-1 §5.2.5
 * SignerRoleV2                ClaimedRoles with 1 to 4 ClaimedRole                          §5.2.6
 * CommitmentTypeIndication    CommitmentTypeId with its Identifier, AllSignedDataObjects    §5.2.3
 * ```
 *
 * There is no street, no certified role, no assertion, no qualifier and no part of the documents that a commitment is for.
 * @module
 */
import type { Commitment } from '@trien/sdk/types'
import { MAX_ROLES, findCommitment, isCountry, isShowable } from './said.ts'
import { type XmlElement, XmlError } from './xml/element.ts'
import { XADES, getChildren, getElement, getText } from './xml/expect.ts'

const PLACE = ['City', 'StateOrProvince', 'PostalCode', 'CountryName'] as const

/** @returns its parts, from the city to the country @throws {XmlError} */
export function readPlace(element: XmlElement): readonly string[] {
  const fields = getChildren(getXades(element, 'SignatureProductionPlaceV2'), 1, PLACE.length)
  let next = 0
  return fields.map((field) => {
    const at = PLACE.findIndex((name, index) => index >= next && name === field.local)
    const name = PLACE[at]
    if (name === undefined) throw new XmlError('another place')
    next = at + 1
    const text = readText(getXades(field, name))
    if (name === 'CountryName' && !isCountry(text)) throw new XmlError('another country')
    return text
  })
}

/** @throws {XmlError} */
export function readRoles(element: XmlElement): readonly string[] {
  const [list] = getChildren(getXades(element, 'SignerRoleV2'), 1)
  const roles = getChildren(getXades(list, 'ClaimedRoles'), 1, MAX_ROLES)
  return roles.map((role) => readText(getXades(role, 'ClaimedRole')))
}

/** @throws {XmlError} */
export function readCommitment(element: XmlElement): Commitment {
  const [type, all] = getChildren(getXades(element, 'CommitmentTypeIndication'), 2)
  const [identifier] = getChildren(getXades(type, 'CommitmentTypeId'), 1)
  const commitment = findCommitment(getText(getXades(identifier, 'Identifier')))
  if (commitment === undefined) throw new XmlError('a commitment that is not known')
  getChildren(getXades(all, 'AllSignedDataObjects'), 0)
  return commitment
}

/** Without any attribute. */
const getXades = (element: XmlElement | undefined, local: string): XmlElement =>
  getElement(element, { namespace: XADES, local })

function readText(element: XmlElement): string {
  const text = getText(element)
  if (!isShowable(text)) throw new XmlError('text that cannot be shown')
  return text
}
