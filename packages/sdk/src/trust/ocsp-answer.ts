/**
 * An answer for the status of certificates, in its parts; nothing of it is believed here.
 *
 * ```
 * OCSPResponse ::= SEQUENCE { responseStatus ENUMERATED, [0] SEQUENCE { id-pkix-ocsp-basic, OCTET STRING } OPTIONAL }
 * BasicOCSPResponse ::= SEQUENCE { tbsResponseData, signatureAlgorithm, signature BIT STRING, [0] certs OPTIONAL }
 * ResponseData ::= SEQUENCE { [0] version DEFAULT v1, responderID, producedAt GeneralizedTime,
 *   responses SEQUENCE OF SingleResponse, [1] responseExtensions OPTIONAL }
 * SingleResponse ::= SEQUENCE { certID, certStatus, thisUpdate GeneralizedTime, [0] nextUpdate OPTIONAL, [1] … OPTIONAL }
 *                                                                                               RFC 6960 §4.2.1
 * ```
 * @module
 */
import { idPkixOcspBasic, idPkixOcspNonce } from '../asn1/authority-oid.ts'
import { TAG, contextTag } from '../asn1/der.ts'
import { type NamedExtension, parseExtensions } from '../asn1/extension.ts'
import { parseGeneralizedTime } from '../asn1/generalized-time.ts'
import { type DerNode, readDer } from '../asn1/reader.ts'
import type { Bytes } from '../bytes.ts'
import { type SignedStructure, parseSignedStructure } from './signed-structure.ts'
import { type Revocation, revocationReason, statusError } from './status-error.ts'

/** What an answer says of one certificate. */
export interface SingleAnswer {
  readonly certId: DerNode
  readonly status: 'good' | 'unknown' | Revocation
  readonly thisUpdate: Date
  readonly nextUpdate: Date | undefined
}

/** An answer. All bytes are views on a private copy. */
export interface OcspAnswer extends SignedStructure {
  /** Tag 0xa1: the responder's name; 0xa2: the SHA-1 of its key. */
  readonly responderId: DerNode
  readonly answers: readonly SingleAnswer[]
  /** What the nonce extension holds; undefined where there is none. */
  readonly nonceDer: Bytes | undefined
  /** DER. */
  readonly certificates: readonly Bytes[]
}

/** OCSPResponseStatus. */
const FAILURES: Readonly<Record<number, string>> = {
  1: 'malformedRequest',
  2: 'internalError',
  3: 'tryLater',
  5: 'sigRequired',
  6: 'unauthorized',
}
const [GOOD, REVOKED, UNKNOWN] = [0x80, 0xa1, 0x82]
const ENUMERATED = 0x0a
const MAX_ANSWERS = 100

/**
 * Reads an answer.
 * @throws {TrustError} TRUST_STATUS {reason: `invalid`, what} where it is a refusal
 * @throws {FormatError} FORMAT_MALFORMED
 */
export function parseOcspAnswer(answerDer: Uint8Array): OcspAnswer {
  const response = readDer(answerDer, 'OCSP answer').assertTag(TAG.SEQUENCE)
  const status = response.getChild(0, ENUMERATED).contents[0] ?? 0
  if (status !== 0) throw statusError('invalid', FAILURES[status] ?? `status ${status}`)
  const bytes = response.getChild(1, contextTag(0)).getChild(0, TAG.SEQUENCE)
  const type = bytes.getChild(0, TAG.OID)
  if (type.readOid() !== idPkixOcspBasic) type.fail('id-pkix-ocsp-basic')
  const basic = readDer(bytes.getChild(1, TAG.OCTET_STRING).contents, 'OCSP answer')
  const certificates = basic.children.find(({ tag }) => tag === contextTag(0))?.children[0]
  return {
    ...parseSignedStructure(basic.assertTag(TAG.SEQUENCE)),
    ...parseResponseData(basic.getChild(0, TAG.SEQUENCE)),
    certificates: (certificates?.children ?? []).map((one) => one.assertTag(TAG.SEQUENCE).bytes),
  }
}

function parseResponseData(
  data: DerNode,
): Pick<OcspAnswer, 'responderId' | 'answers' | 'nonceDer'> {
  const first = data.children[0]?.tag === contextTag(0) ? 1 : 0
  const list = data.getChild(first + 2, TAG.SEQUENCE)
  if (list.children.length > MAX_ANSWERS) list.fail(`at most ${MAX_ANSWERS} answers`)
  // By place: a responder's name has the same tag.
  const extensions = readExtensions(data.children[first + 3])
  return {
    responderId: data.children[first] ?? data.fail('responderID'),
    answers: list.children.map(parseSingle),
    nonceDer: extensions.find(({ oid }) => oid === idPkixOcspNonce)?.valueDer,
  }
}

/** RFC 6960 §4.4: what is critical and not understood makes an answer one that cannot be used. */
function readExtensions(tagged: DerNode | undefined): readonly NamedExtension[] {
  const extensions = parseExtensions(tagged?.assertTag(contextTag(1)).children[0])
  if (extensions.some(({ oid, isCritical }) => isCritical && oid !== idPkixOcspNonce)) {
    throw statusError('invalid', 'extension')
  }
  return extensions
}

function parseSingle(single: DerNode): SingleAnswer {
  const [next, ...more] = single.assertTag(TAG.SEQUENCE).children.slice(3)
  readExtensions(next?.tag === contextTag(1) ? next : more[0])
  return {
    certId: single.getChild(0, TAG.SEQUENCE),
    status: parseStatus(single.children[1] ?? single.fail('certStatus')),
    thisUpdate: parseGeneralizedTime(single.getChild(2, TAG.GENERALIZED_TIME)),
    nextUpdate:
      next?.tag === contextTag(0)
        ? parseGeneralizedTime(next.getChild(0, TAG.GENERALIZED_TIME))
        : undefined,
  }
}

function parseStatus(status: DerNode): SingleAnswer['status'] {
  if (status.tag === GOOD) return 'good'
  if (status.tag === UNKNOWN) return 'unknown'
  const reason = status.assertTag(REVOKED).children[1]?.getChild(0, ENUMERATED)
  return {
    since: parseGeneralizedTime(status.getChild(0, TAG.GENERALIZED_TIME)),
    reason: revocationReason(reason?.contents),
  }
}
