/**
 * What levels are told, looked at before anybody is asked for anything.
 * @module
 */
import { wrongArgument } from '../errors.ts'
import type { AskOptions } from '../trust/ask-authorities.ts'
import type { IdentityCheck } from '../trust/check-identity.ts'
import type { TimestampOptions } from '../trust/request-timestamp.ts'
import type { Authorities, TimestampSource } from '../types.ts'
import type { BuildChoice, Level, LevelChoice, RevocationMode } from './level.ts'

/** From the lowest to the highest. */
export const LEVELS: readonly Level[] = ['B-B', 'B-T', 'B-LT', 'B-LTA']
const MODES: readonly RevocationMode[] = ['required', 'if-available', 'off']
const MAX_TIMEOUT_MS = 3_600_000
/** A person waits to type a PIN. */
const WISH_TIMEOUT_MS = 10_000

/**
 * Refuses what is no level.
 * @param lowest what is below is refused too
 * @throws {UsageError} USAGE_ARGUMENT
 */
export function assertLevel(argument: string, level: unknown, lowest: Level = 'B-B'): void {
  const allowed = LEVELS.slice(LEVELS.indexOf(lowest))
  if (!allowed.includes(level as Level)) throw wrongArgument(argument, allowed.join(' or '))
}

/** @throws {UsageError} USAGE_ARGUMENT where nobody is named who stamps */
export function decideTimestamp(choice: BuildChoice): TimestampOptions {
  const { timestamp = [], timestampTimeoutMs: timeoutMs, onTimestamp: onTry, signal } = choice
  const sources: readonly unknown[] = Array.isArray(timestamp) ? timestamp : [timestamp]
  if (sources.length === 0 || !sources.every((source) => typeof source === 'function')) {
    const expected =
      'bridge.relay.timestamp, httpTimestamp(url) or another function that answers; or several'
    throw wrongArgument('timestamp', expected)
  }
  if (onTry && typeof onTry !== 'function') throw wrongArgument('onTimestamp', 'a function')
  assertTimeout('timestampTimeoutMs', timeoutMs)
  return { sources: sources as readonly TimestampSource[], timeoutMs, signal, onTry }
}

function assertTimeout(argument: string, timeoutMs: number | undefined): void {
  if (timeoutMs === undefined) return
  const isTime = typeof timeoutMs === 'number' && timeoutMs > 0 && timeoutMs <= MAX_TIMEOUT_MS
  if (!isTime) throw wrongArgument(argument, `milliseconds up to ${MAX_TIMEOUT_MS}`)
}

/** @throws {UsageError} USAGE_ARGUMENT where nobody is named who answers for certificates */
export function decideAuthorities(choice: BuildChoice): AskOptions {
  const { authorities = [], authoritiesTimeoutMs: timeoutMs, signal } = choice
  const list: readonly unknown[] = Array.isArray(authorities) ? authorities : [authorities]
  if (list.length === 0 || !list.every(isAuthorities)) {
    const expected = 'bridge.relay, httpAuthorities() or what has ocsp, crl and issuers; or several'
    throw wrongArgument('authorities', expected)
  }
  assertTimeout('authoritiesTimeoutMs', timeoutMs)
  return { authorities: list as readonly Authorities[], timeoutMs, signal }
}

/**
 * Decides whether the signer's certificate is asked about.
 * @returns undefined where it is not
 * @throws {UsageError} USAGE_ARGUMENT
 */
export function decideRevocation(choice: LevelChoice): IdentityCheck | undefined {
  const { level = 'B-B', authorities } = choice
  const isProven = level === 'B-LT' || level === 'B-LTA'
  const usual = isProven ? 'required' : authorities === undefined ? 'off' : 'if-available'
  const mode = choice.revocation ?? usual
  if (!MODES.includes(mode)) throw wrongArgument('revocation', MODES.join(' or '))
  if (mode === 'off') return undefined
  const options = decideAuthorities(choice)
  const isRequired = mode === 'required'
  const { timeoutMs = isRequired ? undefined : WISH_TIMEOUT_MS } = options
  return { ...options, isRequired, timeoutMs }
}

function isAuthorities(one: unknown): boolean {
  if (typeof one !== 'object' || one === null) return false
  const methods = ['ocsp', 'crl', 'issuers'].map((name) => (one as Record<string, unknown>)[name])
  const isWhole = methods.every((method) => method === undefined || typeof method === 'function')
  return isWhole && methods.some((method) => method !== undefined)
}
