/**
 * A signature that is about to be signed itself: read, and found to be one.
 * @module
 */
import { ALGORITHMS } from '../algorithms.ts'
import { parseEcdsaSignature } from '../asn1/ecdsa.ts'
import { FormatError } from '../errors.ts'
import type { SignatureToConfirm } from '../types.ts'
import { verifySignature } from './assert-signature.ts'
import { findSignerCertificate } from './check-signer.ts'
import type { SignedDataParts, SignerInfoParts } from './parse.ts'
import { findSignatureScheme } from './signature-scheme.ts'
import { findSignedOctets } from './signed-octets.ts'

/**
 * Reads what a counter-signer confirms. Whether the signature is over the content is not looked at: of a detached one
 * it is not there.
 * @throws {FormatError} FORMAT_UNSUPPORTED {feature} where the signer's certificate is not inside, nothing but the content
 *   is signed, or the algorithm is none of the registry's; FORMAT_CHANGED where the signature is not the certificate's
 */
export async function readCountersigned(
  parts: SignedDataParts,
  signer: SignerInfoParts,
): Promise<SignatureToConfirm> {
  const certificate = findSignerCertificate(parts, signer)
  if (certificate === undefined) throw unsupported('a signer whose certificate is not inside')
  const { signedAttributes, signature } = signer
  if (signedAttributes === undefined) throw unsupported('a signature without signed attributes')
  const scheme = findSignatureScheme(signer, certificate)
  const named = Object.values(ALGORITHMS).find(
    ({ family, digest, curve, digestBytes }) =>
      family === scheme?.family &&
      digest === scheme.digest &&
      curve === scheme.curve &&
      digestBytes === (scheme.saltBytes ?? digestBytes),
  )
  if (scheme === undefined || named === undefined) throw unsupported('the signature’s algorithm')
  const signatureValue = scheme.curve ? parseEcdsaSignature(signature, scheme.curve) : signature
  const toBeSigned = await findSignedOctets(signedAttributes, (octets) =>
    verifySignature(scheme, { publicKey: certificate, toBeSigned: octets, signatureValue }),
  )
  if (toBeSigned === undefined) throw new FormatError('FORMAT_CHANGED')
  const { certificateDer } = certificate
  return { algorithm: named.name, certificate: certificateDer, toBeSigned, value: signature }
}

function unsupported(feature: string): FormatError {
  return new FormatError('FORMAT_UNSUPPORTED', { details: { feature } })
}
