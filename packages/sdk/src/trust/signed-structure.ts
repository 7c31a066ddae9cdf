/**
 * What X.509 signs: certificates, lists of revoked ones, OCSP answers are all of one build.
 *
 * ```
 * SEQUENCE { toBeSigned, signatureAlgorithm AlgorithmIdentifier, signature BIT STRING }            RFC 5280 §4.1, §5.1
 * ```
 * @module
 */
import { type Certificate, parseCertificate } from '../asn1/certificate.ts'
import { TAG, contextTag } from '../asn1/der.ts'
import { parseEcdsaSignature } from '../asn1/ecdsa.ts'
import type { PublicKey } from '../asn1/public-key.ts'
import { type DerNode, readDer } from '../asn1/reader.ts'
import { type Bytes, equalBytes } from '../bytes.ts'
import { verifySignature } from '../cms/assert-signature.ts'
import { findSignatureScheme } from '../cms/signature-scheme.ts'
import { isSigningError } from '../errors.ts'

export interface SignedStructure {
  /** Complete encoding. */
  readonly toBeSigned: Bytes
  readonly signatureAlgorithm: DerNode
  readonly signature: Bytes
}

/** Takes a structure apart. @throws {FormatError} FORMAT_MALFORMED */
export function parseSignedStructure(structure: DerNode): SignedStructure {
  return {
    toBeSigned: structure.getChild(0, TAG.SEQUENCE).bytes,
    signatureAlgorithm: structure.getChild(1, TAG.SEQUENCE),
    signature: readSignatureBits(structure.getChild(2, TAG.BIT_STRING)),
  }
}

/** The octets of a BIT STRING that is a signature. @throws {FormatError} FORMAT_MALFORMED */
export function readSignatureBits(bits: DerNode): Bytes {
  if (bits.contents[0] !== 0) bits.fail('whole octets')
  return bits.contents.subarray(1)
}

/** Tells whether a key signed a structure, by an algorithm that is still believed. */
export async function isSignedBy(
  { toBeSigned, signatureAlgorithm, signature }: SignedStructure,
  publicKey: PublicKey,
): Promise<boolean> {
  try {
    const algorithms = { signatureAlgorithm, digestAlgorithm: signatureAlgorithm }
    const scheme = findSignatureScheme(algorithms, publicKey)
    if (scheme === undefined) return false
    const signatureValue = scheme.curve ? parseEcdsaSignature(signature, scheme.curve) : signature
    return await verifySignature(scheme, { publicKey, toBeSigned, signatureValue })
  } catch (error) {
    // Neither a signature that is none nor a key that cannot be read makes it this key's.
    if (isSigningError(error) && error.code.startsWith('FORMAT_')) return false
    throw error
  }
}

/**
 * Tells whether the key of one certificate signed another.
 * @throws {FormatError} FORMAT_MALFORMED
 */
export async function isCertifiedBy(certificateDer: Uint8Array, key: PublicKey): Promise<boolean> {
  const structure = parseSignedStructure(readDer(certificateDer, 'certificate'))
  const { children } = readDer(structure.toBeSigned, 'certificate')
  const inner = children[children[0]?.tag === contextTag(0) ? 2 : 1]
  // RFC 5280 §4.1.1.2: nobody signed the outer one.
  if (inner === undefined || !equalBytes(inner.bytes, structure.signatureAlgorithm.bytes)) {
    return false
  }
  return isSignedBy(structure, key)
}

/** Of those who bear one name as many are tried: real ones have two, and what came along may hold thousands. */
export const MAX_CANDIDATES = 16

/** Reads a certificate of what came along, which may be anything. @returns undefined where it cannot be read */
export function findCertificate(der: Uint8Array): Certificate | undefined {
  try {
    return parseCertificate(der)
  } catch {
    return undefined
  }
}
