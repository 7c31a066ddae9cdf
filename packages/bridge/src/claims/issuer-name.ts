/**
 * The issuer and the serial number of a certificate in words, as the SigningCertificate of XAdES has them, which Office asks
 * for. They are written anew from the certificate that is shown, and must be the same letter for letter.
 *
 * ```
 * CN=CA thử nghiệm,O=Cơ quan,C=VN        the last part of the name first; RFC 4514, XML Signature 1.1 §4.5.4.1
 * ```
 * @module
 */
import { encodeHex } from '@trien/sdk/bytes'
import { type DerElement, DerError, TAG, getChildren, getContent, parseDer } from '../der/reader.ts'
import type { ClaimedCertificate } from './certificate.ts'

/** By the OID's content octets in hexadecimal: RFC 4514 §3, and those that Vietnam's issuers have in their names. */
const NAMES: Readonly<Record<string, string>> = {
  '550403': 'CN',
  '550405': 'SERIALNUMBER',
  '550406': 'C',
  '550407': 'L',
  '550408': 'ST',
  '550409': 'STREET',
  '55040a': 'O',
  '55040b': 'OU',
  '0992268993f22c640101': 'UID',
  '0992268993f22c640119': 'DC',
  '2a864886f70d010901': 'E',
}
/** The string types, by how their octets are read: NumericString, PrintableString, TeletexString, IA5String, VisibleString. */
const LATIN: readonly number[] = [0x12, 0x13, 0x14, 0x16, 0x1a]
const UTF8 = 0x0c
const BMP = 0x1e

/** @throws {DerError} where the name is none */
export function describeIssuer(certificate: ClaimedCertificate): string {
  const parts = getChildren(parseDer(certificate.fields().issuer, TAG.sequence), TAG.sequence)
  return parts
    .map((part) => getChildren(part, TAG.set).map(describePart).join('+'))
    .reverse()
    .join(',')
}

/** The serial number in decimal digits. */
export function describeSerial(certificate: ClaimedCertificate): string {
  const content = getContent(parseDer(certificate.fields().serialNumber, TAG.integer), TAG.integer)
  return BigInt(`0x${encodeHex(content)}`).toString()
}

function describePart(attribute: DerElement): string {
  const [type, value, ...rest] = getChildren(attribute, TAG.sequence)
  const oid = getContent(type, TAG.oid)
  if (value === undefined || rest.length > 0) throw new DerError('expected one value')
  const name = NAMES[encodeHex(oid)]
  const text = readText(value)
  // What has no name, or is no text, is written as its octets (RFC 4514 §2.4).
  if (name !== undefined && text !== undefined) return `${name}=${escapeValue(text)}`
  return `${name ?? encodeDotted(oid)}=#${encodeHex(value.encoded)}`
}

function readText({ tag, content }: DerElement): string | undefined {
  if (tag === UTF8) return new TextDecoder('utf-8').decode(content)
  if (LATIN.includes(tag)) return Buffer.from(content).toString('latin1')
  return tag === BMP && content.length % 2 === 0
    ? Buffer.from(content).swap16().toString('utf16le')
    : undefined
}

/** X.690 §8.19. */
function encodeDotted(oid: Uint8Array): string {
  const arcs: number[] = []
  let arc = 0
  for (const octet of oid) {
    arc = arc * 128 + (octet & 0x7f)
    if (octet >= 0x80) continue
    arcs.push(arc)
    arc = 0
  }
  const [first = 0, ...others] = arcs
  const root = Math.min(Math.floor(first / 40), 2)
  return [root, first - root * 40, ...others].join('.')
}

/** RFC 4514 §2.4. */
function escapeValue(text: string): string {
  return text
    .replace(/["+,;<>\\]/g, '\\$&')
    .replace(/^[ #]/, '\\$&')
    .replace(/ $/, '\\ ')
    .replaceAll('\0', '\\00')
}
