/**
 * All tokens at hand, of whatever module, as one list.
 * @module
 */
import { TokenError, isSigningError } from '@trien/sdk/errors'
import { MAX_CERTIFICATES, PERSON_TIMEOUT_MS } from '@trien/sdk/wire'
import { log, logUnexpected } from '../log.ts'
import { dropRepeated, getOnlyHolder, preferVendors } from '../token/identify.ts'
import { ModuleFailure } from '../token/problem.ts'
import type { TokenCertificate, TokenSource } from '../token/types.ts'
import { type Turns, createTurns } from './turns.ts'

const MAX_PER_ORIGIN = 4
/**
 * Milliseconds that a module may take to list what it has, waiting for its earlier work included: under the 15 s that
 * the wire gives to a question which asks nobody. Then the others' certificates are the answer.
 */
const LIST_MS = 13_000

/** A certificate and where it lives. */
export interface Found {
  readonly source: TokenSource
  readonly certificate: TokenCertificate
}

/** The tokens of this machine. Each source keeps its own deadlines. */
export interface Tokens {
  /**
   * Lists what every module has, each certificate of a token once. A module that fails does not hide the others.
   * @throws {TokenError} where all fail
   */
  list(signal: AbortSignal): Promise<readonly TokenCertificate[]>
  /**
   * Finds the module that holds a certificate. Where there is one module it is that, unread: `getCertificate` looks.
   * @throws {TokenError} as `getOnlyHolder`
   */
  getSource(id: Uint8Array, signal: AbortSignal): Promise<TokenSource>
  /** Reads one certificate anew, with its token's state of now. @throws as `getSource` */
  getCertificate(
    source: TokenSource,
    id: Uint8Array,
    signal: AbortSignal,
  ): Promise<TokenCertificate>
  /** The line before a module: its tokens do one thing at a time. */
  turnsOf(source: TokenSource): Turns
}

/** @param listMs milliseconds that each module may take to list what it has */
export function createTokens(sources: readonly TokenSource[], listMs = LIST_MS): Tokens {
  const lines = new Map(
    sources.map((source) => [
      source,
      createTurns({ maxPerOrigin: MAX_PER_ORIGIN, maxWaitMs: 2 * PERSON_TIMEOUT_MS }),
    ]),
  )
  const findAll = (signal: AbortSignal): Promise<readonly Found[]> =>
    findIn(sources, signal, listMs)
  return {
    async list(signal) {
      const found = await findAll(signal)
      return dropRepeated(found, certificateOf).slice(0, MAX_CERTIFICATES).map(certificateOf)
    },
    async getSource(id, signal) {
      const [only, another] = sources
      if (only !== undefined && another === undefined) return only
      return getOnlyHolder(await findAll(signal), id, certificateOf).source
    },
    async getCertificate(source, id, signal) {
      return getOnlyHolder(await findIn([source], signal, listMs), id, certificateOf).certificate
    },
    turnsOf(source) {
      const line = lines.get(source)
      if (line === undefined) throw new Error('a source of another bridge')
      return line
    },
  }
}

const certificateOf = ({ certificate }: Found): TokenCertificate => certificate

async function findIn(
  sources: readonly TokenSource[],
  signal: AbortSignal,
  listMs: number,
): Promise<readonly Found[]> {
  const results = await Promise.allSettled(
    sources.map(async (source) => {
      const certificates = await listInTime(source, signal, listMs)
      return certificates.map((certificate) => ({ source, certificate }))
    }),
  )
  signal.throwIfAborted()
  const failures = results.filter((result) => result.status === 'rejected')
  results.forEach((result, index) => {
    if (result.status === 'rejected') logFailedSource(sources[index], result.reason)
  })
  if (failures.length === sources.length && failures[0] !== undefined) throw failures[0].reason
  const found = results.flatMap((result) => (result.status === 'fulfilled' ? result.value : []))
  return preferVendors(found, certificateOf, (item) => item.source.isGeneric === true)
}

async function listInTime(
  source: TokenSource,
  signal: AbortSignal,
  listMs: number,
): Promise<readonly TokenCertificate[]> {
  const deadline = AbortSignal.timeout(listMs)
  try {
    return await source.listCertificates(AbortSignal.any([signal, deadline]))
  } catch (cause) {
    if (signal.aborted || !deadline.aborted) throw cause
    throw new TokenError('TOKEN_TIMEOUT', { cause })
  }
}

function logFailedSource(source: TokenSource | undefined, reason: unknown): void {
  const doing = `listing ${source?.name}`
  if (!isSigningError(reason)) logUnexpected(doing, reason)
  else if (reason.cause instanceof ModuleFailure) log(`${source?.name} ${reason.cause.message}`)
  else log(`${reason.code} while ${doing}`)
}
