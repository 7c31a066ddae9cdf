/**
 * The certificates of issuers. What is found comes to be at hand, so that its own addresses count.
 * @module
 */
import type { Bytes } from '@trien/sdk/types'
import { type CertificateFields, parseCertificateFields } from '../der/certificate-fields.ts'
import { DerError } from '../der/reader.ts'
import { ISSUER } from './fetch.ts'
import { parseCertificates } from './files.ts'
import { isIssuedBy } from './issued-by.ts'
import { type Means, addressesIn, fetchFirst } from './means.ts'
import type { AskedCertificate } from './ocsp.ts'
import { listIssuerAddresses } from './pointers.ts'
import { wrongAnswer } from './problem.ts'
import type { Asker } from './traffic.ts'

const MAX_ISSUERS = 8

/**
 * Finds the issuers of a certificate, at hand or where it says.
 * @returns DER of each whose key verifies the certificate; none where it issued itself
 * @throws as `fetchFirst`; {BridgeError} BRIDGE_RELAY_REFUSED, BRIDGE_RELAY_ANSWER {what: `issuer`}
 */
export async function relayIssuer(
  { certificate, path = [] }: AskedCertificate,
  means: Means,
  asker: Asker,
): Promise<readonly Bytes[]> {
  const fields = await means.hand.prove(certificate, path)
  const known = means.hand.findIssuers(fields)
  if (known.length > 0) {
    return known.slice(0, MAX_ISSUERS).map(({ certificateDer }) => certificateDer)
  }
  if (isIssuedBy(fields, fields)) return []
  const read = (answer: Uint8Array): readonly Bytes[] => {
    const issuers = parseCertificates(answer).filter((der) => hasIssued(der, fields))
    if (issuers.length === 0) throw wrongAnswer('issuer')
    issuers.forEach(means.hand.keep)
    return issuers.slice(0, MAX_ISSUERS).map((der) => new Uint8Array(der))
  }
  const addresses = addressesIn(() => listIssuerAddresses(fields))
  return fetchFirst(addresses, { errand: ISSUER, read }, means, asker)
}

function hasIssued(issuerDer: Uint8Array, certificate: CertificateFields): boolean {
  try {
    return isIssuedBy(certificate, parseCertificateFields(issuerDer))
  } catch (error) {
    if (error instanceof DerError) return false
    throw error
  }
}
