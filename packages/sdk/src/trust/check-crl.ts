/**
 * Whether a list of revoked certificates is the one on which this certificate would stand.
 *
 * ```
 * IssuingDistributionPoint ::= SEQUENCE { [0] distributionPoint, [1] onlyContainsUserCerts, [2] onlyContainsCACerts,
 *   [3] onlySomeReasons, [4] indirectCRL, [5] onlyContainsAttributeCerts }                             RFC 5280 §5.2.5
 * ```
 * @module
 */
import {
  idCeAuthorityKeyIdentifier,
  idCeCrlNumber,
  idCeDeltaCrlIndicator,
  idCeIssuingDistributionPoint,
} from '../asn1/authority-oid.ts'
import { listCrlPoints, readPointName } from '../asn1/authority-pointers.ts'
import type { Certificate } from '../asn1/certificate.ts'
import { findKeyUsage, isCertificationAuthority } from '../asn1/key-extensions.ts'
import { unwrapPem } from '../asn1/pem.ts'
import { readDer } from '../asn1/reader.ts'
import { type Bytes, equalBytes } from '../bytes.ts'
import { findRevocation, parseRevocationList } from './crl.ts'
import { isCurrent } from './currency.ts'
import { isSignedBy } from './signed-structure.ts'
import { type Revocation, statusError } from './status-error.ts'

/** A list that was believed. */
export interface BelievedCrl {
  readonly crlDer: Bytes
  /** Undefined where the certificate is not on it. */
  readonly revocation: Revocation | undefined
}

/** Extensions whose meaning is known here; a critical one that is not makes a list unusable (RFC 5280 §5.2). */
const KNOWN = [idCeAuthorityKeyIdentifier, idCeCrlNumber, idCeIssuingDistributionPoint]
/** Tags of IssuingDistributionPoint: who else is on the list, or why only some are. */
const [ONLY_USERS, ONLY_AUTHORITIES, SOME_REASONS, INDIRECT, ATTRIBUTES] = [
  0x81, 0x82, 0x83, 0x84, 0x85,
]

/**
 * Looks a certificate up on a list, having made sure that its issuer signed the list, that it is current, complete (no
 * delta), and of the kind and place where this certificate would stand.
 * @param bytes DER or PEM; copied
 * @throws {TrustError} TRUST_STATUS {reason: `invalid`, what: `issuer` | `signature` | `time` | `extension` | `scope`}
 * @throws {FormatError} FORMAT_MALFORMED
 * @see RFC 5280 §6.3.3
 */
export async function checkRevocationList(
  bytes: Uint8Array,
  certificate: Certificate,
  { issuer, now }: { readonly issuer: Certificate; readonly now: Date },
): Promise<BelievedCrl> {
  const list = parseRevocationList(new Uint8Array(unwrapPem(bytes, 'list of revoked certificates')))
  const isIssuers = equalBytes(list.issuerDer, issuer.subjectDer)
  if (!isIssuers || findKeyUsage(issuer.certificateDer)?.includes('cRLSign') === false) {
    throw statusError('invalid', 'issuer')
  }
  if (!(await isSignedBy(list, issuer))) throw statusError('invalid', 'signature')
  // RFC 5280 §5.1.2.5: nextUpdate is always there; of a list without one nobody knows how old it may be.
  if (list.nextUpdate === undefined || !isCurrent(list, now)) throw statusError('invalid', 'time')
  for (const { oid, isCritical, valueDer } of list.extensions) {
    const isUnknown = isCritical && !KNOWN.includes(oid)
    // A delta says of itself that it is critical (RFC 5280 §5.2.4); one that does not is no less a delta.
    if (isUnknown || oid === idCeDeltaCrlIndicator) throw statusError('invalid', 'extension')
    if (oid === idCeIssuingDistributionPoint && !isScopeOf(valueDer, certificate)) {
      throw statusError('invalid', 'scope')
    }
  }
  return {
    crlDer: list.crlDer,
    revocation: findRevocation(list, certificate.serialNumberDer),
  }
}

/** Whether a list that does not hold all certificates of its issuer holds this one. */
function isScopeOf(pointDer: Bytes, { certificateDer }: Certificate): boolean {
  const point = readDer(pointDer, 'issuing distribution point')
  const says = (tag: number): boolean =>
    point.children.some((child) => child.tag === tag && child.contents.at(-1) !== 0)
  const isAuthority = isCertificationAuthority(certificateDer)
  if (says(SOME_REASONS) || says(INDIRECT) || says(ATTRIBUTES)) return false
  if (says(isAuthority ? ONLY_USERS : ONLY_AUTHORITIES)) return false
  const names = readPointName(point)
  const wanted = listCrlPoints(certificateDer)
  const hasPlace = point.children.some(({ tag }) => tag === 0xa0)
  return !hasPlace || names.some(({ bytes }) => wanted.some((one) => equalBytes(one, bytes)))
}
