/**
 * What a signer claims beside the time, as elements of XAdES.
 *
 * ```
 * SignatureProductionPlaceV2  City, StateOrProvince, PostalCode, CountryName                EN 319 132-1 §5.2.5
 * SignerRoleV2                ClaimedRoles                                                  §5.2.6
 * CommitmentTypeIndication    CommitmentTypeId, AllSignedDataObjects                        §5.2.3
 * ```
 * @module
 */
import { commitmentUri } from '../signer-claims.ts'
import type { SignerClaims, SigningPlace } from '../types.ts'
import { encodeElement, encodeText } from './element-text.ts'

/** Text of elements. */
export interface ClaimElements {
  /** For the end of SignedSignatureProperties; may be empty. */
  readonly ofSignature: string
  /** For SignedDataObjectProperties, after the formats; may be empty. */
  readonly ofData: string
}

const tag = (name: string, ...content: string[]): string =>
  encodeElement(`xades:${name}`, {}, ...content)

/** Writes them, in the order of the schema. @param claims as `checkClaims` returned them */
export function encodeClaims({ commitment, place, roles }: SignerClaims): ClaimElements {
  const claimed = roles?.map((role) => tag('ClaimedRole', encodeText(role)))
  return {
    ofSignature: [
      place === undefined ? '' : encodePlace(place),
      claimed === undefined ? '' : tag('SignerRoleV2', tag('ClaimedRoles', ...claimed)),
    ].join(''),
    ofData:
      commitment === undefined
        ? ''
        : tag(
            'CommitmentTypeIndication',
            tag('CommitmentTypeId', tag('Identifier', commitmentUri(commitment))),
            tag('AllSignedDataObjects'),
          ),
  }
}

function encodePlace({ city, province, postalCode, country }: SigningPlace): string {
  const fields = Object.entries({
    City: city,
    StateOrProvince: province,
    PostalCode: postalCode,
    CountryName: country,
  }).map(([name, text]) => (text === undefined ? '' : tag(name, encodeText(text))))
  return tag('SignatureProductionPlaceV2', ...fields)
}
