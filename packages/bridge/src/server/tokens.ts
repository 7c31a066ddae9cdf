/**
 * All tokens at hand, of whatever module, as one list. A request for a certificate that was seen before touches the
 * module that had it and no other, and a module in trouble holds up nobody but itself.
 * @module
 */
import { encodeHex, equalBytes } from '@trien/sdk/bytes'
import { isSigningError } from '@trien/sdk/errors'
import { MAX_CERTIFICATES, PERSON_TIMEOUT_MS } from '@trien/sdk/wire'
import { dropRepeated, getOnlyHolder, preferVendors } from '../token/identify.ts'
import type { TokenCertificate, TokenSource } from '../token/types.ts'
import { PATIENCE, type Patience, type TokenReader, createTokenReader } from './token-reader.ts'
import { type Turns, createTurns } from './turns.ts'

const MAX_PER_ORIGIN = 4

/** A certificate and where it lives. */
interface Found {
  readonly reader: TokenReader
  readonly certificate: TokenCertificate
}

/** The tokens of this machine. Each source keeps its own deadlines. */
export interface Tokens {
  /**
   * Lists what every module has, each certificate of a token once. A module that fails does not hide the others, and
   * one that hung or crashed is not waited for while it rests.
   * @throws {TokenError} where all fail
   */
  list(signal: AbortSignal): Promise<readonly TokenCertificate[]>
  /**
   * Finds the module that holds a certificate: the one that had it last, if it still has it, else by a look at all.
   * Where there is one module it is that, unread: `getCertificate` looks.
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
  /** Looks in the background whether tokens came or went; waits for nobody. */
  look(): void
  /** From now on tells when a list would no longer be what it was. */
  onChange(listener: () => void): void
}

/** @param patience how long to wait for what */
export function createTokens(
  sources: readonly TokenSource[],
  patience: Partial<Patience> = {},
): Tokens {
  const listeners: (() => void)[] = []
  const readers = sources.map((source) =>
    createTokenReader(source, { ...PATIENCE, ...patience }, () => {
      for (const listener of listeners) listener()
    }),
  )
  const lines = new Map(
    sources.map((source) => [
      source,
      createTurns({ maxPerOrigin: MAX_PER_ORIGIN, maxWaitMs: 2 * PERSON_TIMEOUT_MS }),
    ]),
  )
  return {
    async list(signal) {
      const found = await askAll(readers, 'list', signal)
      return dropRepeated(found, certificateOf).slice(0, MAX_CERTIFICATES).map(certificateOf)
    },
    async getSource(id, signal) {
      const [only, another] = readers
      if (only !== undefined && another === undefined) return only.source
      const last = findLastHolder(readers, id)
      const gone = last === undefined ? undefined : await findGone(last, id, signal)
      if (last !== undefined && gone === undefined) return last.source
      const found = await askAll(readers, 'read', signal)
      if (gone !== undefined && !found.some(has(id))) throw gone
      return getOnlyHolder(found, id, certificateOf).reader.source
    },
    async getCertificate(source, id, signal) {
      const reader = readers.find((one) => one.source === source)
      if (reader === undefined) throw new Error('a source of another bridge')
      return getOnlyHolder(await ask(reader, 'read', signal), id, certificateOf).certificate
    },
    turnsOf(source) {
      const line = lines.get(source)
      if (line === undefined) throw new Error('a source of another bridge')
      return line
    },
    look() {
      for (const reader of readers) reader.look()
    },
    onChange(listener) {
      listeners.push(listener)
    },
  }
}

const certificateOf = ({ certificate }: Found): TokenCertificate => certificate

function join(found: readonly Found[]): Found[] {
  return preferVendors(found, certificateOf, ({ reader }) => reader.source.isGeneric === true)
}

/** Asks those that are well; where none is, all, for there is nobody whom they could hold up. */
async function askAll(
  readers: readonly TokenReader[],
  how: 'list' | 'read',
  signal: AbortSignal,
): Promise<readonly Found[]> {
  const well = readers.filter((reader) => !reader.isTroubled())
  const asked = well.length > 0 ? well : readers
  for (const reader of readers) {
    if (!asked.includes(reader) && !reader.isResting()) reader.refresh()
  }
  const results = await Promise.allSettled(asked.map((reader) => ask(reader, how, signal)))
  signal.throwIfAborted()
  const answers = results.filter((result) => result.status === 'fulfilled')
  if (answers.length > 0 || readers.length === 0) return join(answers.flatMap(({ value }) => value))
  throw results.find((result) => result.status === 'rejected')?.reason
}

async function ask(
  reader: TokenReader,
  how: 'list' | 'read',
  signal: AbortSignal,
): Promise<readonly Found[]> {
  const certificates = await reader[how](signal)
  return certificates.map((certificate) => ({ reader, certificate }))
}

/** Who had a certificate when it was last read. Where two had it, or none, only a look at all can tell. */
function findLastHolder(readers: readonly TokenReader[], id: Uint8Array): TokenReader | undefined {
  const wanted = encodeHex(id)
  const holdersAmong = (some: readonly TokenReader[]): readonly Found[] => {
    const seen = some.flatMap((reader) =>
      reader.remembered
        .filter((certificate) => encodeHex(certificate.id) === wanted)
        .map((certificate) => ({ reader, certificate })),
    )
    return dropRepeated(join(seen), certificateOf)
  }
  // One that failed since may not have it any more, while another shows the same token.
  const well = holdersAmong(readers.filter(({ failure }) => failure === undefined))
  const [holder, another] = well.length > 0 ? well : holdersAmong(readers)
  return another === undefined ? holder?.reader : undefined
}

const has = (id: Uint8Array) => (found: Found) => equalBytes(found.certificate.id, id)

/** Why a reader has a certificate no more; undefined where it has it. @throws {TokenError} where it cannot be read */
async function findGone(
  reader: TokenReader,
  id: Uint8Array,
  signal: AbortSignal,
): Promise<unknown> {
  try {
    getOnlyHolder(await ask(reader, 'read', signal), id, certificateOf)
    return undefined
  } catch (error) {
    if (isSigningError(error) && GONE.has(error.code)) return error
    throw error
  }
}

const GONE: ReadonlySet<string> = new Set(['TOKEN_ABSENT', 'TOKEN_KEY_NOT_FOUND', 'TOKEN_REMOVED'])
