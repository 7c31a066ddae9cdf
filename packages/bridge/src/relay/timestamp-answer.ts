/**
 * Requests and answers of a time stamping authority (RFC 3161 §2.4), read as far as it takes to know that an answer is
 * one to this request. Whether it is to be trusted is the receiver's question.
 *
 * ```
 * TimeStampReq  ::= SEQUENCE { version, messageImprint, reqPolicy OPTIONAL, nonce INTEGER OPTIONAL, … }
 * TimeStampResp ::= SEQUENCE { status SEQUENCE { INTEGER, … }, timeStampToken ContentInfo OPTIONAL }
 * encapContentInfo of the token ::= SEQUENCE { id-ct-TSTInfo, [0] { OCTET STRING TSTInfo } }
 * TSTInfo       ::= SEQUENCE { version, policy, messageImprint, serialNumber, genTime, …, nonce INTEGER OPTIONAL, … }
 * ```
 * @module
 */
import { encodeHex, equalBytes } from '@trien/sdk/bytes'
import { type DerElement, TAG, getChildren, getContent, parseDer } from '../der/reader.ts'
import { wrongAnswer } from './problem.ts'
import { SIGNED_DATA, readSignedData } from './signed-data.ts'

/** What an answer must repeat. */
export interface TimestampRequest {
  readonly hashOid: Uint8Array
  readonly hash: Uint8Array
  readonly nonce: Uint8Array | undefined
}

const CONTEXT_0 = 0xa0
/** 1.2.840.113549.1.9.16.1.4 */
const TST_INFO = '2a864886f70d0109100104'
/** PKIStatus granted and grantedWithMods. */
const GRANTED = [0, 1]

/** @throws {DerError} where the bytes are no request */
export function parseTimestampRequest(requestDer: Uint8Array): TimestampRequest {
  const [version, imprint, ...rest] = getChildren(parseDer(requestDer, TAG.sequence), TAG.sequence)
  getContent(version, TAG.integer)
  return { ...parseImprint(imprint), nonce: findNonce(rest) }
}

/**
 * Makes sure that an answer belongs to the request.
 * @returns DER of the certificates that came with it
 * @throws {BridgeError} BRIDGE_RELAY_ANSWER {what: `status` | `imprint` | `nonce`}
 * @throws {DerError} where the bytes are no answer
 */
export function assertTimestamp(
  answerDer: Uint8Array,
  request: TimestampRequest,
): readonly Uint8Array[] {
  const [info, token] = getChildren(parseDer(answerDer, TAG.sequence), TAG.sequence)
  const [status] = getChildren(info, TAG.sequence)
  if (!GRANTED.includes(getContent(status, TAG.integer)[0] ?? -1)) throw wrongAnswer('status')
  const { encapsulated, certificates } = readSignedData(parseContent(token, SIGNED_DATA))
  const octets = getContent(parseContent(encapsulated, TST_INFO), TAG.octetString)
  const [, , imprint, , , ...optional] = getChildren(parseDer(octets, TAG.sequence), TAG.sequence)
  const { hashOid, hash } = parseImprint(imprint)
  if (!equalBytes(hashOid, request.hashOid) || !equalBytes(hash, request.hash)) {
    throw wrongAnswer('imprint')
  }
  const nonce = findNonce(optional)
  if (request.nonce !== undefined && !equalBytes(nonce ?? new Uint8Array(), request.nonce)) {
    throw wrongAnswer('nonce')
  }
  return certificates
}

/** The one thing inside `SEQUENCE { OID, [0] { … } }`. */
function parseContent(element: DerElement | undefined, type: string): DerElement | undefined {
  const [oid, wrapped] = getChildren(element, TAG.sequence)
  if (encodeHex(getContent(oid, TAG.oid)) !== type) throw wrongAnswer('content')
  return getChildren(wrapped, CONTEXT_0)[0]
}

/** Its algorithm's parameters are NULL or absent, which says the same. */
function parseImprint(imprint: DerElement | undefined): { hashOid: Uint8Array; hash: Uint8Array } {
  const [algorithm, hash] = getChildren(imprint, TAG.sequence)
  const [oid] = getChildren(algorithm, TAG.sequence)
  return { hashOid: getContent(oid, TAG.oid), hash: getContent(hash, TAG.octetString) }
}

function findNonce(fields: readonly DerElement[]): Uint8Array | undefined {
  return fields.find(({ tag }) => tag === TAG.integer)?.content
}
