/**
 * The one registry of signature algorithms. Names are resolved here once; nothing above switches on a name.
 * @module
 */
import type { AlgorithmName, DigestName } from './types.ts'
import { UsageError } from './errors.ts'

/** The kind of key that a certificate holds. */
export type KeyDescription =
  | { readonly type: 'RSA'; readonly modulusBits: number }
  | { readonly type: 'EC'; readonly curve: CurveName }

/** NIST curves by their WebCrypto names. */
export type CurveName = 'P-256' | 'P-384' | 'P-521'

/** All that any format, provider or token needs to know of an algorithm. */
export interface Algorithm {
  readonly name: AlgorithmName
  readonly family: 'RSASSA-PKCS1-v1_5' | 'RSA-PSS' | 'ECDSA'
  readonly digest: DigestName
  /** Bytes of the digest; also the PSS salt length. */
  readonly digestBytes: number
  /** ES algorithms name their curve (RFC 7518 §3.4). */
  readonly curve?: CurveName
  /** AlgorithmIdentifier.algorithm in CMS and X.509 (RFC 4055, RFC 5758). */
  readonly signatureOid: string
  readonly digestOid: string
}

/** What WebCrypto must be told of an algorithm. */
export interface SignatureScheme extends Pick<
  Algorithm,
  'family' | 'digest' | 'digestBytes' | 'curve'
> {
  /** Of PSS by others. Default: as many as the digest has. */
  readonly saltBytes?: number
}

/** sha256, sha384, sha512 (RFC 5754 §2). */
export const DIGESTS: Readonly<
  Record<DigestName, { readonly oid: string; readonly bytes: number }>
> = {
  'SHA-256': { oid: '2.16.840.1.101.3.4.2.1', bytes: 32 },
  'SHA-384': { oid: '2.16.840.1.101.3.4.2.2', bytes: 48 },
  'SHA-512': { oid: '2.16.840.1.101.3.4.2.3', bytes: 64 },
}

/** id-RSASSA-PSS (RFC 4055 §3.1). */
const RSASSA_PSS = '1.2.840.113549.1.1.10'

function algorithm(
  name: AlgorithmName,
  family: Algorithm['family'],
  digest: DigestName,
  signatureOid: string,
  curve?: CurveName,
): Algorithm {
  const { oid: digestOid, bytes: digestBytes } = DIGESTS[digest]
  const common = { name, family, digest, digestBytes, signatureOid, digestOid }
  return Object.freeze(curve === undefined ? common : { ...common, curve })
}

export const ALGORITHMS: Readonly<Record<AlgorithmName, Algorithm>> = {
  RS256: algorithm('RS256', 'RSASSA-PKCS1-v1_5', 'SHA-256', '1.2.840.113549.1.1.11'),
  RS384: algorithm('RS384', 'RSASSA-PKCS1-v1_5', 'SHA-384', '1.2.840.113549.1.1.12'),
  RS512: algorithm('RS512', 'RSASSA-PKCS1-v1_5', 'SHA-512', '1.2.840.113549.1.1.13'),
  PS256: algorithm('PS256', 'RSA-PSS', 'SHA-256', RSASSA_PSS),
  PS384: algorithm('PS384', 'RSA-PSS', 'SHA-384', RSASSA_PSS),
  PS512: algorithm('PS512', 'RSA-PSS', 'SHA-512', RSASSA_PSS),
  ES256: algorithm('ES256', 'ECDSA', 'SHA-256', '1.2.840.10045.4.3.2', 'P-256'),
  ES384: algorithm('ES384', 'ECDSA', 'SHA-384', '1.2.840.10045.4.3.3', 'P-384'),
  ES512: algorithm('ES512', 'ECDSA', 'SHA-512', '1.2.840.10045.4.3.4', 'P-521'),
}

/** Every name, in the registry's order. */
export const ALGORITHM_NAMES = Object.keys(ALGORITHMS) as readonly AlgorithmName[]

/** Tells whether a value from outside is the name of a known algorithm. */
export function isAlgorithmName(value: unknown): value is AlgorithmName {
  return typeof value === 'string' && Object.hasOwn(ALGORITHMS, value)
}

/**
 * Resolves a name.
 * @throws {UsageError} USAGE_UNSUPPORTED_ALGORITHM
 */
export function getAlgorithm(name: AlgorithmName): Algorithm {
  if (!isAlgorithmName(name)) {
    throw new UsageError('USAGE_UNSUPPORTED_ALGORITHM', { details: { algorithm: String(name) } })
  }
  return ALGORITHMS[name]
}

/** Names of the algorithms that fit a key, the one that most receivers accept first. */
export function algorithmsForKey(key: KeyDescription): readonly AlgorithmName[] {
  return ALGORITHM_NAMES.filter((name) => {
    const { family, curve } = ALGORITHMS[name]
    return key.type === 'RSA' ? family !== 'ECDSA' : curve === key.curve
  })
}

/** WebCrypto parameters for `importKey`, `sign` and `verify` with this algorithm; each call ignores what it does not need. */
export function webCryptoParameters(algorithm: SignatureScheme): {
  name: string
  hash: string
  saltLength: number
  namedCurve: string
} {
  return {
    name: algorithm.family,
    hash: algorithm.digest,
    saltLength: algorithm.saltBytes ?? algorithm.digestBytes,
    namedCurve: algorithm.curve ?? '',
  }
}
