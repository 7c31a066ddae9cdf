/**
 * The first half of a CMS signature: everything but the private key's work.
 * @module
 */
import { getAlgorithm } from '../algorithms.ts'
import { parseCertificate } from '../asn1/certificate.ts'
import type { Bytes } from '../bytes.ts'
import { digestBytes } from '../digest.ts'
import { UsageError, wrongArgument } from '../errors.ts'
import { assertSigningTime } from '../signing-time.ts'
import type { AlgorithmName } from '../types.ts'
import { encodeSignedAttributes } from './signed-attributes.ts'

/** What signed attributes are made of. */
export interface SignedAttributesInput {
  /** DER of the signer's certificate. */
  readonly certificate: Uint8Array
  /** DER of its issuers, in any order; a self-issued root may be among them. */
  readonly chain: readonly Uint8Array[]
  readonly algorithm: AlgorithmName
  /** By the algorithm's own hash. */
  readonly documentDigest: Uint8Array
  /** For CAdES the time that the signer claims; undefined for PAdES, where the signature dictionary says it. */
  readonly signingTime: Date | undefined
  /** Left out: of a document. */
  readonly isCountersignature?: boolean
  /** Whole Attributes, DER: what the signer claims beside the time. */
  readonly claimed?: readonly Uint8Array[]
}

/** Signed attributes waiting for their signature value. Frozen and structured-cloneable; all bytes are its own. */
export interface PreparedSignedAttributes {
  readonly kind: 'cms-signed-attributes'
  readonly algorithm: AlgorithmName
  readonly certificate: Bytes
  readonly chain: readonly Bytes[]
  readonly documentDigest: Bytes
  /** DER `SET OF Attribute`, tag 0x31. */
  readonly toBeSigned: Bytes
}

/**
 * Builds the signed attributes over a document's digest.
 * @throws {UsageError} USAGE_ARGUMENT for a digest of another length, a time outside the years 1950 to 9999, or a
 *   certificate that is not bytes;
 *   USAGE_UNSUPPORTED_ALGORITHM where the certificate's key is not for the algorithm
 * @throws {FormatError} FORMAT_MALFORMED where a certificate cannot be read
 * @see RFC 5652 §5.3, EN 319 122-1 §6.3
 */
export async function prepareSignedAttributes(
  input: SignedAttributesInput,
): Promise<PreparedSignedAttributes> {
  const algorithm = getAlgorithm(input.algorithm)
  assertCertificates(input.certificate, input.chain)
  const certificate = parseCertificate(input.certificate)
  const chain = input.chain.map((issuer) => parseCertificate(issuer).certificateDer)
  const documentDigest = new Uint8Array(input.documentDigest)
  if (documentDigest.length !== algorithm.digestBytes) {
    throw wrongArgument('documentDigest', `a ${algorithm.digest} digest`)
  }
  if (input.signingTime !== undefined) assertSigningTime(input.signingTime)
  if (!certificate.algorithms.includes(algorithm.name)) {
    throw new UsageError('USAGE_UNSUPPORTED_ALGORITHM', { details: { algorithm: algorithm.name } })
  }
  const { certificateDer } = certificate
  const certificateDigest = await digestBytes(algorithm.digest, certificateDer)
  return Object.freeze({
    kind: 'cms-signed-attributes',
    algorithm: algorithm.name,
    certificate: certificateDer,
    chain: Object.freeze(chain),
    documentDigest,
    toBeSigned: encodeSignedAttributes({
      ...input,
      algorithm,
      certificate,
      certificateDigest,
      documentDigest,
    }),
  })
}

/**
 * Refuses certificates that are not bytes; whether they are DER is found when they are read.
 * @throws {UsageError} USAGE_ARGUMENT
 */
export function assertCertificates(certificate: unknown, chain: unknown): void {
  if (!(certificate instanceof Uint8Array)) {
    throw wrongArgument('certificate', 'DER as a Uint8Array')
  }
  if (!Array.isArray(chain) || !chain.every((issuer) => issuer instanceof Uint8Array)) {
    throw wrongArgument('chain', 'an array of DER as Uint8Array')
  }
}
