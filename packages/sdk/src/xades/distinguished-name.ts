/**
 * A certificate's subject as X509SubjectName has it (XML Signature 1.1 §4.5.4.1, RFC 4514).
 * @module
 */
import { TAG } from '../asn1/der.ts'
import { type DerNode, readDer } from '../asn1/reader.ts'
import { encodeHex } from '../bytes.ts'

/** RFC 4514 §3, and those that Vietnam's authorities and issuers write. */
const SHORT_NAMES: Readonly<Record<string, string>> = {
  '2.5.4.3': 'CN',
  '2.5.4.5': 'SERIALNUMBER',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.9': 'STREET',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '0.9.2342.19200300.100.1.1': 'UID',
  '0.9.2342.19200300.100.1.25': 'DC',
  '1.2.840.113549.1.9.1': 'E',
}

/**
 * Writes a name, the last part first.
 * @param nameDer DER Name
 * @throws {FormatError} FORMAT_MALFORMED
 */
export function encodeDistinguishedName(nameDer: Uint8Array): string {
  const parts = readDer(nameDer, 'certificate').assertTag(TAG.SEQUENCE).children
  return parts
    .map((part) => part.assertTag(TAG.SET).children.map(encodeAttribute).join('+'))
    .reverse()
    .join(',')
}

function encodeAttribute(attribute: DerNode): string {
  const oid = attribute.assertTag(TAG.SEQUENCE).getChild(0, TAG.OID).readOid()
  const [, value] = attribute.children
  const name = SHORT_NAMES[oid]
  const text = value?.findText()
  // What has no name, or is no text, is written as its octets (RFC 4514 §2.4).
  if (name === undefined || text === undefined) {
    return `${name ?? oid}=#${encodeHex(value?.bytes ?? attribute.fail('a value'))}`
  }
  return `${name}=${escapeValue(text)}`
}

function escapeValue(text: string): string {
  return text.replace(/["+,;<>\\]|^[ #]| $/g, '\\$&').replaceAll('\0', '\\00')
}
