/**
 * `certificates.list`: what a page may learn of the certificates at hand.
 * @module
 */
import { ALGORITHM_NAMES } from '../algorithms.ts'
import * as limits from './limits.ts'
import {
  type RequestType,
  certificateDer,
  certificateId,
  language,
  shortText,
} from './message-types.ts'
import { type Infer, boolean, list, object, oneOf, optional, text } from './shape.ts'

const name = text(limits.MAX_NAME_LENGTH)

const listedCertificate = object({
  /** Stable while the token stays: SHA-256 of the certificate's DER. */
  id: certificateId,
  certificate: certificateDer,
  /** Issuers found on the token, the issuer of `certificate` first. */
  chain: list(certificateDer, 0, 8),
  /** What key and token can do together, the preferred first. */
  algorithms: list(oneOf(ALGORITHM_NAMES), 1, ALGORITHM_NAMES.length),
  /** What the bridge read in the certificate, so that a page can show it without an ASN.1 parser. Nothing to rely on. */
  summary: object({
    /** Common name of the subject. */
    holder: name,
    organization: optional(name),
    /** Common name of the issuer. */
    issuer: name,
    /** Upper-case hexadecimal. */
    serialNumber: shortText,
    /** ISO 8601, UTC. */
    notBefore: text(30),
    notAfter: text(30),
    /** Whether key usage lets the key sign documents (digitalSignature or nonRepudiation, or no key usage at all). */
    signsDocuments: boolean,
  }),
  token: object({ label: shortText, manufacturer: shortText, serial: shortText }),
})
export type ListedCertificate = Infer<typeof listedCertificate>

/** Certificates whose private key is at hand. The person is asked once per origin. */
export const listCertificates = {
  method: 'certificates.list',
  direction: 'page-to-bridge',
  asksPerson: true,
  params: object({ language: optional(language) }),
  result: object({ certificates: list(listedCertificate, 0, limits.MAX_CERTIFICATES) }),
} as const satisfies RequestType<unknown, unknown>
