/**
 * The status of one certificate: the issuer's word at once, or its list.
 * @module
 */
import type { Certificate } from '../asn1/certificate.ts'
import type { Bytes } from '../bytes.ts'
import { type SigningError, isSigningError } from '../errors.ts'
import { type AskOptions, askInTurn } from './ask-authorities.ts'
import { type BelievedCrl, checkRevocationList } from './check-crl.ts'
import { type BelievedOcsp, checkOcspAnswer } from './check-ocsp.ts'
import { createOcspRequest } from './ocsp-request.ts'
import { type Revocation, statusError } from './status-error.ts'

/** A status, and what proves it without asking again. */
export interface CertificateStatus {
  /** Undefined where the certificate is good. */
  readonly revocation: Revocation | undefined
  readonly ocspResponses: readonly Bytes[]
  readonly crls: readonly Bytes[]
}

/** Whose status. */
export interface StatusQuestion {
  readonly certificate: Certificate
  readonly issuer: Certificate
  /** DER of the way up, the issuer first. */
  readonly path: readonly Uint8Array[]
  /** DER of certificates that are known besides. */
  readonly pool: readonly Uint8Array[]
}

/**
 * Asks for a status: by OCSP, then, where that brings nothing or the authority does not know, by list.
 * @throws {TrustError} TRUST_STATUS {reason}
 * @throws {UserError} USER_CANCELLED when the signal aborts
 */
export async function findStatus(
  question: StatusQuestion,
  options: AskOptions,
): Promise<CertificateStatus> {
  try {
    return await byOcsp(question, options)
  } catch (first) {
    if (!isStatusFailure(first)) throw first
    try {
      return await byList(question, options)
    } catch (second) {
      if (!isStatusFailure(second)) throw second
      throw moreTelling(first, second)
    }
  }
}

async function byOcsp(question: StatusQuestion, options: AskOptions): Promise<CertificateStatus> {
  const { certificate, issuer, path, pool } = question
  const request = await createOcspRequest(certificate, issuer)
  const { now = new Date() } = options
  const found = await askInTurn<Uint8Array, { der: Bytes; said: BelievedOcsp }>(
    {
      path,
      ask: (one, how) => one.ocsp?.(certificate.certificateDer, request.requestDer, how),
      async read(answer) {
        const der = new Uint8Array(answer)
        return { der, said: await checkOcspAnswer(der, request, { now, pool }) }
      },
    },
    options,
  )
  const { status, deputy } = found.said
  if (status === 'unknown') throw statusError('unknown')
  const revocation = status === 'good' ? undefined : status
  if (deputy === undefined) return { revocation, ocspResponses: [found.der], crls: [] }
  // Who answers for the issuer can be revoked too, and would hardly say so himself.
  const its = await byList({ ...question, certificate: deputy }, options)
  if (its.revocation !== undefined) throw statusError('invalid', 'responder')
  return { revocation, ocspResponses: [found.der], crls: its.crls }
}

async function byList(
  { certificate, issuer, path }: StatusQuestion,
  options: AskOptions,
): Promise<CertificateStatus> {
  const { now = new Date() } = options
  const { revocation, crlDer } = await askInTurn<Uint8Array, BelievedCrl>(
    {
      path,
      ask: (one, how) => one.crl?.(certificate.certificateDer, how),
      read: (answer) => checkRevocationList(answer, certificate, { issuer, now }),
    },
    options,
  )
  return { revocation, ocspResponses: [], crls: [crlDer] }
}

/** Of two failures the one that says more: an authority's word, then a wrong answer, then none. */
function moreTelling(first: SigningError, second: SigningError): SigningError {
  const order = ['unknown', 'invalid', 'late', 'unreachable']
  const rank = ({ details }: SigningError): number => {
    const place = order.indexOf(String(details['reason']))
    return place < 0 ? order.length : place
  }
  return rank(second) < rank(first) ? second : first
}

function isStatusFailure(error: unknown): error is SigningError {
  return isSigningError(error) && error.code === 'TRUST_STATUS'
}
