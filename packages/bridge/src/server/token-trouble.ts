/**
 * What is remembered of a source that failed to be read, and how long it is left alone for that.
 * @module
 */
import { isSigningError } from '@trien/sdk/errors'
import { log, logUnexpected } from '../log.ts'
import { ModuleFailure } from '../token/problem.ts'

const MAX_REST_MS = 60_000

/** A source whose last reading failed. */
export interface Trouble {
  readonly error: unknown
  /** Readings that failed in a row. */
  readonly failures: number
  /** It hung, or crashed more than once. */
  readonly isGrave: boolean
  /** It crashed once, as good drivers do when a token is torn off; what it had before may stand in for it. */
  readonly isForgiven: boolean
  readonly restUntil: number
}

/** @param restMs the first rest; each further failure doubles it */
export function addFailure(before: Trouble | undefined, error: unknown, restMs: number): Trouble {
  const failures = (before?.failures ?? 0) + 1
  const code = isSigningError(error) ? error.code : undefined
  const hasCrashed = code === 'TOKEN_DRIVER_CRASHED'
  return {
    error,
    failures,
    isGrave: code === 'TOKEN_TIMEOUT' || (hasCrashed && failures > 1),
    isForgiven: hasCrashed && failures === 1,
    restUntil: performance.now() + Math.min(restMs * 2 ** (failures - 1), MAX_REST_MS),
  }
}

/** Says what happened, and that lists will be without it. @param name of the source */
export function logTrouble(name: string, { error, isGrave, restUntil }: Trouble): void {
  const doing = `listing ${name}`
  if (!isSigningError(error)) logUnexpected(doing, error)
  else if (error.cause instanceof ModuleFailure) log(`${name} ${error.cause.message}`)
  else log(`${error.code} while ${doing}`)
  const seconds = Math.ceil((restUntil - performance.now()) / 1000)
  if (isGrave) log(`lists go on without ${name}, which is tried again in ${seconds} s`)
}
