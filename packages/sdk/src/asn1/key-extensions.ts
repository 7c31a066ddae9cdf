/**
 * What extensions say of a certificate's key: what it is for, and by what it is named.
 * @module
 */
import { TAG } from './der.ts'
import { findExtension } from './extension.ts'
import { idCeExtKeyUsage, idCeSubjectKeyIdentifier } from './authority-oid.ts'
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

/** Reads the octets of the subject key identifier (RFC 5280 §4.2.1.2). @throws {FormatError} FORMAT_MALFORMED */
export function findSubjectKeyIdentifier(certificateDer: Uint8Array): Uint8Array | undefined {
  const extension = findExtension(readTbs(certificateDer), idCeSubjectKeyIdentifier)
  return extension?.value.assertTag(TAG.OCTET_STRING).contents
}

function readTbs(certificateDer: Uint8Array): DerNode {
  return readDer(certificateDer, 'certificate').assertTag(TAG.SEQUENCE).getChild(0, TAG.SEQUENCE)
}
