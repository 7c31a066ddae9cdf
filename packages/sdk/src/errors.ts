/**
 * The classes of errors, one for each kind of person who must act; the codes are in the catalogue.
 * @module
 */
import { CATALOGUE, type ErrorCode } from './error-catalogue.ts'

export { CATALOGUE, type ErrorCode }
export type { Language } from './error-texts.ts'

type CodeOf<Prefix extends string> = Extract<ErrorCode, `${Prefix}_${string}`>

/** Detail values are small and printable. */
export type ErrorDetails = Readonly<Record<string, string | number>>

/** What an error is made with besides its code. */
export interface ErrorInit {
  readonly details?: ErrorDetails
  readonly cause?: unknown
}

/**
 * Any error that Trien throws on purpose. Its message is the code and the details that may
 * leave, for logs;
 * `describeError(error, 'vi')` of error-texts.ts has the words for people.
 */
export abstract class SigningError extends Error {
  readonly code: ErrorCode
  readonly retryable: boolean
  readonly details: ErrorDetails

  constructor(code: ErrorCode, { details = {}, cause }: ErrorInit = {}) {
    const known = Object.entries(allowedDetails(code, details)).map(
      ([name, value]) => `${name}: ${value}`,
    )
    super(
      known.length === 0 ? code : `${code} (${known.join(', ')})`,
      cause === undefined ? undefined : { cause },
    )
    this.code = code
    this.details = Object.freeze({ ...details })
    this.retryable = CATALOGUE[code].retryable
  }
}

/** The portal's developer must act. */
export class UsageError extends SigningError {
  override readonly name = 'UsageError'
  declare readonly code: CodeOf<'USAGE'>
  constructor(code: CodeOf<'USAGE'>, init?: ErrorInit) {
    super(code, init)
  }
}

/** The environment must change: the bridge, the browser, the connection. */
export class BridgeError extends SigningError {
  override readonly name = 'BridgeError'
  declare readonly code: CodeOf<'BRIDGE'>
  constructor(code: CodeOf<'BRIDGE'>, init?: ErrorInit) {
    super(code, init)
  }
}

/** The person decided, or did not answer. */
export class UserError extends SigningError {
  override readonly name = 'UserError'
  declare readonly code: CodeOf<'USER'>
  constructor(code: CodeOf<'USER'>, init?: ErrorInit) {
    super(code, init)
  }
}

/** The person and the hardware must act. */
export class TokenError extends SigningError {
  override readonly name = 'TokenError'
  declare readonly code: CodeOf<'TOKEN'>
  constructor(code: CodeOf<'TOKEN'>, init?: ErrorInit) {
    super(code, init)
  }
}

/** The document cannot be signed as it is. */
export class FormatError extends SigningError {
  override readonly name = 'FormatError'
  declare readonly code: CodeOf<'FORMAT'>
  constructor(code: CodeOf<'FORMAT'>, init?: ErrorInit) {
    super(code, init)
  }
}

const CLASSES = {
  USAGE: UsageError,
  BRIDGE: BridgeError,
  USER: UserError,
  TOKEN: TokenError,
  FORMAT: FormatError,
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

/** The details of an error that its code allows to cross the wire. */
export function allowedDetails(
  code: ErrorCode,
  details: Readonly<Record<string, unknown>>,
): ErrorDetails {
  const allowed: Record<string, string | number> = {}
  for (const name of CATALOGUE[code].details) {
    const value = details[name]
    if (typeof value === 'number' && Number.isFinite(value)) allowed[name] = value
    if (typeof value === 'string') allowed[name] = value.slice(0, 200)
  }
  return allowed
}
