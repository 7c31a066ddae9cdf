/**
 * No signature value is embedded before it was checked: a token that was swapped, a driver that pads wrongly or a key
 * that is not the certificate's is found here and not by whoever receives the document.
 * @module
 */
import {
  type Algorithm,
  type SignatureScheme,
  getAlgorithm,
  webCryptoParameters,
} from '../algorithms.ts'
import { type Certificate, parseCertificate } from '../asn1/certificate.ts'
import { ecdsaSignatureBytes } from '../asn1/ecdsa.ts'
import type { PublicKey } from '../asn1/public-key.ts'
import type { Bytes } from '../bytes.ts'
import { FormatError, TokenError, UsageError, wrongArgument } from '../errors.ts'
import type { SigningRequest } from '../types.ts'

/** What a signature value was asked for, by whose certificate: DER. */
export type SignatureToAssert = Pick<SigningRequest, 'algorithm' | 'toBeSigned'> & {
  readonly certificate: Uint8Array
}

/** A signature, verified. All bytes are its own: what was checked is what is embedded, whatever the caller does meanwhile. */
export interface AssertedSignature {
  readonly algorithm: Algorithm
  readonly certificate: Certificate
  readonly toBeSigned: Bytes
  /** RSA's octets, or r‖s at fixed width. */
  readonly signatureValue: Bytes
}

/**
 * Verifies a signature value against the certificate's key, by WebCrypto.
 * @param signatureValue RSA's octets, or r‖s at fixed width
 * @throws {TokenError} TOKEN_SIGNATURE_INVALID
 * @throws {UsageError} USAGE_ARGUMENT where the value is not bytes; USAGE_UNSUPPORTED_ALGORITHM where the certificate's key
 *   is not for this algorithm; USAGE_INSECURE_CONTEXT where the page has no WebCrypto
 * @throws {FormatError} FORMAT_MALFORMED where the certificate cannot be read; FORMAT_UNSUPPORTED where WebCrypto cannot read
 *   the key
 */
export async function assertSignature(
  prepared: SignatureToAssert,
  signatureValue: Uint8Array,
): Promise<AssertedSignature> {
  if (!(signatureValue instanceof Uint8Array)) throw wrongArgument('signatureValue', 'a Uint8Array')
  const algorithm = getAlgorithm(prepared.algorithm)
  const certificate = parseCertificate(prepared.certificate)
  const own = {
    toBeSigned: new Uint8Array(prepared.toBeSigned),
    signatureValue: new Uint8Array(signatureValue),
  }
  if (!certificate.algorithms.includes(algorithm.name)) {
    throw new UsageError('USAGE_UNSUPPORTED_ALGORITHM', { details: { algorithm: algorithm.name } })
  }
  const { curve } = algorithm
  const isWide = curve === undefined || own.signatureValue.length === ecdsaSignatureBytes(curve)
  if (!isWide || !(await verifySignature(algorithm, { publicKey: certificate, ...own }))) {
    throw new TokenError('TOKEN_SIGNATURE_INVALID')
  }
  return { algorithm, certificate, ...own }
}

/** A signature value and whose it may be. */
interface ClaimedSignature {
  readonly publicKey: PublicKey
  readonly toBeSigned: Uint8Array
  readonly signatureValue: Uint8Array
}

/**
 * Tells whether a signature value is the key's over some bytes, by WebCrypto.
 * @throws {UsageError} USAGE_INSECURE_CONTEXT where the page has no WebCrypto
 * @throws {FormatError} FORMAT_UNSUPPORTED where WebCrypto cannot read the key
 */
export async function verifySignature(
  scheme: SignatureScheme,
  { publicKey, toBeSigned, signatureValue }: ClaimedSignature,
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
