/**
 * What extensions say of a certificate's key: what it is for, and by what it is named.
 * @module
 */
import { TAG } from './der.ts'
import { findExtension } from './extension.ts'
import {
  idCeBasicConstraints,
  idCeExtKeyUsage,
  idCeSubjectKeyIdentifier,
  idPkixOcspNocheck,
} from './authority-oid.ts'
import { idCeKeyUsage } from './oid.ts'
import { type DerNode, readDer } from './reader.ts'

/** The purposes that a certificate's key is for, in dotted form (RFC 5280 §4.2.1.12); undefined where it does not say. */
export interface ExtendedKeyUsage {
  readonly isCritical: boolean
  readonly purposes: readonly string[]
}

/** Reads the purposes. @param certificateDer DER @throws {FormatError} FORMAT_MALFORMED */
export function findExtendedKeyUsage(certificateDer: Uint8Array): ExtendedKeyUsage | undefined {
  const extension = findExtension(readTbs(certificateDer), idCeExtKeyUsage)
  if (extension === undefined) return undefined
  const { children } = extension.value.assertTag(TAG.SEQUENCE)
  const purposes = children.map((child) => child.assertTag(TAG.OID).readOid())
  return { isCritical: extension.isCritical, purposes }
}

/** Bits of keyUsage in their order (RFC 5280 §4.2.1.3). */
const KEY_USAGES = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const

export type KeyUsage = (typeof KEY_USAGES)[number]

/**
 * Reads what a certificate lets its key do; undefined where it does not restrict it.
 * @param certificateDer DER
 * @throws {FormatError} FORMAT_MALFORMED
 */
export function findKeyUsage(certificateDer: Uint8Array): readonly KeyUsage[] | undefined {
  const extension = findExtension(readTbs(certificateDer), idCeKeyUsage)
  const bits = extension?.value.assertTag(TAG.BIT_STRING)
  if (bits === undefined) return undefined
  return KEY_USAGES.filter((_, bit) => {
    const octet = bits.contents[1 + (bit >> 3)] ?? 0
    return (octet & (0x80 >> (bit & 7))) !== 0
  })
}

/** Reads the octets of the subject key identifier (RFC 5280 §4.2.1.2). @throws {FormatError} FORMAT_MALFORMED */
export function findSubjectKeyIdentifier(certificateDer: Uint8Array): Uint8Array | undefined {
  const extension = findExtension(readTbs(certificateDer), idCeSubjectKeyIdentifier)
  return extension?.value.assertTag(TAG.OCTET_STRING).contents
}

/**
 * Tells whether a certificate is one of who issues certificates (RFC 5280 §4.2.1.9); one of version 1, as old roots are,
 * does not say.
 * @throws {FormatError} FORMAT_MALFORMED
 */
export function isCertificationAuthority(certificateDer: Uint8Array): boolean {
  const constraints = findExtension(readTbs(certificateDer), idCeBasicConstraints)?.value
  const [ca] = constraints?.assertTag(TAG.SEQUENCE).children ?? []
  return ca?.tag === TAG.BOOLEAN && ca.contents[0] === 0xff
}

/** Tells whether the status of an OCSP responder's own certificate need not be asked (RFC 6960 §4.2.2.2.1). */
export function isNeverRevoked(certificateDer: Uint8Array): boolean {
  return findExtension(readTbs(certificateDer), idPkixOcspNocheck) !== undefined
}

function readTbs(certificateDer: Uint8Array): DerNode {
  return readDer(certificateDer, 'certificate').assertTag(TAG.SEQUENCE).getChild(0, TAG.SEQUENCE)
}
