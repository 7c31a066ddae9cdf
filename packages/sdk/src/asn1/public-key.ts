/**
 * The key of a certificate: what kind it is and which algorithms it may be used with.
 *
 * ```
 * SubjectPublicKeyInfo ::= SEQUENCE { algorithm AlgorithmIdentifier, subjectPublicKey BIT STRING }    RFC 5280 §4.1.2.7
 * ```
 * @module
 */
import { ALGORITHMS, type CurveName, type KeyDescription, algorithmsForKey } from '../algorithms.ts'
import type { Bytes } from '../bytes.ts'
import type { AlgorithmName } from '../types.ts'
import { TAG, contextTag, encodeAlgorithmIdentifier, encodeNull, encodeSequence } from './der.ts'
import { idEcPublicKey, idRsassaPss, rsaEncryption } from './oid.ts'
import { type DerNode, readDer } from './reader.ts'

/** RFC 5480 §2.1.1.1: secp256r1, secp384r1, secp521r1. */
const CURVES: Readonly<Record<string, CurveName>> = {
  '1.2.840.10045.3.1.7': 'P-256',
  '1.3.132.0.34': 'P-384',
  '1.3.132.0.35': 'P-521',
}

/** A public key as far as signing needs to know it. */
export interface PublicKey {
  /** Undefined for a kind of key that no algorithm of the registry uses. */
  readonly key: KeyDescription | undefined
  /** What the certificate allows the key to be used with, the preferred first; empty where `key` is undefined. */
  readonly algorithms: readonly AlgorithmName[]
  /**
   * DER SubjectPublicKeyInfo as WebCrypto takes it: an id-RSASSA-PSS key under rsaEncryption, the only RSA identifier
   * that its `spki` format knows.
   */
  readonly spkiDer: Bytes
}

/**
 * Reads a SubjectPublicKeyInfo.
 * @throws {FormatError} FORMAT_MALFORMED
 */
export function parsePublicKey(spki: DerNode): PublicKey {
  const algorithm = spki.assertTag(TAG.SEQUENCE).getChild(0, TAG.SEQUENCE)
  const oid = algorithm.getChild(0, TAG.OID).readOid()
  const bits = spki.getChild(1, TAG.BIT_STRING)
  if (oid === idEcPublicKey) return ecKey(spki, algorithm)
  if (oid === rsaEncryption) {
    const key = { type: 'RSA', modulusBits: modulusBits(bits) } as const
    return { key, algorithms: algorithmsForKey(key), spkiDer: spki.bytes }
  }
  if (oid === idRsassaPss) return pssKey(algorithm, bits)
  return { key: undefined, algorithms: [], spkiDer: spki.bytes }
}

function ecKey(spki: DerNode, algorithm: DerNode): PublicKey {
  const parameters = algorithm.children[1]
  const curve = parameters?.tag === TAG.OID ? CURVES[parameters.readOid()] : undefined
  const key = curve === undefined ? undefined : ({ type: 'EC', curve } as const)
  return { key, algorithms: key ? algorithmsForKey(key) : [], spkiDer: spki.bytes }
}

/** A key for RSA-PSS alone; parameters, where present, pin the hash and the least salt length (RFC 4055 §3.3). */
function pssKey(algorithm: DerNode, bits: DerNode): PublicKey {
  const key = { type: 'RSA', modulusBits: modulusBits(bits) } as const
  const parameters = algorithm.children[1]
  const algorithms = algorithmsForKey(key)
    .filter((name) => ALGORITHMS[name].family === 'RSA-PSS')
    .filter((name) => parameters === undefined || isPinnedTo(parameters, name))
  const spkiDer = encodeSequence(encodeAlgorithmIdentifier(rsaEncryption, encodeNull()), bits.bytes)
  return { key, algorithms, spkiDer }
}

/** Absent hash means SHA-1, which the registry does not hold; absent salt length means 20. */
function isPinnedTo(parameters: DerNode, name: AlgorithmName): boolean {
  const find = (number: number) =>
    parameters.children.find((child) => child.tag === contextTag(number))?.children[0]
  const hash = find(0)?.assertTag(TAG.SEQUENCE).getChild(0, TAG.OID).readOid()
  const saltLength = find(2)?.assertTag(TAG.INTEGER).contents
  const { digestOid, digestBytes } = ALGORITHMS[name]
  const leastSalt = saltLength?.reduce((sum, octet) => sum * 256 + octet, 0) ?? 20
  return hash === digestOid && leastSalt <= digestBytes
}

/** RSAPublicKey ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER } (RFC 8017 A.1.1). */
function modulusBits(bits: DerNode): number {
  const modulus = readDer(bits.contents.subarray(1), 'RSA public key')
    .assertTag(TAG.SEQUENCE)
    .getChild(0, TAG.INTEGER).contents
  const octets = modulus[0] === 0 ? modulus.subarray(1) : modulus
  return octets.length * 8 - Math.clz32(octets[0] ?? 0) + 24
}
