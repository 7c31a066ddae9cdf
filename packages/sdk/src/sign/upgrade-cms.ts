/**
 * What a CMS is given after it was signed.
 * @module
 */
import {
  idAaAtsHashIndexV3,
  idAaEtsArchiveTimestampV3,
  idAaEtsContentTimestamp,
  idAaTimeStampToken,
} from '../asn1/authority-oid.ts'
import type { Bytes } from '../bytes.ts'
import { addUnsignedAttribute } from '../cms/add-attribute.ts'
import { addValidationData } from '../cms/add-validation-data.ts'
import { hashForArchive } from '../cms/archive-imprint.ts'
import {
  type SignedDataParts,
  type SignerInfoParts,
  parseAttributes,
  parseSignedData,
} from '../cms/parse.ts'
import { findSignerCertificate } from '../cms/check-signer.ts'
import { digestBytes } from '../digest.ts'
import { FormatError } from '../errors.ts'
import type { RequestToken } from '../trust/request-timestamp.ts'
import { timestampError } from '../trust/timestamp-error.ts'
import { readTimestamp } from '../trust/timestamp-token.ts'
import type { Evidence } from '../trust/validation-data.ts'
import type { Rungs } from './ladder.ts'

/** What each level is to a CMS. */
export function createRungs(): Rungs<Bytes> {
  return {
    stamp: stampCms,
    evidence: (cms) => collectEvidence(parseSignedData(cms, 'signature')),
    embed: async (cms, data) => addValidationData(parseSignedData(cms, 'signature'), data),
    archive: archiveCms,
  }
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

/**
 * Finds whose certificates must be provable: each signer's, and those of the time stamps before, of and over his signature.
 * @throws {FormatError} FORMAT_MALFORMED; FORMAT_UNSUPPORTED {feature} where a signer's certificate did not come along
 * @throws {TrustError} TRUST_TIMESTAMP where a time stamp is none
 */
export async function collectEvidence(parts: SignedDataParts): Promise<Evidence> {
  const signers = await Promise.all(
    parts.signerInfos.map(async (signer) => {
      const certificate = findSignerCertificate(parts, signer)
      if (certificate === undefined) {
        const details = { feature: 'a signature without the certificate of its signer' }
        throw new FormatError('FORMAT_UNSUPPORTED', { details })
      }
      const stamps = await Promise.all(listTokens(signer, [idAaTimeStampToken]).map(readTimestamp))
      const [provenAt] = stamps.map(({ time }) => time).sort((a, b) => a.getTime() - b.getTime())
      return { certificate: certificate.certificateDer, pool: [], provenAt }
    }),
  )
  const tokens = parts.signerInfos.flatMap((signer) => listTokens(signer, ALL_STAMPS))
  return { signers, tokens, pool: parts.certificates }
}

const ALL_STAMPS = [idAaEtsContentTimestamp, idAaTimeStampToken, idAaEtsArchiveTimestampV3]

function listTokens(
  { signedAttributes, unsignedAttributes }: SignerInfoParts,
  oids: readonly string[],
): readonly Bytes[] {
  return [signedAttributes, unsignedAttributes]
    .flatMap(parseAttributes)
    .filter(({ oid }) => oids.includes(oid))
    .flatMap(({ values }) => values.map(({ bytes }) => bytes))
}

/**
 * Gives each signature a time stamp over itself and all that was put beside it: archive-time-stamp-v3. One that is there
 * already is among what is stamped.
 * @throws {FormatError} FORMAT_MALFORMED, FORMAT_UNSUPPORTED {feature}
 * @throws {TrustError} TRUST_TIMESTAMP
 * @see EN 319 122-1 §5.5 (CAdES B-LTA)
 */
async function archiveCms(cmsDer: Uint8Array, ask: RequestToken): Promise<Bytes> {
  const parts = parseSignedData(cmsDer, 'signature')
  const tokens = new Map<number, Bytes>()
  for (const [index, signer] of parts.signerInfos.entries()) {
    const { digest, value, hashIndexDer } = await hashForArchive(parts, signer)
    const { tokenDer } = await ask({ digest, value })
    const token = parseSignedData(tokenDer, 'time stamp')
    const hashIndex = new Map([[0, hashIndexDer]])
    tokens.set(index, addUnsignedAttribute(token, idAaAtsHashIndexV3, hashIndex))
  }
  return addUnsignedAttribute(parts, idAaEtsArchiveTimestampV3, tokens)
}
