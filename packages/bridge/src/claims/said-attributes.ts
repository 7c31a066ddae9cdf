/**
 * What a signer says in CMS beside the time.
 *
 * ```
 * commitment-type-indication  SEQUENCE { id-cti-ets-… }, no qualifiers                      EN 319 122-1 §5.2.3
 * signer-location             SEQUENCE { [0] country, [1] city, [2] SEQUENCE of 1 or 2 }    §5.2.5
 * signer-attributes-v2        SEQUENCE { [0] SEQUENCE of 1 to 4 titles }                    §5.2.6.1
 *   title                     SEQUENCE { id-at-title, SET { UTF8String } }                  X.520 §6.4.3
 * ```
 * @module
 */
import type { Commitment } from '@trien/sdk/types'
import { encodeHex } from '@trien/sdk/bytes'
import { type DerElement, DerError, TAG, getChildren, getContent, getOnly } from '../der/reader.ts'
import { MAX_ROLES, commitmentOf, isCountry, isShowable } from './said.ts'

/** id-cti, 1.2.840.113549.1.9.16.6, without its last arc; contents of the OBJECT IDENTIFIER. */
const ID_CTI = '2a864886f70d01091006'
/** 2.5.4.12. */
const ID_AT_TITLE = '55040c'
const UTF8_STRING = 0x0c
const PRINTABLE_STRING = 0x13
const [COUNTRY, CITY, LINES] = [0xa0, 0xa1, 0xa2] as const
const CLAIMED = 0xa0
/** A province and a postal code. */
const MAX_LINES = 2

/** @throws {DerError} */
export function readCommitment(value: DerElement): Commitment {
  const oid = getContent(getOnly(getChildren(value, TAG.sequence)), TAG.oid)
  const isKnown = encodeHex(oid.subarray(0, -1)) === ID_CTI
  const commitment = isKnown ? commitmentOf(oid.at(-1)) : undefined
  if (commitment === undefined) throw new DerError('a commitment that is not known')
  return commitment
}

/** @returns its parts, from the city to the country @throws {DerError} */
export function readPlace(value: DerElement): readonly string[] {
  const fields = getChildren(value, TAG.sequence)
  const take = (wanted: number): DerElement | undefined =>
    fields[0]?.tag === wanted ? fields.shift() : undefined
  const [country, city, lines] = [take(COUNTRY), take(CITY), take(LINES)]
  const isEmpty = country === undefined && city === undefined && lines === undefined
  if (isEmpty || fields.length > 0) throw new DerError('another place')
  const address = lines && getChildren(getOnly(getChildren(lines, LINES)), TAG.sequence)
  if (address !== undefined && (address.length === 0 || address.length > MAX_LINES)) {
    throw new DerError('another number of lines')
  }
  return [
    ...(city === undefined ? [] : [readText(getOnly(getChildren(city, CITY)))]),
    ...(address ?? []).map(readText),
    ...(country === undefined ? [] : [readCountry(getOnly(getChildren(country, COUNTRY)))]),
  ]
}

/** @throws {DerError} */
export function readRoles(value: DerElement): readonly string[] {
  const claimed = getOnly(getChildren(value, TAG.sequence))
  const titles = getChildren(getOnly(getChildren(claimed, CLAIMED)), TAG.sequence)
  if (titles.length === 0 || titles.length > MAX_ROLES) throw new DerError('too many roles')
  return titles.map((title) => {
    const [type, values, ...rest] = getChildren(title, TAG.sequence)
    const isTitle = encodeHex(getContent(type, TAG.oid)) === ID_AT_TITLE && rest.length === 0
    if (!isTitle) throw new DerError('another attribute')
    return readText(getOnly(getChildren(values, TAG.set)))
  })
}

function readText(element: DerElement): string {
  const octets = getContent(element, UTF8_STRING)
  let text: unknown
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(octets)
  } catch {
    throw new DerError('not UTF-8')
  }
  if (!isShowable(text)) throw new DerError('text that cannot be shown')
  return text
}

function readCountry(element: DerElement): string {
  const text = Buffer.from(getContent(element, PRINTABLE_STRING)).toString('latin1')
  if (!isCountry(text)) throw new DerError('another country')
  return text
}
