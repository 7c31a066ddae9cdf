/**
 * Requests and answers about a certificate's status (RFC 6960 §4), read as far as it takes to know that an answer is one
 * to this request. Whether it is to be trusted is the receiver's question.
 *
 * ```
 * OCSPRequest       ::= SEQUENCE { TBSRequest SEQUENCE { [0] [1] OPTIONAL, requestList SEQUENCE OF SEQUENCE { CertID, … },
 *                                                        [2] Extensions OPTIONAL }, … }
 * CertID            ::= SEQUENCE { hashAlgorithm, issuerNameHash, issuerKeyHash, serialNumber }
 * OCSPResponse      ::= SEQUENCE { ENUMERATED, [0] { SEQUENCE { id-pkix-ocsp-basic, OCTET STRING BasicOCSPResponse } } }
 * BasicOCSPResponse ::= SEQUENCE { SEQUENCE { [0] OPTIONAL, responderID, producedAt, SEQUENCE OF SingleResponse,
 *                                             [1] Extensions OPTIONAL }, … }
 * SingleResponse    ::= SEQUENCE { CertID, certStatus, thisUpdate, [0] { nextUpdate } OPTIONAL, … }
 * ```
 * @module
 */
import { encodeHex, equalBytes } from '@trien/sdk/bytes'
import { type DerElement, DerError, TAG, getChildren, getContent, parseDer } from '../der/reader.ts'
import { parseTime } from '../der/time.ts'
import { wrongAnswer } from './problem.ts'

/** What an answer must repeat. */
export interface OcspRequest {
  /** Hash algorithm's OID, hash of the issuer's name, of its key, serial number: contents. */
  readonly certId: readonly Uint8Array[]
  /** Content of the INTEGER. */
  readonly serialNumber: Uint8Array
  readonly nonce: Uint8Array | undefined
}

const CONTEXT_0 = 0xa0
const CONTEXT_1 = 0xa1
const CONTEXT_2 = 0xa2
/** 1.3.6.1.5.5.7.48.1.1 */
const BASIC = '2b0601050507300101'
/** 1.3.6.1.5.5.7.48.1.2 (RFC 9654) */
const NONCE = '2b0601050507300102'

/** @throws {DerError} where the bytes are no request for one certificate */
export function parseOcspRequest(requestDer: Uint8Array): OcspRequest {
  const [tbs] = getChildren(parseDer(requestDer, TAG.sequence), TAG.sequence)
  const fields = getChildren(tbs, TAG.sequence)
  const [request, another] = getChildren(
    fields.find(({ tag }) => tag === TAG.sequence),
    TAG.sequence,
  )
  // A second one would be asked about unseen.
  if (another !== undefined) throw new DerError('expected one certificate')
  const certId = parseCertId(getChildren(request, TAG.sequence)[0])
  return { certId, serialNumber: certId[3] as Uint8Array, nonce: findNonce(fields, CONTEXT_2) }
}

/**
 * Makes sure that an answer belongs to the request. A responder may leave the nonce out (RFC 5019); it may not return
 * another.
 * @returns when the answer ceases to be valid, in milliseconds since 1970; undefined where it does not say
 * @throws {BridgeError} BRIDGE_RELAY_ANSWER {what: `status` | `content` | `certificate` | `nonce`}
 * @throws {DerError} where the bytes are no answer
 */
export function assertOcspAnswer(answerDer: Uint8Array, request: OcspRequest): number | undefined {
  const [status, wrapped] = getChildren(parseDer(answerDer, TAG.sequence), TAG.sequence)
  if (getContent(status, TAG.enumerated)[0] !== 0) throw wrongAnswer('status')
  const [type, octets] = getChildren(getChildren(wrapped, CONTEXT_0)[0], TAG.sequence)
  if (encodeHex(getContent(type, TAG.oid)) !== BASIC) throw wrongAnswer('content')
  const basic = parseDer(getContent(octets, TAG.octetString), TAG.sequence)
  const [data] = getChildren(basic, TAG.sequence)
  const fields = getChildren(data, TAG.sequence)
  const place = fields.findIndex(({ tag }) => tag === TAG.sequence)
  const responses = getChildren(fields[place], TAG.sequence)
  const response = responses
    .map((single) => getChildren(single, TAG.sequence))
    .find(([certId]) => isSameCertId(parseCertId(certId), request.certId))
  if (response === undefined) throw wrongAnswer('certificate')
  // Before the responses, [1] is the responder's name.
  const nonce = findNonce(fields.slice(place), CONTEXT_1)
  if (request.nonce !== undefined && nonce !== undefined && !equalBytes(nonce, request.nonce)) {
    throw wrongAnswer('nonce')
  }
  parseTime(response[2])
  const nextUpdate = response.slice(3).find(({ tag }) => tag === CONTEXT_0)
  return nextUpdate === undefined ? undefined : parseTime(getChildren(nextUpdate, CONTEXT_0)[0])
}

function parseCertId(certId: DerElement | undefined): readonly Uint8Array[] {
  const [algorithm, nameHash, keyHash, serialNumber] = getChildren(certId, TAG.sequence)
  const [oid] = getChildren(algorithm, TAG.sequence)
  return [
    getContent(oid, TAG.oid),
    getContent(nameHash, TAG.octetString),
    getContent(keyHash, TAG.octetString),
    getContent(serialNumber, TAG.integer),
  ]
}

function isSameCertId(left: readonly Uint8Array[], right: readonly Uint8Array[]): boolean {
  return left.every((part, index) => equalBytes(part, right[index] ?? new Uint8Array()))
}

function findNonce(fields: readonly DerElement[], tag: number): Uint8Array | undefined {
  const extensions = fields.find((field) => field.tag === tag)
  if (extensions === undefined) return undefined
  for (const extension of getChildren(getChildren(extensions, tag)[0], TAG.sequence)) {
    const parts = getChildren(extension, TAG.sequence)
    if (encodeHex(getContent(parts[0], TAG.oid)) === NONCE) {
      return getContent(parts.at(-1), TAG.octetString)
    }
  }
  return undefined
}
