/**
 * What a signer claims beside the time, as signed attributes of CAdES.
 *
 * ```
 * commitment-type-indication  SEQUENCE { id-cti-ets-… }                                     EN 319 122-1 §5.2.3
 * signer-location             SEQUENCE { country [0], locality [1], postal address [2] }    §5.2.5
 * signer-attributes-v2        SEQUENCE { claimed attributes [0] }, each a title             §5.2.6.1, X.520 §6.4.3
 * ```
 *
 * A claimed role is the X.520 title, "position or function within an organization": its syntax is text, which readers show;
 * that of the role attribute of X.509 is a GeneralName, which has no place for text that names nothing.
 * @module
 */
import { TAG, encodeElement, encodeExplicit, encodeOid, encodeSequence } from '../asn1/der.ts'
import { type Bytes, encodeUtf8 } from '../bytes.ts'
import { commitmentOid } from '../signer-claims.ts'
import type { SignerClaims, SigningPlace } from '../types.ts'
import { encodeAttribute } from './signed-attributes.ts'

const idAaEtsCommitmentType = '1.2.840.113549.1.9.16.2.16'
const idAaEtsSignerLocation = '1.2.840.113549.1.9.16.2.17'
const idAaEtsSignerAttrV2 = '0.4.0.19122.1.1'
/** X.520 §6.4.3. */
const idAtTitle = '2.5.4.12'

/** Writes each as a whole Attribute. @param claims as `checkClaims` returned them */
export function encodeClaims({ commitment, place, roles }: SignerClaims): readonly Bytes[] {
  const said: Bytes[] = []
  if (commitment !== undefined) {
    const type = encodeSequence(encodeOid(commitmentOid(commitment)))
    said.push(encodeAttribute(idAaEtsCommitmentType, type))
  }
  if (place !== undefined) said.push(encodeAttribute(idAaEtsSignerLocation, encodePlace(place)))
  if (roles !== undefined) {
    const titles = roles.map((role) => encodeAttribute(idAtTitle, encodeText(role)))
    const claimed = encodeExplicit(0, encodeSequence(...titles))
    said.push(encodeAttribute(idAaEtsSignerAttrV2, encodeSequence(claimed)))
  }
  return said
}

/** A province has no field of its own: it is a line of the postal address, before the postal code. */
function encodePlace({ city, province, postalCode, country }: SigningPlace): Bytes {
  const lines = [province, postalCode].filter((line) => line !== undefined).map(encodeText)
  return encodeSequence(
    // X.520 §6.3.1 has it as a PrintableString of two letters.
    ...(country === undefined
      ? []
      : [encodeExplicit(0, encodeElement(TAG.PRINTABLE_STRING, encodeUtf8(country)))]),
    ...(city === undefined ? [] : [encodeExplicit(1, encodeText(city))]),
    ...(lines.length === 0 ? [] : [encodeExplicit(2, encodeSequence(...lines))]),
  )
}

/** A DirectoryString. */
const encodeText = (text: string): Bytes => encodeElement(TAG.UTF8_STRING, encodeUtf8(text))
