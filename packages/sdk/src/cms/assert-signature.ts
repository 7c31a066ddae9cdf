/**
 * No signature value is embedded before it was checked: a token that was swapped, a driver that pads wrongly or a key
 * that is not the certificate's is found here and not by whoever receives the document.
 * @module
 */
import { type Algorithm, type SignatureScheme, webCryptoParameters } from '../algorithms.ts'
import { ecdsaSignatureBytes } from '../asn1/ecdsa.ts'
import type { PublicKey } from '../asn1/public-key.ts'
import type { Bytes } from '../bytes.ts'
import { FormatError, TokenError, UsageError } from '../errors.ts'

/** A signature value and what it claims to be. */
export interface ClaimedSignature {
  readonly algorithm: Algorithm
  readonly publicKey: PublicKey
  readonly toBeSigned: Uint8Array
  /** RSA's octets, or r‖s at fixed width. */
  readonly signatureValue: Uint8Array
}

/**
 * Verifies a signature value against the certificate's key, by WebCrypto.
 * @throws {TokenError} TOKEN_SIGNATURE_INVALID
 * @throws {UsageError} USAGE_UNSUPPORTED_ALGORITHM where the certificate's key is not for this algorithm;
 *   USAGE_INSECURE_CONTEXT where the page has no WebCrypto
 * @throws {FormatError} FORMAT_UNSUPPORTED where WebCrypto cannot read the key
 */
export async function assertSignature(claimed: ClaimedSignature): Promise<void> {
  const { algorithm, publicKey, signatureValue } = claimed
  if (!publicKey.algorithms.includes(algorithm.name)) {
    throw new UsageError('USAGE_UNSUPPORTED_ALGORITHM', { details: { algorithm: algorithm.name } })
  }
  const { curve } = algorithm
  if (curve !== undefined && signatureValue.length !== ecdsaSignatureBytes(curve)) {
    throw new TokenError('TOKEN_SIGNATURE_INVALID')
  }
  if (!(await verifySignature(algorithm, claimed))) throw new TokenError('TOKEN_SIGNATURE_INVALID')
}

/**
 * Tells whether a signature value is the key's over some bytes, by WebCrypto.
 * @throws {UsageError} USAGE_INSECURE_CONTEXT where the page has no WebCrypto
 * @throws {FormatError} FORMAT_UNSUPPORTED where WebCrypto cannot read the key
 */
export async function verifySignature(
  scheme: SignatureScheme,
  { publicKey, toBeSigned, signatureValue }: Omit<ClaimedSignature, 'algorithm'>,
): Promise<boolean> {
  return crypto.subtle.verify(
    webCryptoParameters(scheme),
    await importPublicKey(scheme, publicKey),
    signatureValue as Bytes,
    toBeSigned as Bytes,
  )
}

/**
 * What was imported, by the one array that a certificate which is kept (`parseCertificate`) has for its key, which nobody
 * writes to: a thousand signatures of one signer, and each on its own, import it once. An import that failed stays failed.
 */
const imported = new WeakMap<Bytes, Map<string, Promise<CryptoKey>>>()

async function importPublicKey(
  scheme: SignatureScheme,
  { spkiDer }: PublicKey,
): Promise<CryptoKey> {
  // Typed as always there, but a page that is not a secure context has none.
  if ((crypto.subtle as SubtleCrypto | undefined) === undefined) {
    throw new UsageError('USAGE_INSECURE_CONTEXT')
  }
  const parameters = webCryptoParameters(scheme)
  const keys = imported.get(spkiDer) ?? new Map<string, Promise<CryptoKey>>()
  imported.set(spkiDer, keys)
  const use = `${parameters.name} ${parameters.hash} ${parameters.namedCurve}`
  const key =
    keys.get(use) ?? crypto.subtle.importKey('spki', spkiDer, parameters, false, ['verify'])
  keys.set(use, key)
  try {
    return await key
  } catch (cause) {
    const details = { feature: 'public key of the certificate' }
    throw new FormatError('FORMAT_UNSUPPORTED', { cause, details })
  }
}
