/**
 * What a CMS is given after it was signed.
 * @module
 */
import { idAaTimeStampToken } from '../asn1/authority-oid.ts'
import type { Bytes } from '../bytes.ts'
import { addUnsignedAttribute } from '../cms/add-attribute.ts'
import {
  type SignedDataParts,
  type SignerInfoParts,
  parseAttributes,
  parseSignedData,
} from '../cms/parse.ts'
import { findSignerCertificate } from '../cms/check-signer.ts'
import { digestBytes } from '../digest.ts'
import type { RequestToken } from '../trust/request-timestamp.ts'
import { timestampError } from '../trust/timestamp-error.ts'
import type { Rungs } from './ladder.ts'

/** What each level is to a CMS. */
export function createRungs(): Rungs<Bytes> {
  return { stamp: stampCms }
}

/**
 * Gives each signer a time stamp over the signature value who has none: signature-time-stamp, an unsigned attribute.
 * @param cmsDer DER ContentInfo; copied
 * @returns a fresh array
 * @throws {FormatError} FORMAT_MALFORMED, also for BER
 * @throws {TrustError} TRUST_TIMESTAMP
 * @throws {UserError} USER_CANCELLED when the signal aborts
 * @see EN 319 122-1 §5.3 (CAdES B-T), RFC 3161 appendix A
 */
export async function stampCms(cmsDer: Uint8Array, ask: RequestToken): Promise<Bytes> {
  const parts = parseSignedData(cmsDer, 'signature')
  const tokens = new Map<number, Bytes>()
  for (const [index, signer] of parts.signerInfos.entries()) {
    if (!isStamped(signer)) tokens.set(index, await stamp(parts, signer, ask))
  }
  return addUnsignedAttribute(parts, idAaTimeStampToken, tokens)
}

/** Tells whether a signer has a time stamp. */
export function isStamped({ unsignedAttributes }: SignerInfoParts): boolean {
  return parseAttributes(unsignedAttributes).some(({ oid }) => oid === idAaTimeStampToken)
}

async function stamp(
  parts: SignedDataParts,
  signer: SignerInfoParts,
  ask: RequestToken,
): Promise<Bytes> {
  const value = await digestBytes('SHA-256', signer.signature)
  const { tokenDer, time } = await ask({ digest: 'SHA-256', value })
  assertTimeOf(parts, signer, time)
  return tokenDer
}

/**
 * A time after the certificate's own proves nothing of the signature (EN 319 122-1 §6.3, requirement on B-T).
 * @throws {TrustError} TRUST_TIMESTAMP {reason: `expired`}
 */
export function assertInTime(parts: SignedDataParts, time: Date): void {
  for (const signer of parts.signerInfos) assertTimeOf(parts, signer, time)
}

function assertTimeOf(parts: SignedDataParts, signer: SignerInfoParts, time: Date): void {
  const certificate = findSignerCertificate(parts, signer)
  if (certificate !== undefined && time > certificate.notAfter) throw timestampError('expired')
}
