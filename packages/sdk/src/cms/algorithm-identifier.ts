/**
 * Algorithms of the registry as CMS writes them.
 * @module
 */
import type { Algorithm, KeyDescription } from '../algorithms.ts'
import { ecdsaSignatureBytes, encodeEcdsaSignature } from '../asn1/ecdsa.ts'
import {
  encodeAlgorithmIdentifier,
  encodeExplicit,
  encodeInteger,
  encodeNull,
  encodeSequence,
} from '../asn1/der.ts'
import { idMgf1 } from '../asn1/oid.ts'
import type { Bytes } from '../bytes.ts'

/** Writes digestAlgorithm, its parameters absent (RFC 5754 §2). */
export function encodeDigestAlgorithm(algorithm: Algorithm): Bytes {
  return encodeAlgorithmIdentifier(algorithm.digestOid)
}

/** Writes signatureAlgorithm: NULL for RSA PKCS #1 v1.5, all parameters for PSS, none for ECDSA. */
export function encodeSignatureAlgorithm(algorithm: Algorithm): Bytes {
  const parameters = {
    'RSASSA-PKCS1-v1_5': encodeNull,
    'RSA-PSS': () => encodePssParameters(algorithm),
    ECDSA: () => undefined,
  }[algorithm.family]()
  return encodeAlgorithmIdentifier(algorithm.signatureOid, parameters)
}

/**
 * ```
 * RSASSA-PSS-params ::= SEQUENCE { [0] hashAlgorithm, [1] maskGenAlgorithm, [2] saltLength, [3] trailerField DEFAULT 1 }
 * ```
 * Hash and MGF1 alike, salt as long as the hash (what CK_RSA_PKCS_PSS_PARAMS and WebCrypto are told), the trailer left
 * out because DER omits a DEFAULT. The inner hash identifiers carry NULL as RFC 4055 §2.1 defines them.
 */
function encodePssParameters(algorithm: Algorithm): Bytes {
  const hash = encodeAlgorithmIdentifier(algorithm.digestOid, encodeNull())
  return encodeSequence(
    encodeExplicit(0, hash),
    encodeExplicit(1, encodeAlgorithmIdentifier(idMgf1, hash)),
    encodeExplicit(2, encodeInteger(algorithm.digestBytes)),
  )
}

/** Turns a signature value as signers give it into the octets of SignerInfo.signature. */
export function encodeSignatureValue(algorithm: Algorithm, signatureValue: Uint8Array): Bytes {
  return algorithm.family === 'ECDSA'
    ? encodeEcdsaSignature(signatureValue)
    : new Uint8Array(signatureValue)
}

/** A signature value that no real one by this key exceeds in length once encoded. */
export function longestSignatureValue(key: KeyDescription): Bytes {
  const length =
    key.type === 'RSA' ? Math.ceil(key.modulusBits / 8) : ecdsaSignatureBytes(key.curve)
  return new Uint8Array(length).fill(0xff)
}
