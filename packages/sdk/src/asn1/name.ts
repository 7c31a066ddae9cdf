/**
 * Distinguished names as a person reads them. Whoever compares names compares their DER, never this.
 *
 * ```
 * Name ::= SEQUENCE OF SET OF SEQUENCE { type OBJECT IDENTIFIER, value ANY }                          RFC 5280 §4.1.2.4
 * ```
 * @module
 */
import { TAG } from './der.ts'
import type { DerNode } from './reader.ts'

/** Attributes that the certificates of Vietnamese issuers carry: X.520, RFC 4519, RFC 2985. */
const ATTRIBUTES = {
  '2.5.4.3': 'commonName',
  '2.5.4.4': 'surname',
  '2.5.4.5': 'serialNumber',
  '2.5.4.6': 'country',
  '2.5.4.7': 'locality',
  '2.5.4.8': 'province',
  '2.5.4.10': 'organization',
  '2.5.4.11': 'organizationalUnit',
  '2.5.4.12': 'title',
  '2.5.4.42': 'givenName',
  '2.5.4.97': 'organizationIdentifier',
  '0.9.2342.19200300.100.1.1': 'userId',
  '1.2.840.113549.1.9.1': 'emailAddress',
} as const

type AttributeName = (typeof ATTRIBUTES)[keyof typeof ATTRIBUTES]

/** Readable attributes of a name; of one that occurs twice the last, most specific, value. */
export type ReadableName = Readonly<Partial<Record<AttributeName, string>>>

/**
 * Reads a Name.
 * @throws {FormatError} FORMAT_MALFORMED
 */
export function parseName(name: DerNode): ReadableName {
  const readable: Partial<Record<AttributeName, string>> = {}
  for (const relativeName of name.assertTag(TAG.SEQUENCE).children) {
    for (const attribute of relativeName.assertTag(TAG.SET).children) {
      const oid = attribute.assertTag(TAG.SEQUENCE).getChild(0, TAG.OID).readOid()
      const text = attribute.children[1]?.findText()
      if (text !== undefined && isReadable(oid)) readable[ATTRIBUTES[oid]] = makeSafeToShow(text)
    }
  }
  return Object.freeze(readable)
}

function isReadable(oid: string): oid is keyof typeof ATTRIBUTES {
  return Object.hasOwn(ATTRIBUTES, oid)
}

/** Control and direction characters can make a name look like another; a composed form finds its glyphs in any font. */
function makeSafeToShow(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, '\uFFFD').normalize('NFC')
}
