/**
 * The certificate whose key would sign, as each item of a request is compared with it: read and hashed once for all.
 * @module
 */
import { createHash } from 'node:crypto'
import { type CertificateFields, parseCertificateFields } from '../der/certificate-fields.ts'

/** One certificate, and what items name it by. */
export interface ClaimedCertificate {
  readonly der: Uint8Array
  /** @param name of the hash, as node:crypto spells it */
  hash(name: string): Uint8Array
  /** @throws {DerError} where the certificate is not DER */
  fields(): CertificateFields
}

/** Reads nothing yet: an item may name the certificate by its hash alone. */
export function createClaimedCertificate(der: Uint8Array): ClaimedCertificate {
  const hashes = new Map<string, Uint8Array>()
  let fields: CertificateFields | undefined
  return {
    der,
    hash(name) {
      const known = hashes.get(name) ?? createHash(name).update(der).digest()
      hashes.set(name, known)
      return known
    },
    fields: () => (fields ??= parseCertificateFields(der)),
  }
}
