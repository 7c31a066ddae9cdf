/**
 * Asks time stamping authorities, one after the other, until one answers as it must.
 * @module
 */
import { assertNotAborted } from '../digest.ts'
import { isSigningError } from '../errors.ts'
import type { TimestampSource } from '../types.ts'
import { inTime } from './deadline.ts'
import { parseTimestampAnswer } from './timestamp-answer.ts'
import { timestampError } from './timestamp-error.ts'
import { type Imprint, createTimestampRequest } from './timestamp-request.ts'
import { type Timestamp, readRequestedTimestamp } from './timestamp-token.ts'

/** Has octets stamped; throws as `requestTimestamp`. */
export type RequestToken = (imprint: Imprint) => Promise<Timestamp>

/** How authorities are asked. */
export interface TimestampOptions {
  /** In the order in which they are asked. */
  readonly sources: readonly TimestampSource[]
  /** For each of them. Vietnamese authorities were measured at up to 131 s. Default: 180 s. */
  readonly timeoutMs?: number | undefined
  readonly signal?: AbortSignal | undefined
  /** Called before each is asked, with its place in the order, from 1. */
  readonly onTry?: ((source: number, sources: number) => void) | undefined
}

const TIMEOUT_MS = 180_000

/**
 * Has octets stamped.
 * @returns a token that was checked against the question
 * @throws {TrustError} TRUST_TIMESTAMP: why the last of the sources brought none
 * @throws {UserError} USER_CANCELLED when the signal aborts
 */
export async function requestTimestamp(
  imprint: Imprint,
  options: TimestampOptions,
): Promise<Timestamp> {
  const { sources, signal, onTry } = options
  let failure: unknown
  for (const [index, source] of sources.entries()) {
    assertNotAborted(signal)
    onTry?.(index + 1, sources.length)
    try {
      return await ask(source, imprint, options)
    } catch (error) {
      assertNotAborted(signal)
      failure = error
    }
  }
  throw failure
}

async function ask(
  source: TimestampSource,
  imprint: Imprint,
  { timeoutMs = TIMEOUT_MS, signal }: TimestampOptions,
): Promise<Timestamp> {
  const request = createTimestampRequest(imprint)
  const answerDer = await inTime((stop) => fetchAnswer(source, request.requestDer, stop), {
    ...{ timeoutMs, signal, late: () => timestampError('late') },
  })
  try {
    return await readRequestedTimestamp(parseTimestampAnswer(answerDer), request)
  } catch (cause) {
    if (isSigningError(cause) && cause.code === 'TRUST_TIMESTAMP') throw cause
    throw timestampError('invalid', 'der', { cause })
  }
}

async function fetchAnswer(
  source: TimestampSource,
  requestDer: Uint8Array,
  signal: AbortSignal,
): Promise<Uint8Array> {
  let answer: unknown
  try {
    answer = await source(requestDer, { signal })
  } catch (cause) {
    throw timestampError('unreachable', undefined, { cause })
  }
  if (answer instanceof Uint8Array) return answer
  throw timestampError('invalid', 'der')
}
