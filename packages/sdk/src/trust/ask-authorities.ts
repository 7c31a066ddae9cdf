/**
 * Asks those who bring what authorities say, one after the other, until one brings what can be believed.
 * @module
 */
import { assertNotAborted } from '../digest.ts'
import { type SigningError, isSigningError } from '../errors.ts'
import type { Authorities, AuthorityQuestion } from '../types.ts'
import { inTime } from './deadline.ts'
import { statusError } from './status-error.ts'

/** Who is asked, and how long each is waited for. */
export interface AskOptions {
  /** In the order in which they are asked. */
  readonly authorities: readonly Authorities[]
  /** For each question. Default: 60 s. */
  readonly timeoutMs?: number | undefined
  readonly signal?: AbortSignal | undefined
  /** Default: now. */
  readonly now?: Date | undefined
}

const TIMEOUT_MS = 60_000

/** One question. */
export interface Errand<A, T> {
  /** Asks one of them; undefined where it does not answer such questions. */
  readonly ask: (authorities: Authorities, question: AuthorityQuestion) => Promise<A> | undefined
  /** Reads an answer; throws where it cannot be believed. */
  readonly read: (answer: A) => Promise<T>
  /** DER of the issuers that are known, the certificate's own first. */
  readonly path: readonly Uint8Array[]
}

/**
 * Asks in turn.
 * @throws {TrustError} TRUST_STATUS: why the last of them brought nothing
 * @throws {UserError} USER_CANCELLED when the signal aborts
 */
export async function askInTurn<A, T>(
  { ask, read, path }: Errand<A, T>,
  { authorities, timeoutMs = TIMEOUT_MS, signal }: AskOptions,
): Promise<T> {
  let failure: SigningError = statusError('unavailable')
  for (const one of authorities) {
    assertNotAborted(signal)
    try {
      const late = (): Error => statusError('late')
      const answer = await inTime((stop) => call(one, stop), { timeoutMs, signal, late })
      if (answer !== undefined) return await believe(answer.value)
    } catch (error) {
      assertNotAborted(signal)
      if (!isSigningError(error)) throw error
      failure = error
    }
  }
  throw failure

  async function call(one: Authorities, stop: AbortSignal): Promise<{ value: A } | undefined> {
    try {
      const asking = ask(one, { path, signal: stop })
      return asking === undefined ? undefined : { value: await asking }
    } catch (cause) {
      throw statusError('unreachable', undefined, { cause })
    }
  }

  async function believe(value: A): Promise<T> {
    try {
      return await read(value)
    } catch (cause) {
      if (isSigningError(cause) && cause.code.startsWith('TRUST_')) throw cause
      throw statusError('invalid', 'der', { cause })
    }
  }
}
