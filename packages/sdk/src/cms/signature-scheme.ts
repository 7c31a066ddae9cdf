/**
 * How a signature that is there already was made, as its AlgorithmIdentifiers and the key say.
 *
 * Own signatures are of the registry; others are freer: ECDSA on P-384 with SHA-256 is common among time stamping
 * authorities.
 * @module
 */
import { ALGORITHMS, type Algorithm, DIGESTS, type SignatureScheme } from '../algorithms.ts'
import { TAG, contextTag } from '../asn1/der.ts'
import { idRsassaPss, rsaEncryption } from '../asn1/oid.ts'
import type { PublicKey } from '../asn1/public-key.ts'
import type { DerNode } from '../asn1/reader.ts'
import type { DigestName } from '../types.ts'

/** Where the parameters do not say it (RFC 4055 §3.1). */
const DEFAULT_SALT_BYTES = 20
/** More than a key of 16,384 bits has room for. */
const MAX_SALT_BYTES = 2048

/** Reads the hash of an AlgorithmIdentifier; undefined for SHA-1 and all that the registry does not hold. */
export function findDigest(algorithmIdentifier: DerNode): DigestName | undefined {
  const oid = algorithmIdentifier.getChild(0, TAG.OID).readOid()
  return (Object.keys(DIGESTS) as DigestName[]).find((name) => DIGESTS[name].oid === oid)
}

/**
 * Finds the scheme of a SignerInfo.
 * @returns undefined where the registry does not hold the hash, the padding, or the curve
 * @throws {FormatError} FORMAT_MALFORMED
 */
export function findSignatureScheme(
  {
    signatureAlgorithm,
    digestAlgorithm,
  }: Record<'signatureAlgorithm' | 'digestAlgorithm', DerNode>,
  { key }: PublicKey,
): SignatureScheme | undefined {
  const oid = signatureAlgorithm.getChild(0, TAG.OID).readOid()
  const ofDigest = findDigest(digestAlgorithm)
  if (key?.type === 'EC') {
    const named = Object.values(ALGORITHMS).find(({ signatureOid }) => signatureOid === oid)
    return named?.family === 'ECDSA' ? scheme('ECDSA', named.digest, key.curve) : undefined
  }
  if (key === undefined) return undefined
  if (oid === idRsassaPss) return readPss(signatureAlgorithm)
  if (oid === rsaEncryption) return scheme('RSASSA-PKCS1-v1_5', ofDigest)
  const named = Object.values(ALGORITHMS).find(({ signatureOid }) => signatureOid === oid)
  return named?.family === 'RSASSA-PKCS1-v1_5' ? scheme(named.family, named.digest) : undefined
}

function scheme(
  family: Algorithm['family'],
  digest: DigestName | undefined,
  curve?: Algorithm['curve'],
): SignatureScheme | undefined {
  if (digest === undefined) return undefined
  const { bytes: digestBytes } = DIGESTS[digest]
  return { family, digest, digestBytes, ...(curve && { curve }) }
}

/** RSASSA-PSS-params of RFC 4055 §3.1; the salt is as long as the hash, or as the key lets it be, as old OpenSSL made it. */
function readPss(signatureAlgorithm: DerNode): SignatureScheme | undefined {
  const parameters = signatureAlgorithm.getChild(1, TAG.SEQUENCE).children
  const find = (number: number): DerNode | undefined =>
    parameters.find(({ tag }) => tag === contextTag(number))?.children[0]
  const hash = find(0)
  const found = scheme('RSA-PSS', hash && findDigest(hash))
  const salt = find(2)?.assertTag(TAG.INTEGER).contents
  const saltBytes = salt?.reduce((sum, octet) => sum * 256 + octet, 0) ?? DEFAULT_SALT_BYTES
  return found && saltBytes <= MAX_SALT_BYTES ? { ...found, saltBytes } : undefined
}
