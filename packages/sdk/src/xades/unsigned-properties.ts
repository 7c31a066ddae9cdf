/**
 * Unsigned properties: what is there, and how more of it is written.
 * @module
 */
import { type Certificate, parseCertificate } from '../asn1/certificate.ts'
import { encodeBase64, parseSpacedBase64 } from '../base64.ts'
import { type Bytes, equalBytes } from '../bytes.ts'
import { C14N_URIS } from '../xml/c14n-methods.ts'
import { malformedXml } from '../xml/malformed.ts'
import { findChild, isNamed, listChildren } from './children.ts'
import { encodeElement } from './element-text.ts'
import { findQualifyingProperties } from './place.ts'
import { DSIG, XADES, XADES_141 } from './uris.ts'

const NAMESPACES = { 'xmlns:xades': XADES, 'xmlns:xades141': XADES_141, 'xmlns:ds': DSIG }

/** What is known of certificates: DER each. */
export interface PropertyValues {
  readonly certificates: readonly Bytes[]
  readonly ocspResponses: readonly Bytes[]
  readonly crls: readonly Bytes[]
}

/** Lists the unsigned properties of a signature, in order. */
export function listUnsigned(signature: Element): readonly Element[] {
  const properties = findQualifyingProperties(signature)
  const unsigned = properties && findChild(properties, XADES, 'UnsignedProperties')
  const list = unsigned && findChild(unsigned, XADES, 'UnsignedSignatureProperties')
  const found: Element[] = []
  for (let node = list?.firstChild ?? null; node !== null; node = node.nextSibling) {
    if (node.nodeType === 1) found.push(node as Element)
  }
  return found
}

/** Tells whether the signature value has a time stamp. */
export function isStamped(signature: Element): boolean {
  return listUnsigned(signature).some((property) => isNamed(property, XADES, 'SignatureTimeStamp'))
}

/** Tells whether an archive time stamp is over what is there. */
export function isArchived(signature: Element): boolean {
  return listUnsigned(signature).some(({ localName }) => localName === 'ArchiveTimeStamp')
}

/**
 * The certificates of KeyInfo, the signer's first: the one that has issued none of the others, for they may stand in any
 * order (XML Signature 1.1 §4.5.4). Where that does not tell, as they stand there.
 * @throws {FormatError} FORMAT_MALFORMED
 */
export function findKeyCertificates(signature: Element): readonly Bytes[] {
  const keyInfo = findChild(signature, DSIG, 'KeyInfo')
  if (keyInfo === undefined) return []
  const all = listChildren(keyInfo, DSIG, 'X509Data')
    .flatMap((data) => listChildren(data, DSIG, 'X509Certificate'))
    .map(getBase64)
  const signer = all.length === 1 ? 0 : findLast(all)
  return signer <= 0 ? all : [all[signer] as Bytes, ...all.toSpliced(signer, 1)]
}

/** Where the one is that has issued none of the others; -1 where each has. @throws {FormatError} FORMAT_MALFORMED */
function findLast(all: readonly Bytes[]): number {
  const read = all.map(parseCertificate)
  const hasIssued = (one: Certificate): boolean =>
    read.some((other) => other !== one && equalBytes(other.issuerDer, one.subjectDer))
  return read.findIndex((one) => !hasIssued(one))
}

/** All TimeStampTokens of a signature. @throws {FormatError} FORMAT_MALFORMED */
export function findTokens(signature: Element): readonly Bytes[] {
  return listUnsigned(signature)
    .filter(({ localName }) => localName.endsWith('TimeStamp'))
    .flatMap((stamp) => listChildren(stamp, XADES, 'EncapsulatedTimeStamp'))
    .map(getBase64)
}

/** All that is known of certificates in a signature. @throws {FormatError} FORMAT_MALFORMED */
export function findValues(signature: Element): PropertyValues & { readonly isThere: boolean } {
  const all = listUnsigned(signature).flatMap((property) =>
    isNamed(property, XADES_141, 'TimeStampValidationData')
      ? [
          ...listChildren(property, XADES, 'CertificateValues'),
          ...listChildren(property, XADES, 'RevocationValues'),
        ]
      : [property],
  )
  const inside = (...path: readonly string[]): readonly Bytes[] =>
    path
      .reduce<readonly Element[]>(
        (found, name, depth) =>
          depth === 0
            ? all.filter((property) => isNamed(property, XADES, name))
            : found.flatMap((element) => listChildren(element, XADES, name)),
        [],
      )
      .map(getBase64)
  return {
    certificates: inside('CertificateValues', 'EncapsulatedX509Certificate'),
    ocspResponses: inside('RevocationValues', 'OCSPValues', 'EncapsulatedOCSPValue'),
    crls: inside('RevocationValues', 'CRLValues', 'EncapsulatedCRLValue'),
    isThere: all.some(({ localName }) => /^(?:Certificate|Revocation)Values$/.test(localName)),
  }
}

/**
 * Writes a time stamp over octets that are canonical in the exclusive form.
 * @see EN 319 132-1 §4.2.4 (GenericTimeStampType)
 */
export function encodeTimestamp(
  name: 'xades:SignatureTimeStamp' | 'xades141:ArchiveTimeStamp',
  tokenDer: Uint8Array,
): string {
  return encodeElement(
    name,
    NAMESPACES,
    encodeElement('ds:CanonicalizationMethod', { Algorithm: C14N_URIS.exclusive }),
    encodeElement('xades:EncapsulatedTimeStamp', {}, encodeBase64(tokenDer)),
  )
}

/**
 * Writes what is known of certificates: as properties of the signature; or, where those are there or under an archive time
 * stamp, as what belongs to the time stamps.
 * @returns empty where there is nothing to write
 * @see EN 319 132-1 §5.4.1, §5.4.2, §5.5.1
 */
export function encodeValues(values: PropertyValues, of: 'signature' | 'time stamps'): string {
  const isInner = of === 'time stamps'
  const declared = isInner ? {} : NAMESPACES
  const written =
    encodeList(
      `CertificateValues`,
      declared,
      encodeEach('EncapsulatedX509Certificate', values.certificates),
    ) +
    encodeList(
      'RevocationValues',
      declared,
      encodeList('CRLValues', {}, encodeEach('EncapsulatedCRLValue', values.crls)) +
        encodeList('OCSPValues', {}, encodeEach('EncapsulatedOCSPValue', values.ocspResponses)),
    )
  if (written === '' || !isInner) return written
  return encodeElement('xades141:TimeStampValidationData', NAMESPACES, written)
}

const encodeEach = (name: string, all: readonly Uint8Array[]): string =>
  all.map((der) => encodeElement(`xades:${name}`, {}, encodeBase64(der))).join('')

const encodeList = (name: string, attributes: Record<string, string>, content: string): string =>
  content === '' ? '' : encodeElement(`xades:${name}`, attributes, content)

function getBase64(element: Element): Bytes {
  const octets = parseSpacedBase64(element.textContent ?? '')
  if (octets === undefined) throw malformedXml(0, `base64 in ${element.localName}`)
  return octets
}
