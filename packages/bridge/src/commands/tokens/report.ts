/**
 * What `trien-bridge tokens` tells of one module; its JSON is this very shape.
 * @module
 */
import { encodeHex } from '@trien/sdk/bytes'
import { BridgeError, type SigningError, isSigningError } from '@trien/sdk/errors'
import { type Validity, judgeValidity } from '@trien/sdk/wire'
import { logUnexpected } from '../../log.ts'
import { plainLine } from '../../plain-text.ts'
import type { FoundModule, ModuleOrigin } from '../../token/discovery/find-modules.ts'
import { MODULE_REMEDIES, ModuleFailure } from '../../token/problem.ts'
import { summarizeCertificate } from '../../token/summary.ts'
import type { ModuleSource } from '../../token/supervisor.ts'
import type { PinState, SeenToken, TokenCertificate } from '../../token/types.ts'

/** One module, used or not. */
export interface ModuleReport {
  readonly module: string
  readonly origin: ModuleOrigin
  readonly vendor: string | null
  /** Null where the module could be used. */
  readonly failure: FailureReport | null
  readonly tokens: readonly TokenReport[]
}

/** Why a module could not be used, and what to do. */
export interface FailureReport {
  /** A `ModuleProblem`, or the code of an error. */
  readonly problem: string
  /** Follows "the module" or stands alone. */
  readonly message: string
  readonly hint: string
}

/** A token, and what it can sign with. */
export interface TokenReport {
  readonly label: string
  readonly manufacturer: string
  readonly serial: string
  readonly pin: PinState
  /** The token wants another PIN before it signs. */
  readonly mustChangePin: boolean
  /** The PIN is typed on the reader. */
  readonly keypad: boolean
  readonly certificates: readonly CertificateReport[]
  /** What the driver said where the token cannot be read, `CKR_…`; null where it can. */
  readonly problem: string | null
}

/** A certificate with its key. */
export interface CertificateReport {
  /** SHA-256, hexadecimal. */
  readonly id: string
  readonly holder: string
  readonly issuer: string
  readonly notAfter: string
  readonly validity: Validity
  readonly algorithms: readonly string[]
}

/** Asks one module. No failure of it is thrown. */
export async function reportModule(
  { modulePath, origin, vendor }: FoundModule,
  source: ModuleSource,
): Promise<ModuleReport> {
  const head = { module: modulePath, origin, vendor: vendor ?? null }
  try {
    const seen = await source.describe(new AbortController().signal)
    return { ...head, failure: null, tokens: seen.map(reportToken) }
  } catch (error) {
    if (!isSigningError(error)) logUnexpected(`asking ${modulePath}`, error)
    const failure = isSigningError(error) ? error : new BridgeError('BRIDGE_INTERNAL')
    return { ...head, failure: reportFailure(failure), tokens: [] }
  }
}

function reportFailure(error: SigningError): FailureReport {
  const { cause } = error
  if (cause instanceof ModuleFailure) {
    const { problem, message } = cause
    return { problem, message, hint: MODULE_REMEDIES[problem] }
  }
  return { problem: error.code, message: error.message, hint: findRemedy(error) }
}

function findRemedy({ code }: SigningError): string {
  return code === 'TOKEN_DRIVER_CRASHED' || code === 'TOKEN_TIMEOUT'
    ? 'unplug the token, plug it in again; if it goes on, update the driver or name it under "ignoreModules"'
    : 'unplug the token, plug it in and try again'
}

function reportToken({ token, certificates, problem }: SeenToken): TokenReport {
  const { label, manufacturer, serial, pinState, protectedAuthentication, mustChangePin } = token
  return {
    label: plainLine(label),
    manufacturer: plainLine(manufacturer),
    serial: plainLine(serial),
    pin: pinState,
    mustChangePin: mustChangePin === true,
    keypad: protectedAuthentication,
    certificates: certificates.flatMap(reportCertificate),
    problem: problem ?? null,
  }
}

/** A certificate that cannot be read is left out, as it is for pages. */
function reportCertificate({ id, certificate, algorithms }: TokenCertificate): CertificateReport[] {
  try {
    const { holder, issuer, notBefore, notAfter } = summarizeCertificate(certificate)
    const names = { holder: plainLine(holder), issuer: plainLine(issuer) }
    const dates = { notBefore: new Date(notBefore), notAfter: new Date(notAfter) }
    const validity = judgeValidity(dates, new Date())
    return [{ id: encodeHex(id), ...names, notAfter, validity, algorithms }]
  } catch (error) {
    logUnexpected('reading a certificate', error)
    return []
  }
}
