/**
 * Which of the certificates on a token belong together.
 * @module
 */
import type { KeyObject, X509Certificate } from 'node:crypto'
import type { CurveName, KeyDescription } from '@trien/sdk/algorithms'

const MAX_CHAIN = 8
const CURVES: Readonly<Record<string, CurveName>> = {
  prime256v1: 'P-256',
  secp384r1: 'P-384',
  secp521r1: 'P-521',
}

/** Finds the issuers of a certificate, its own issuer first, by name and by signature; not further than a root. */
export function findChain(
  certificate: X509Certificate,
  candidates: readonly X509Certificate[],
): readonly X509Certificate[] {
  const chain: X509Certificate[] = []
  let current = certificate
  while (chain.length < MAX_CHAIN && !isIssuedBy(current, current)) {
    const child = current
    const issuer = candidates.find((candidate) => candidate.ca && isIssuedBy(child, candidate))
    if (issuer === undefined || chain.includes(issuer)) break
    chain.push(issuer)
    current = issuer
  }
  return chain
}

function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  try {
    return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey)
  } catch {
    // A key that this OpenSSL does not know cannot be checked, so nothing hangs on it.
    return false
  }
}

/** Describes a public key; undefined where it is of a kind that Trien does not sign with. */
export function describeKey(key: KeyObject): KeyDescription | undefined {
  const details = key.asymmetricKeyDetails ?? {}
  if (key.asymmetricKeyType === 'rsa' && details.modulusLength !== undefined) {
    return { type: 'RSA', modulusBits: details.modulusLength }
  }
  const curve = CURVES[details.namedCurve ?? '']
  return key.asymmetricKeyType === 'ec' && curve !== undefined ? { type: 'EC', curve } : undefined
}
