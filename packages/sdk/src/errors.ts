/**
 * The classes of errors, one for each kind of person who must act; the codes are in the catalogue.
 * @module
 */
import { CATALOGUE, type ErrorCode } from './error-catalogue.ts'

export { CATALOGUE, type ErrorCode }
export type { Language } from './error-catalogue.ts'

type CodeOf<Prefix extends string> = Extract<ErrorCode, `${Prefix}_${string}`>

/** Detail values are small and printable. */
export type ErrorDetails = Readonly<Record<string, string | number>>

/** What an error is made with besides its code. */
export interface ErrorInit {
  readonly details?: ErrorDetails
  readonly cause?: unknown
}

/**
 * Any error that Trien throws on purpose. Its message is the code and the details, for logs;
 * `describeError(error, 'vi')` of error-texts.ts has the words for people.
 */
export abstract class SigningError<Code extends ErrorCode = ErrorCode> extends Error {
  readonly code: Code
  readonly retryable: boolean
  readonly details: ErrorDetails
  /** What was signed before it failed, where something was: `upgrade` goes on from there. */
  declare readonly signed?: Uint8Array<ArrayBuffer> | Blob

  constructor(code: Code, { details = {}, cause }: ErrorInit = {}) {
    super(encodeErrorMessage(code, details), cause === undefined ? undefined : { cause })
    this.code = code
    this.details = Object.freeze({ ...details })
    this.retryable = CATALOGUE[code].retryable
  }
}

/** The portal's developer must act. */
export class UsageError extends SigningError<CodeOf<'USAGE'>> {
  override readonly name = 'UsageError'
}

/** The environment must change: the bridge, the browser, the connection. */
export class BridgeError extends SigningError<CodeOf<'BRIDGE'>> {
  override readonly name = 'BridgeError'
}

/** The person decided, or did not answer. */
export class UserError extends SigningError<CodeOf<'USER'>> {
  override readonly name = 'UserError'
}

/** The person and the hardware must act. */
export class TokenError extends SigningError<CodeOf<'TOKEN'>> {
  override readonly name = 'TokenError'
}

/** The document cannot be signed as it is. */
export class FormatError extends SigningError<CodeOf<'FORMAT'>> {
  override readonly name = 'FormatError'
}

/** What others say of a signature: an authority did not do its part, or said no. */
export class TrustError extends SigningError<CodeOf<'TRUST'>> {
  override readonly name = 'TrustError'
}

const MAX_DETAILS = 4
const MAX_DETAIL_LENGTH = 200

const CLASSES = {
  USAGE: UsageError,
  BRIDGE: BridgeError,
  USER: UserError,
  TOKEN: TokenError,
  FORMAT: FormatError,
  TRUST: TrustError,
}

/** Makes the error of an argument that is not what it must be; `expected` ends the sentence “pass …”. */
export function wrongArgument(argument: string, expected: string): UsageError {
  return new UsageError('USAGE_ARGUMENT', { details: { argument, expected } })
}

/** Tells whether a value from outside is a code of the catalogue. */
export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && Object.hasOwn(CATALOGUE, value)
}

/** Tells whether an error is one of Trien's, also across bundles and realms. */
export function isSigningError(error: unknown): error is SigningError {
  return (
    error instanceof Error && 'code' in error && isErrorCode(error.code) && 'retryable' in error
  )
}

/** Makes the error of the class that a code belongs to. */
export function createError(code: ErrorCode, init?: ErrorInit): SigningError {
  const family = code.slice(0, code.indexOf('_')) as keyof typeof CLASSES
  const Class = CLASSES[family] as new (code: ErrorCode, init?: ErrorInit) => SigningError
  return new Class(code, init)
}

/** An error in one line for logs: its code, and its details where it has some. */
export function encodeErrorMessage(code: ErrorCode, details: ErrorDetails): string {
  const words = Object.entries(details).map(([name, value]) => `${name}: ${value}`)
  return words.length === 0 ? code : `${code} (${words.join(', ')})`
}

/** Keeps of what a peer says about its error the few small values that may be details. */
export function readDetails(said: Readonly<Record<string, unknown>>): ErrorDetails {
  const details: Record<string, string | number> = {}
  for (const [name, value] of Object.entries(said).slice(0, MAX_DETAILS)) {
    if (!/^\w{1,20}$/.test(name)) continue
    if (typeof value === 'number' && Number.isFinite(value)) details[name] = value
    if (typeof value === 'string') details[name] = value.slice(0, MAX_DETAIL_LENGTH)
  }
  return details
}
