/**
 * What every deed of the relay works with.
 * @module
 */
import { BridgeError } from '@trien/sdk/errors'
import { DerError } from '../der/reader.ts'
import type { TimestampServer } from '../settings/servers.ts'
import type { Cache } from './cache.ts'
import type { Errand, Fetch } from './fetch.ts'
import type { Hand } from './hand.ts'
import { refused, wrongAnswer } from './problem.ts'
import type { InternalHosts } from './target.ts'
import type { Asker, Traffic } from './traffic.ts'

/** One for a bridge. */
export interface Means {
  readonly hand: Hand
  readonly cache: Cache
  readonly traffic: Traffic
  readonly fetch: Fetch
  readonly timestampServers: readonly TimestampServer[]
  readonly internalHosts: InternalHosts
}

/** What is fetched, and what is made of it. */
export interface Deed<T> {
  readonly errand: Errand
  readonly body?: Uint8Array
  /** A DerError says that the answer is wrong. */
  readonly read: (answer: Uint8Array, address: string) => T
}

/**
 * Tries addresses in their order until one gives a good answer.
 * @throws {BridgeError} BRIDGE_RELAY_REFUSED {reason: `no-address`}; the last failure; BRIDGE_BUSY; the signal's reason
 */
export async function fetchFirst<T>(
  addresses: readonly string[],
  { errand, body, read }: Deed<T>,
  { traffic, fetch, internalHosts }: Means,
  asker: Asker,
): Promise<T> {
  let failure: unknown = refused('no-address')
  for (const address of addresses) {
    try {
      const options = { signal: asker.signal, internalHosts, ...(body && { body }) }
      const answer = await traffic.run(asker, () => fetch(address, errand, options))
      return readAnswer(() => read(answer, address))
    } catch (error) {
      asker.signal.throwIfAborted()
      failure = error
    }
  }
  throw failure
}

function readAnswer<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw error instanceof DerError ? wrongAnswer('der', error) : error
  }
}

/**
 * Reads what a page hands in.
 * @throws {BridgeError} BRIDGE_PROTOCOL {problem}
 */
export function readParam<T>(name: string, read: () => T): T {
  try {
    return read()
  } catch (cause) {
    if (!(cause instanceof DerError)) throw cause
    throw new BridgeError('BRIDGE_PROTOCOL', { details: { problem: `params.${name}` }, cause })
  }
}

/** Addresses in a certificate; one that cannot be read has none. */
export function addressesIn(list: () => readonly string[]): readonly string[] {
  try {
    return list()
  } catch (error) {
    if (error instanceof DerError) return []
    throw error
  }
}
