/**
 * Which algorithm a document is signed with.
 * @module
 */
import { getAlgorithm } from '../algorithms.ts'
import { parseCertificate } from '../asn1/certificate.ts'
import { UsageError, wrongArgument } from '../errors.ts'
import type { AlgorithmName, Signer } from '../types.ts'

/**
 * Decides on the algorithm that was asked for, or the signer's preferred one.
 * @throws {UsageError} USAGE_ARGUMENT where the signer is none; USAGE_UNSUPPORTED_ALGORITHM where the signer does not
 *   offer the algorithm or its certificate's key is not for it
 * @throws {FormatError} FORMAT_MALFORMED where the signer's certificate cannot be read
 */
export function decideAlgorithm(
  signer: Signer,
  requested: AlgorithmName | undefined,
): AlgorithmName {
  assertSigner(signer)
  const { name } = getAlgorithm(requested ?? (signer.algorithms[0] as AlgorithmName))
  const certificate = parseCertificate(signer.certificate)
  if (!signer.algorithms.includes(name) || !certificate.algorithms.includes(name)) {
    throw new UsageError('USAGE_UNSUPPORTED_ALGORITHM', { details: { algorithm: name } })
  }
  return name
}

function assertSigner(signer: unknown): asserts signer is Signer {
  const { certificate, chain, algorithms, sign } = (signer ?? {}) as Partial<Signer>
  const isSigner =
    certificate instanceof Uint8Array &&
    Array.isArray(chain) &&
    chain.every((issuer) => issuer instanceof Uint8Array) &&
    Array.isArray(algorithms) &&
    typeof sign === 'function'
  if (!isSigner) {
    throw wrongArgument('signer', 'a Signer of bridge.signer() or softwareSigner()')
  }
}
