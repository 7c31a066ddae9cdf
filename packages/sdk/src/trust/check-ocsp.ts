/**
 * Whether an OCSP answer is one to the question, and by who may answer.
 * @module
 */
import { idKpOcspSigning } from '../asn1/authority-oid.ts'
import type { Certificate } from '../asn1/certificate.ts'
import { TAG, contextTag } from '../asn1/der.ts'
import { findExtendedKeyUsage, isNeverRevoked } from '../asn1/key-extensions.ts'
import { type Bytes, equalBytes } from '../bytes.ts'
import { isCurrent } from './currency.ts'
import { type OcspAnswer, type SingleAnswer, parseOcspAnswer } from './ocsp-answer.ts'
import { type OcspRequest, isCertIdOf, isKeyHashOf } from './ocsp-request.ts'
import { MAX_CANDIDATES, findCertificate, isCertifiedBy, isSignedBy } from './signed-structure.ts'
import { statusError } from './status-error.ts'

/** An answer that was believed. */
export interface BelievedOcsp {
  readonly status: SingleAnswer['status']
  /** Who answered for the issuer and could be revoked in turn. */
  readonly deputy: Certificate | undefined
}

/**
 * Reads an answer and makes sure that it is signed by the issuer, or by one whom the issuer certified for just that; that
 * it is about this certificate, current, and has the question's nonce or none.
 * @param pool DER of further certificates among which the responder's may be
 * @throws {TrustError} TRUST_STATUS {reason: `invalid`, what: `extension` | `nonce` | `responder` | `signature` | `certificate` | `time`}
 *   or what a refusal says
 * @throws {FormatError} FORMAT_MALFORMED
 * @see RFC 6960 §3.2, §4.2.2
 */
export async function checkOcspAnswer(
  answerDer: Uint8Array,
  { certificate, issuer, nonceDer }: OcspRequest,
  { now, pool }: { readonly now: Date; readonly pool: readonly Uint8Array[] },
): Promise<BelievedOcsp> {
  const answer = parseOcspAnswer(answerDer)
  if (answer.nonceDer !== undefined && !equalBytes(answer.nonceDer, nonceDer)) {
    throw statusError('invalid', 'nonce')
  }
  const responder = await findResponder(answer, issuer, pool)
  const isIssuer = equalBytes(responder.certificateDer, issuer.certificateDer)
  if (!isIssuer) await assertDeputy(responder, issuer, now)
  const single = await findSingle(answer, certificate, issuer)
  if (single === undefined) throw statusError('invalid', 'certificate')
  if (!isCurrent(single, now)) throw statusError('invalid', 'time')
  const isSure = isIssuer || isNeverRevoked(responder.certificateDer)
  return { status: single.status, deputy: isSure ? undefined : responder }
}

/** Several may bear one name, as an issuer before and after it changed its key: it is the one who signed. */
async function findResponder(
  answer: OcspAnswer,
  issuer: Certificate,
  pool: readonly Uint8Array[],
): Promise<Certificate> {
  let tries = 0
  for (const candidate of listCandidates(answer, issuer, pool)) {
    if (!(await isNamed(candidate, answer))) continue
    if (await isSignedBy(answer, candidate)) return candidate
    tries += 1
    if (tries === MAX_CANDIDATES) break
  }
  throw statusError('invalid', tries === 0 ? 'responder' : 'signature')
}

/** What came along may be anything, and what cannot be read is not who answered. */
function* listCandidates(
  { certificates }: OcspAnswer,
  issuer: Certificate,
  pool: readonly Uint8Array[],
): Generator<Certificate> {
  yield issuer
  for (const der of [...certificates, ...pool]) {
    const candidate = findCertificate(der)
    if (candidate !== undefined) yield candidate
  }
}

async function isNamed(candidate: Certificate, { responderId }: OcspAnswer): Promise<boolean> {
  if (responderId.tag === contextTag(1)) {
    const name: Bytes | undefined = responderId.children[0]?.bytes
    return name !== undefined && equalBytes(name, candidate.subjectDer)
  }
  const keyHash = responderId.assertTag(contextTag(2)).getChild(0, TAG.OCTET_STRING).contents
  return isKeyHashOf(keyHash, candidate)
}

/** RFC 6960 §4.2.2.2: certified by the very issuer, for answering. */
async function assertDeputy(deputy: Certificate, issuer: Certificate, now: Date): Promise<void> {
  const isNamed = equalBytes(deputy.issuerDer, issuer.subjectDer)
  const usage = findExtendedKeyUsage(deputy.certificateDer)
  const isFor = usage?.purposes.includes(idKpOcspSigning) === true
  const isValid = now >= deputy.notBefore && now <= deputy.notAfter
  const isDeputy =
    isNamed && isFor && isValid && (await isCertifiedBy(deputy.certificateDer, issuer))
  if (!isDeputy) throw statusError('invalid', 'responder')
}

async function findSingle(
  { answers }: OcspAnswer,
  certificate: Certificate,
  issuer: Certificate,
): Promise<SingleAnswer | undefined> {
  for (const single of answers) {
    if (await isCertIdOf(single.certId, certificate, issuer)) return single
  }
  return undefined
}
