/**
 * What the signed attributes of a CMS countersignature say: that another signature is confirmed.
 *
 * They are those of any signature, but without content-type (RFC 5652 §11.4), and some verifiers would take them for a
 * signature of whatever has this digest. So the page must show what it wants confirmed: the signature value, whose digest
 * stands in message-digest, and the certificate and attributes that it is a signature of. Nothing but a true signature
 * can be passed off as one, and the person is told whose it is.
 * @module
 */
import { X509Certificate, constants, createHash, verify } from 'node:crypto'
import { type Algorithm, getAlgorithm } from '@trien/sdk/algorithms'
import { equalBytes } from '@trien/sdk/bytes'
import type { SignItem } from '@trien/sdk/wire'
import { TAG, parseDer } from '../der/reader.ts'
import { parseCertificateFields } from '../der/certificate-fields.ts'
import { type Claimed, getOnlyDocument } from './claimed.ts'
import { assertClaim, mismatch, readAs } from './mismatch.ts'
import type { Said } from './said.ts'
import { assertAttributes } from './signed-attributes.ts'

type Countersigned = NonNullable<SignItem['countersigned']>

/**
 * @returns what it says beside time and certificate
 * @throws {BridgeError} BRIDGE_CLAIM_MISMATCH {claim}
 * @see RFC 5652 §11.4, EN 319 122-1 §5.2.7
 */
export function assertCountersignature(claimed: Claimed): Said {
  const { countersigned, algorithm } = claimed
  assertClaim('countersigned', countersigned !== undefined)
  const { digest, size } = getOnlyDocument(claimed)
  const { value } = countersigned
  assertClaim('document-size', size === value.length)
  const hash = createHash(algorithm.digest.replace('-', '')).update(value).digest()
  assertClaim('document-digest', equalBytes(hash, digest))
  readAs('countersigned', () => assertIsSignature(countersigned))
  const { contentType, said } = assertAttributes(claimed)
  assertClaim('content-type', contentType === undefined)
  return said
}

function assertIsSignature({ algorithm, certificate, toBeSigned, value }: Countersigned): void {
  parseDer(toBeSigned, TAG.set)
  parseCertificateFields(certificate)
  let isSignature: boolean
  try {
    isSignature = verifyBy(getAlgorithm(algorithm), { certificate, toBeSigned, value })
  } catch (cause) {
    throw mismatch('countersigned', cause)
  }
  assertClaim('countersigned', isSignature)
}

function verifyBy(
  { digest, family }: Algorithm,
  { certificate, toBeSigned, value }: Omit<Countersigned, 'algorithm'>,
): boolean {
  const { publicKey: key } = new X509Certificate(certificate)
  const isEc = key.asymmetricKeyType === 'ec'
  assertClaim('countersigned', isEc === (family === 'ECDSA'))
  const pss = {
    padding: constants.RSA_PKCS1_PSS_PADDING,
    saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
  }
  const scheme = family === 'RSA-PSS' ? pss : {}
  return verify(digest.replace('-', ''), toBeSigned, { key, ...scheme }, value)
}
