/**
 * Time stamps over the signatures in a CMS, those on other signatures too.
 * @module
 */
import { idAaTimeStampToken } from '../asn1/authority-oid.ts'
import { encodeOid, encodeSequence, encodeSetOf } from '../asn1/der.ts'
import { idCountersignature } from '../asn1/signature-oid.ts'
import { type Bytes, concatBytes, equalBytes } from '../bytes.ts'
import { replaceSigners, replaceUnsigned } from '../cms/add-attribute.ts'
import { isArchived } from '../cms/archive-imprint.ts'
import { assertOpen } from '../cms/assert-open.ts'
import { findSignerCertificate } from '../cms/check-signer.ts'
import {
  type Attribute,
  type SignedDataParts,
  type SignerInfoParts,
  parseAttributes,
  parseSignedData,
  parseSignerInfo,
} from '../cms/parse.ts'
import { encodeAttribute } from '../cms/signed-attributes.ts'
import { digestBytes } from '../digest.ts'
import type { RequestToken } from '../trust/request-timestamp.ts'
import { assertStampTime, leaveLost } from '../trust/stamp-time.ts'

/**
 * Gives each signer and counter-signer a time stamp over the signature value who has none: signature-time-stamp, an unsigned
 * attribute, but to who is past help (`leaveLost`). A counter-signature that an archive time stamp is over stays as it is,
 * or that would be void.
 * @param cmsDer DER ContentInfo; copied
 * @returns a fresh array
 * @throws {FormatError} FORMAT_MALFORMED; FORMAT_NOT_ALLOWED {rule: archived} where something is missing and `assertOpen`
 *   refuses it
 * @throws {TrustError} TRUST_TIMESTAMP
 * @throws {UserError} USER_CANCELLED when the signal aborts
 * @see EN 319 122-1 §5.3 (CAdES B-T), RFC 3161 appendix A
 */
export async function stampCms(cmsDer: Uint8Array, ask: RequestToken): Promise<Bytes> {
  const parts = parseSignedData(cmsDer, 'signature')
  const now = new Date()
  const isLost = (signer: SignerInfoParts): boolean =>
    !isStamped(signer) && isExpired(parts, signer, now)
  const left = leaveLost(parts.signerInfos, isLost)
  const askOpen: RequestToken = async (imprint) => {
    assertOpen(parts)
    return ask(imprint)
  }
  const signerInfos: Bytes[] = []
  for (const signer of parts.signerInfos) {
    signerInfos.push(await stampSigner(signer, { parts, ask: askOpen, left }))
  }
  const isSame = parts.signerInfos.every(({ signerInfo }, index) =>
    equalBytes(signerInfo.bytes, signerInfos[index] as Bytes),
  )
  // Not even the order of signers, where somebody stamped the whole.
  return isSame ? new Uint8Array(cmsDer) : replaceSigners(parts, signerInfos)
}

/** Tells whether a signer has a time stamp. */
export function isStamped({ unsignedAttributes }: SignerInfoParts): boolean {
  return parseAttributes(unsignedAttributes).some(({ oid }) => oid === idAaTimeStampToken)
}

/** Refuses a time that proves nothing of one of the signatures. @throws as `assertStampTime` */
export function assertInTime(parts: SignedDataParts, time: Date): void {
  for (const signer of parts.signerInfos) assertTimeOf(parts, signer, time)
}

/** Tells whether the certificates of all signers have not expired by a time; whose is not inside is not known to have. */
export function isInTime(parts: SignedDataParts, time: Date): boolean {
  return !parts.signerInfos.some((signer) => isExpired(parts, signer, time))
}

function isExpired(parts: SignedDataParts, signer: SignerInfoParts, time: Date): boolean {
  const certificate = findSignerCertificate(parts, signer)
  return certificate !== undefined && time > certificate.notAfter
}

interface Stamping {
  readonly parts: SignedDataParts
  readonly ask: RequestToken
  /** Who is left without a time stamp. */
  readonly left: (signer: SignerInfoParts) => boolean
}

/** @returns the SignerInfo, where nothing is missing the very bytes */
async function stampSigner(signer: SignerInfoParts, stamping: Stamping): Promise<Bytes> {
  const there = (signer.unsignedAttributes?.children ?? []).map(({ bytes }) => bytes)
  const attributes = [...there]
  for (const [at, attribute] of parseAttributes(signer.unsignedAttributes).entries()) {
    if (attribute.oid !== idCountersignature) continue
    const values = await stampCounters(signer, attribute, stamping)
    attributes[at] = encodeSequence(encodeOid(idCountersignature), encodeSetOf(values))
  }
  if (!isStamped(signer) && !stamping.left(signer)) {
    attributes.push(encodeAttribute(idAaTimeStampToken, await stamp(signer, stamping)))
  }
  const isSame = equalBytes(concatBytes(...attributes), concatBytes(...there))
  return isSame ? signer.signerInfo.bytes : replaceUnsigned(signer, attributes)
}

async function stampCounters(
  parent: SignerInfoParts,
  { values }: Attribute,
  stamping: Stamping,
): Promise<readonly Bytes[]> {
  const stamped: Bytes[] = []
  for (const value of values) {
    const isClosed = await isArchived(parent, idCountersignature, value.bytes)
    stamped.push(isClosed ? value.bytes : await stampSigner(parseSignerInfo(value), stamping))
  }
  return stamped
}

async function stamp(signer: SignerInfoParts, { parts, ask }: Stamping): Promise<Bytes> {
  const value = await digestBytes('SHA-256', signer.signature)
  const { tokenDer, time } = await ask({ digest: 'SHA-256', value })
  assertTimeOf(parts, signer, time)
  return tokenDer
}

function assertTimeOf(parts: SignedDataParts, signer: SignerInfoParts, time: Date): void {
  const certificate = findSignerCertificate(parts, signer)
  if (certificate !== undefined) assertStampTime(certificate, time)
}
