/**
 * All tokens at hand, of whatever module, as one list.
 * @module
 */
import { isSigningError } from '@trien/sdk/errors'
import { MAX_CERTIFICATES, PERSON_TIMEOUT_MS } from '@trien/sdk/wire'
import { log, logUnexpected } from '../log.ts'
import { dropRepeated, getOnlyHolder } from '../token/identify.ts'
import type { TokenCertificate, TokenSource } from '../token/types.ts'
import { type Turns, createTurns } from './turns.ts'

const MAX_PER_ORIGIN = 4

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

export function createTokens(sources: readonly TokenSource[]): Tokens {
  const lines = new Map(
    sources.map((source) => [
      source,
      createTurns({ maxPerOrigin: MAX_PER_ORIGIN, maxWaitMs: 2 * PERSON_TIMEOUT_MS }),
    ]),
  )
  const findAll = (signal: AbortSignal): Promise<readonly Found[]> => findIn(sources, signal)
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
      return getOnlyHolder(await findIn([source], signal), id, certificateOf).certificate
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
): Promise<readonly Found[]> {
  const results = await Promise.allSettled(
    sources.map(async (source) => {
      const certificates = await source.listCertificates(signal)
      return certificates.map((certificate) => ({ source, certificate }))
    }),
  )
  signal.throwIfAborted()
  const failures = results.filter((result) => result.status === 'rejected')
  results.forEach((result, index) => {
    if (result.status === 'rejected') logFailedSource(sources[index], result.reason)
  })
  if (failures.length === sources.length && failures[0] !== undefined) throw failures[0].reason
  return results.flatMap((result) => (result.status === 'fulfilled' ? result.value : []))
}

function logFailedSource(source: TokenSource | undefined, reason: unknown): void {
  const doing = `listing ${source?.name}`
  if (isSigningError(reason)) log(`${reason.code} while ${doing}`)
  else logUnexpected(doing, reason)
}
