/**
 * Whether one certificate was issued by another: by name, by right and by signature (RFC 5280 §6.1.3 (a)(1), (4)).
 *
 * What a page or a stranger's server hands in is read by our own reader alone until its signature has been verified with
 * a key that was known before.
 * @module
 */
import { type KeyObject, constants, createPublicKey, verify } from 'node:crypto'
import { encodeHex, equalBytes } from '@trien/sdk/bytes'
import type { CertificateFields } from '../der/certificate-fields.ts'
import { type DerElement, TAG, getChildren, getContent, parseDer } from '../der/reader.ts'

/** How a signature is verified. SHA-1 is not here: who can make collisions could have an address of his own signed. */
interface Scheme {
  readonly hash: 'sha256' | 'sha384' | 'sha512'
  readonly keyTypes: readonly string[]
  readonly isPss?: boolean
}

const RSA = ['rsa']
const EC = ['ec']
const SCHEMES: Readonly<Record<string, Scheme>> = {
  '2a864886f70d01010b': { hash: 'sha256', keyTypes: RSA },
  '2a864886f70d01010c': { hash: 'sha384', keyTypes: RSA },
  '2a864886f70d01010d': { hash: 'sha512', keyTypes: RSA },
  '2a8648ce3d040302': { hash: 'sha256', keyTypes: EC },
  '2a8648ce3d040303': { hash: 'sha384', keyTypes: EC },
  '2a8648ce3d040304': { hash: 'sha512', keyTypes: EC },
}
/** id-RSASSA-PSS, RFC 4055 §3.1. */
const PSS = '2a864886f70d01010a'
const HASHES: Readonly<Record<string, Scheme['hash']>> = {
  '608648016503040201': 'sha256',
  '608648016503040202': 'sha384',
  '608648016503040203': 'sha512',
}

/** 2.5.29.19 */
const BASIC_CONSTRAINTS = '551d13'
/** keyCertSign in keyUsage. */
const KEY_CERT_SIGN = 5
const CONTEXT_0 = 0xa0

/** Tells whether `issuer` issued `certificate`. What cannot be read or verified was not. */
export function isIssuedBy(certificate: CertificateFields, issuer: CertificateFields): boolean {
  try {
    return (
      equalBytes(certificate.issuer, issuer.subject) &&
      mayIssue(issuer) &&
      hasSigned(issuer, certificate)
    )
  } catch {
    return false
  }
}

function mayIssue({ extensions, keyUsage }: CertificateFields): boolean {
  const value = extensions.get(BASIC_CONSTRAINTS)
  if (value === undefined || keyUsage?.[KEY_CERT_SIGN] === false) return false
  const [ca] = getChildren(parseDer(value, TAG.sequence), TAG.sequence)
  return ca?.tag === TAG.boolean && ca.content[0] === 0xff
}

function hasSigned(issuer: CertificateFields, certificate: CertificateFields): boolean {
  const scheme = findScheme(certificate.signatureAlgorithm)
  const key = createPublicKey({
    key: Buffer.from(issuer.publicKeyInfo),
    format: 'der',
    type: 'spki',
  })
  if (scheme === undefined || !scheme.keyTypes.includes(key.asymmetricKeyType ?? '')) return false
  return verify(scheme.hash, certificate.tbs, withPadding(key, scheme), certificate.signature)
}

function withPadding(key: KeyObject, { isPss }: Scheme): Parameters<typeof verify>[2] {
  if (isPss !== true) return key
  const { RSA_PKCS1_PSS_PADDING: padding, RSA_PSS_SALTLEN_AUTO: saltLength } = constants
  return { key, padding, saltLength }
}

function findScheme(algorithm: DerElement): Scheme | undefined {
  const [oid, parameters] = getChildren(algorithm, TAG.sequence)
  const name = encodeHex(getContent(oid, TAG.oid))
  if (name !== PSS) return SCHEMES[name]
  const hash = getChildren(parameters, TAG.sequence).find(({ tag }) => tag === CONTEXT_0)
  const [identifier] = getChildren(hash, CONTEXT_0)
  const [hashOid] = getChildren(identifier, TAG.sequence)
  const known = HASHES[encodeHex(getContent(hashOid, TAG.oid))]
  return known === undefined
    ? undefined
    : { hash: known, keyTypes: ['rsa', 'rsa-pss'], isPss: true }
}
