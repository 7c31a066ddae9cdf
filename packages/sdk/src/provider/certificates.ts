/**
 * The certificates that the bridge names, as a page shows and filters them.
 * @module
 */
import { BridgeError } from '../errors.ts'
import type { Language } from '../errors.ts'
import type { AlgorithmName, Bytes } from '../types.ts'
import { type ListedCertificate, listCertificates as listMessage } from '../wire/certificates.ts'
import { type Validity, judgeValidity } from '../wire/validity.ts'
import type { Ask } from './ask.ts'

/** A certificate whose private key is on a token at hand. */
export interface BridgeCertificate {
  /** SHA-256 of `certificate`. */
  readonly id: Bytes
  /** DER of the X.509 certificate. */
  readonly certificate: Bytes
  /** DER of the issuers found on the token, the issuer of `certificate` first. */
  readonly chain: readonly Bytes[]
  /** What the key can do, the preferred first. */
  readonly algorithms: readonly AlgorithmName[]
  /** For the person's eyes, as the bridge read it; nothing to rely on. */
  readonly summary: {
    readonly holder: string
    readonly organization?: string
    readonly issuer: string
    /** Upper-case hexadecimal. */
    readonly serialNumber: string
    readonly notBefore: Date
    readonly notAfter: Date
    /** Whether key usage lets the key sign documents. */
    readonly signsDocuments: boolean
  }
  readonly token: { readonly label: string; readonly manufacturer: string; readonly serial: string }
  /** Why it should not sign a document at the filter's `validAt`; undefined where it may. */
  readonly obstacle: 'expired' | 'not-yet-valid' | 'not-for-documents' | undefined
  /** Its time at `validAt`: `soon` within 30 days of its end, when it is to be renewed by its issuer. @since 0.1 */
  readonly validity: Validity
}

/** Which certificates a page wants; each field narrows. Nothing is hidden unless asked. */
export interface CertificateFilter {
  /** Only those without an obstacle. */
  readonly usable?: boolean
  /** The moment at which validity is judged, default now. */
  readonly validAt?: Date
  /** Part of the holder's name, in any case. */
  readonly holder?: string
  /** Part of the issuer's name, in any case. */
  readonly issuer?: string
  /** At least one of these. */
  readonly algorithms?: readonly AlgorithmName[]
}

/** What to ask for, and how. */
export interface ListOptions {
  readonly filter?: CertificateFilter
  readonly language?: Language
  readonly signal?: AbortSignal | undefined
}

/**
 * Asks the bridge for the certificates at hand; the bridge asks the person once per origin.
 * @throws as `Bridge.listCertificates`
 */
export async function listCertificates(
  ask: Ask,
  { filter = {}, language, signal }: ListOptions,
): Promise<readonly BridgeCertificate[]> {
  const params = language === undefined ? {} : { language }
  const { certificates } = await ask(listMessage, params, { signal })
  return selectCertificates(certificates, filter)
}

/**
 * Reads and filters the bridge's list; those that may sign come first, otherwise in the bridge's order.
 * @throws {BridgeError} BRIDGE_PROTOCOL where a date is none
 */
function selectCertificates(
  listed: readonly ListedCertificate[],
  filter: CertificateFilter,
): readonly BridgeCertificate[] {
  const { usable, validAt = new Date(), holder = '', issuer = '', algorithms } = filter
  return listed
    .map((certificate) => readCertificate(certificate, validAt))
    .filter(
      (certificate) =>
        (usable !== true || certificate.obstacle === undefined) &&
        fold(certificate.summary.holder).includes(fold(holder)) &&
        fold(certificate.summary.issuer).includes(fold(issuer)) &&
        (algorithms?.some((name) => certificate.algorithms.includes(name)) ?? true),
    )
    .sort(
      (left, right) => Number(left.obstacle !== undefined) - Number(right.obstacle !== undefined),
    )
}

function readCertificate(listed: ListedCertificate, at: Date): BridgeCertificate {
  const notBefore = readDate(listed.summary.notBefore)
  const notAfter = readDate(listed.summary.notAfter)
  const summary = { ...listed.summary, notBefore, notAfter }
  const validity = judgeValidity(summary, at)
  return { ...listed, summary, validity, obstacle: findObstacle(validity, listed) }
}

function findObstacle(
  { state }: Validity,
  { summary }: ListedCertificate,
): BridgeCertificate['obstacle'] {
  if (state === 'expired' || state === 'not-yet-valid') return state
  return summary.signsDocuments ? undefined : 'not-for-documents'
}

function readDate(text: string): Date {
  const date = new Date(text)
  if (Number.isNaN(date.getTime())) {
    throw new BridgeError('BRIDGE_PROTOCOL', { details: { problem: 'date' } })
  }
  return date
}

/** One spelling of a Vietnamese name, whichever keyboard wrote it. */
function fold(text: string): string {
  return text.normalize('NFC').toLowerCase()
}
