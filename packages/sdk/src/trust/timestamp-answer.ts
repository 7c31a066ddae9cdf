/**
 * The answer of a time stamping authority, down to the token in it.
 *
 * ```
 * TimeStampResp ::= SEQUENCE { status PKIStatusInfo, timeStampToken ContentInfo OPTIONAL }        RFC 3161 §2.4.2
 * PKIStatusInfo ::= SEQUENCE { status INTEGER, statusString SEQUENCE OF UTF8String OPTIONAL,
 *                              failInfo BIT STRING OPTIONAL }
 * ```
 * @module
 */
import { wholeBerToDer } from '../asn1/ber.ts'
import { TAG } from '../asn1/der.ts'
import { type DerNode, readDer } from '../asn1/reader.ts'
import type { Bytes } from '../bytes.ts'
import { timestampError } from './timestamp-error.ts'

/** PKIStatus granted and grantedWithMods. */
const GRANTED = [0, 1]

/** Bits of PKIFailureInfo. */
const FAILURES: Readonly<Record<number, string>> = {
  0: 'badAlg',
  2: 'badRequest',
  5: 'badDataFormat',
  14: 'timeNotAvailable',
  15: 'unacceptedPolicy',
  16: 'unacceptedExtension',
  17: 'addInfoNotAvailable',
  25: 'systemFailure',
}

/**
 * Takes the token out of an answer; some authorities write BER.
 * @returns DER ContentInfo, not yet looked at
 * @throws {TrustError} TRUST_TIMESTAMP {reason: `refused`, what}
 * @throws {FormatError} FORMAT_MALFORMED
 */
export function parseTimestampAnswer(answerBer: Uint8Array): Bytes {
  const der = wholeBerToDer(answerBer, 'time stamp')
  const answer = readDer(der, 'time stamp').assertTag(TAG.SEQUENCE)
  const info = answer.getChild(0, TAG.SEQUENCE)
  const status = info.getChild(0, TAG.INTEGER).contents
  if (status.length !== 1 || !GRANTED.includes(status[0] ?? -1)) {
    throw timestampError('refused', findFailure(info) ?? `status ${status[0]}`)
  }
  return answer.getChild(1, TAG.SEQUENCE).bytes
}

function findFailure(info: DerNode): string | undefined {
  const bits = info.children.find(({ tag }) => tag === TAG.BIT_STRING)?.contents
  const found = Object.keys(FAILURES).find((bit) => {
    const octet = bits?.[1 + (Number(bit) >> 3)] ?? 0
    return (octet & (0x80 >> (Number(bit) & 7))) !== 0
  })
  return found === undefined ? undefined : FAILURES[Number(found)]
}
