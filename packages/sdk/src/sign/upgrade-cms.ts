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
import { type TimestampOptions, requestTimestamp } from '../trust/request-timestamp.ts'
import { timestampError } from '../trust/timestamp-error.ts'
import { buildOn, decideLevel } from './build-level.ts'
import type { LevelChoice } from './level.ts'

/** Builds the level of a new CMS, which `finish` makes a signed document. */
export type BuildLevel = <T extends Uint8Array | Blob>(
  cms: Bytes,
  finish: (cms: Bytes) => T,
) => Promise<T>

/**
 * Plans what is done to a new signature for its level.
 * @returns where it fails, the error's `signed` is the document at B-B
 * @throws {UsageError} USAGE_ARGUMENT
 */
export function planLevel(choice: LevelChoice): BuildLevel {
  const options = decideLevel(choice)
  return (cms, finish) =>
    buildOn(
      () => finish(cms),
      async () => finish(await stampCms(cms, options)),
    )
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
export async function stampCms(cmsDer: Uint8Array, options: TimestampOptions): Promise<Bytes> {
  const parts = parseSignedData(cmsDer, 'signature')
  const tokens = new Map<number, Bytes>()
  for (const [index, signer] of parts.signerInfos.entries()) {
    if (!isStamped(signer)) tokens.set(index, await stamp(parts, signer, options))
  }
  return addUnsignedAttribute(parts, idAaTimeStampToken, tokens)
}

function isStamped({ unsignedAttributes }: SignerInfoParts): boolean {
  return parseAttributes(unsignedAttributes).some(({ oid }) => oid === idAaTimeStampToken)
}

async function stamp(
  parts: SignedDataParts,
  signer: SignerInfoParts,
  options: TimestampOptions,
): Promise<Bytes> {
  const imprint = {
    digest: 'SHA-256',
    value: await digestBytes('SHA-256', signer.signature),
  } as const
  const { tokenDer, time } = await requestTimestamp(imprint, options)
  const certificate = findSignerCertificate(parts, signer)
  // A time after the certificate's own proves nothing of the signature (EN 319 122-1 §6.3, requirement on B-T).
  if (certificate !== undefined && time > certificate.notAfter) throw timestampError('expired')
  return tokenDer
}
