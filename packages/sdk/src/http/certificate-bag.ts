/**
 * What lies at the address of an issuer: one certificate, DER or PEM, or several in a CMS that signs nothing, which may be BER.
 * @module
 */
import { wholeBerToDer } from '../asn1/ber.ts'
import { TAG, contextTag } from '../asn1/der.ts'
import { idSignedData } from '../asn1/oid.ts'
import { listPem } from '../asn1/pem.ts'
import { type DerNode, readDer } from '../asn1/reader.ts'
import type { Bytes } from '../bytes.ts'

/** Takes the certificates out. @returns DER each @throws {FormatError} FORMAT_MALFORMED @see RFC 5280 §4.2.2.1 */
export function listCertificates(file: Uint8Array): readonly Bytes[] {
  const pem = listPem(file)
  if (pem.length > 0) return pem.flatMap(listInDer)
  return listInDer(file)
}

function listInDer(der: Uint8Array): readonly Bytes[] {
  const root = readDer(wholeBerToDer(der, 'certificates'), 'certificates').assertTag(TAG.SEQUENCE)
  const [first] = root.children
  if (first?.tag !== TAG.OID) return [root.bytes]
  if (first.readOid() !== idSignedData) first.fail('id-signedData')
  const signedData = root.getChild(1, contextTag(0)).getChild(0, TAG.SEQUENCE)
  const isBag = ({ tag }: DerNode): boolean => tag === contextTag(0)
  return (signedData.children.find(isBag)?.children ?? []).map(({ bytes }) => bytes)
}
