/**
 * What a signature in XML says about itself: XAdES in SignedProperties, plain XML signatures (those of Vietnam's
 * invoices) in an Object with a signing time.
 *
 * ```
 * SignedProperties Id                                                  EN 319 132-1 §5
 *   SignedSignatureProperties
 *     SigningTime?                xsd:dateTime with a zone
 *     SigningCertificateV2        one Cert: digest and issuer of the certificate shown; required
 *     SigningCertificate          of an Office file, in place of V2: the same, issuer and serial number in words
 *     SignaturePolicyIdentifier   of an Office file: SignaturePolicyImplied, which is empty
 *     SignatureProductionPlaceV2?, SignerRoleV2?     what the person is shown of them: said-properties
 *   SignedDataObjectProperties?
 *     DataObjectFormat …          MimeType of a document, as it is shown
 *     CommitmentTypeIndication?   as the role
 *
 * Object Id                                                            XML Signature 1.1 §5.2
 *   SignatureProperties
 *     SignatureProperty Target
 *       SigningTime               local time, no zone
 * ```
 *
 * All else is refused, as in CMS: a policy or an assertion could make the signature say more than the person saw. In Office
 * files, which have none of them, so are role, place and commitment; elsewhere SigningCertificate is, for which Word asks.
 * @module
 */
import type { DigestName } from '@trien/sdk/types'
import { TAG, parseDer } from '../der/reader.ts'
import type { ClaimedCertificate } from './certificate.ts'
import type { Claimed } from './claimed.ts'
import { describeIssuer, describeSerial } from './issuer-name.ts'
import { assertClaim, readAs } from './mismatch.ts'
import { readCommitment, readPlace, readRoles } from './said-properties.ts'
import type { Said } from './said.ts'
import { assertIssuerSerial } from './signing-certificate.ts'
import { assertXmlTime } from './signing-time.ts'
import { DIGEST_METHODS } from './xml/algorithms.ts'
import { type XmlElement, XmlError } from './xml/element.ts'
import {
  DSIG,
  XADES,
  assertSame,
  getAlgorithmUri,
  getBase64,
  getChildren,
  getElement,
  getText,
} from './xml/expect.ts'
import type { Reference } from './xml/reference.ts'

const inXades = (local: string, ...attributes: string[]) => ({
  namespace: XADES,
  local,
  attributes,
})

/**
 * Gives the Id by which SignedInfo refers to the properties.
 * @throws {XmlError}
 */
export function findId(properties: XmlElement): string {
  const namespace = properties.local === 'Object' ? DSIG : XADES
  const local = properties.local === 'Object' ? 'Object' : 'SignedProperties'
  const { attributes } = getElement(properties, { namespace, local, attributes: ['Id'] })
  const id = attributes.get('Id')
  if (id === undefined) throw new XmlError('no Id')
  return id
}

/**
 * Refuses properties that say anything but time, certificate, what the documents are, and what is returned.
 * @param signed the references to the documents, in their order
 * @throws {BridgeError} BRIDGE_CLAIM_MISMATCH {claim}
 */
export function assertProperties(
  properties: XmlElement,
  claimed: Claimed,
  signed: readonly Reference[],
): Said {
  if (properties.local === 'Object') {
    assertObject(properties, claimed)
    return {}
  }
  return readAs('signed-properties', () => {
    const [signature, data] = getChildren(properties, 1, 2)
    const element = getElement(signature, inXades('SignedSignatureProperties', 'Id'))
    const isOffice = claimed.officeObject !== undefined
    const said = (isOffice ? assertOfficeProperties : assertSignatureProperties)(element, claimed)
    if (data === undefined) return said
    const ofData = getElement(data, inXades('SignedDataObjectProperties', 'Id'))
    return { ...said, ...assertDataProperties(ofData, claimed, signed) }
  })
}

function assertSignatureProperties(element: XmlElement, { certificate, now }: Claimed): Said {
  const rest = [...getChildren(element, 1, 4)]
  const take = (local: string): XmlElement | undefined =>
    rest[0]?.local === local ? rest.shift() : undefined
  const time = take('SigningTime')
  if (time !== undefined)
    assertXmlTime(getText(getElement(time, inXades('SigningTime'))), 'zone', now)
  readAs('signing-certificate', () => assertCertificate(rest.shift(), certificate))
  const place = take('SignatureProductionPlaceV2')
  const roles = take('SignerRoleV2')
  if (rest.length > 0) throw new XmlError('another property')
  return {
    ...(place && { place: readPlace(place) }),
    ...(roles && { roles: readRoles(roles) }),
  }
}

/** As [MS-OFFCRYPTO] §2.5.2.6 has them: all three. */
function assertOfficeProperties(element: XmlElement, { certificate, now }: Claimed): Said {
  const [time, names, policy] = getChildren(element, 3)
  assertXmlTime(getText(getElement(time, inXades('SigningTime'))), 'zone', now)
  readAs('signing-certificate', () => {
    const issuerSerial = assertCertDigest(names, 'SigningCertificate', certificate)
    const parts = getChildren(getElement(issuerSerial, inXades('IssuerSerial')), 2)
    const [issuer, serial] = ['X509IssuerName', 'X509SerialNumber'].map((local, index) =>
      getText(getElement(parts[index], { namespace: DSIG, local })),
    )
    const isSame = issuer === describeIssuer(certificate) && serial === describeSerial(certificate)
    assertClaim('signing-certificate', isSame)
  })
  const [implied] = getChildren(getElement(policy, inXades('SignaturePolicyIdentifier')), 1)
  const { text, children } = getElement(implied, inXades('SignaturePolicyImplied'))
  if (text !== '' || children.length > 0) throw new XmlError('a policy')
  return {}
}

function assertCertificate(element: XmlElement | undefined, certificate: ClaimedCertificate): void {
  const issuerSerial = assertCertDigest(element, 'SigningCertificateV2', certificate)
  if (issuerSerial === undefined) return
  const issuerSerialDer = getBase64(getElement(issuerSerial, inXades('IssuerSerialV2')))
  assertIssuerSerial(parseDer(issuerSerialDer, TAG.sequence), certificate)
}

/** @returns what stands beside the digest */
function assertCertDigest(
  element: XmlElement | undefined,
  local: 'SigningCertificate' | 'SigningCertificateV2',
  certificate: ClaimedCertificate,
): XmlElement | undefined {
  const list = getElement(element, inXades(local))
  // Cert may have a URI attribute, by which a verifier would fetch something.
  const [cert] = getChildren(list, 1)
  const parts = getChildren(getElement(cert, inXades('Cert')), 1, 2)
  const [method, value] = getChildren(getElement(parts[0], inXades('CertDigest')), 2)
  const hash = findHash(getAlgorithmUri(method, 'DigestMethod'))
  const digest = getBase64(getElement(value, { namespace: DSIG, local: 'DigestValue' }))
  assertSame(digest, certificate.hash(hash))
  return parts[1]
}

function findHash(uri: string): string {
  const names = Object.keys(DIGEST_METHODS) as DigestName[]
  const name = names.find((known) => DIGEST_METHODS[known] === uri)
  if (name === undefined) throw new XmlError('hash not allowed')
  return name.replace('-', '')
}

function assertDataProperties(
  element: XmlElement,
  claimed: Claimed,
  signed: readonly Reference[],
): Said {
  const formats = [...getChildren(element, 1, signed.length + 1)]
  const isCommitted = formats.at(-1)?.local === 'CommitmentTypeIndication'
  const indication = isCommitted && claimed.officeObject === undefined ? formats.pop() : undefined
  assertFormats(formats, claimed, signed)
  return indication === undefined ? {} : { commitment: readCommitment(indication) }
}

/** What a document is must be what was said of it, and each is described once. */
function assertFormats(
  formats: readonly XmlElement[],
  { documents }: Claimed,
  signed: readonly Reference[],
): void {
  if (formats.length > signed.length) throw new XmlError('more formats than documents')
  const described = formats.map((child) => {
    const format = getElement(child, inXades('DataObjectFormat', 'ObjectReference'))
    const [type] = getChildren(format, 1)
    const mimeType = getText(getElement(type, inXades('MimeType')))
    const target = format.attributes.get('ObjectReference')
    const index = signed.findIndex(({ id }) => id !== undefined && `#${id}` === target)
    assertClaim('media-type', documents[index]?.mediaType === mimeType)
    return index
  })
  assertClaim('media-type', new Set(described).size === described.length)
}

/** Files of the authorities put the time in no namespace, or in that of the signature. */
function assertObject(object: XmlElement, { now }: Claimed): void {
  const time = readAs('signed-properties', () => {
    const [list] = getChildren(object, 1)
    const [property] = getChildren(getOwn(list, 'SignatureProperties', 'Id'), 1)
    const [time] = getChildren(getOwn(property, 'SignatureProperty', 'Id', 'Target'), 1)
    return getText(getOwn(time, 'SigningTime'))
  })
  assertXmlTime(time, 'no zone', now)
}

function getOwn(element: XmlElement | undefined, local: string, ...attributes: string[]) {
  const namespace = element?.namespace === '' ? '' : DSIG
  return getElement(element, { namespace, local, attributes })
}
