/**
 * Requests to servers of certification authorities, for pages that cannot make them: the servers speak plain http and
 * know nothing of CORS.
 *
 * ```
 * certificate ─► at hand? ─► address in it ─► allowed? ─► resolved once, each address looked at ─► fetched, bounded
 *   ─► an answer to this very request? ─► page
 * ```
 * @module
 */
import type { Bytes } from '@trien/sdk/types'
import type { TimestampServer } from '../settings/servers.ts'
import type { TokenCertificate } from '../token/types.ts'
import { type Kept, createCache } from './cache.ts'
import { getKeptCrl, relayCrl } from './crl.ts'
import { type Fetch, createFetch } from './fetch.ts'
import { createHand } from './hand.ts'
import { relayIssuer } from './issuer.ts'
import type { Means } from './means.ts'
import { type AskedCertificate, relayOcsp } from './ocsp.ts'
import { type TimestampAsked, relayTimestamp } from './timestamp.ts'
import { type Asker, createTraffic } from './traffic.ts'

/** The relay of a bridge. What each throws stands with its deed. */
export interface Relay {
  timestamp(asked: TimestampAsked, asker: Asker): Promise<Bytes>
  ocsp(
    asked: AskedCertificate & { readonly request: Uint8Array },
    asker: Asker,
  ): Promise<{ response: Bytes; url: string }>
  crl(asked: AskedCertificate, asker: Asker): Promise<Kept & { readonly url: string }>
  keptCrl(sha256: Uint8Array): Kept
  issuer(asked: AskedCertificate, asker: Asker): Promise<readonly Bytes[]>
}

/** What a relay is made with. */
export interface RelayOptions {
  readonly listTokens: (signal: AbortSignal) => Promise<readonly TokenCertificate[]>
  readonly timestampServers: readonly TimestampServer[]
  /** `host:port` each, as settings hold them. */
  readonly internalHosts: readonly string[]
  readonly fetch?: Fetch
}

/** Makes one; nothing is read or fetched before the first request. */
export function createRelay(options: RelayOptions): Relay {
  const means: Means = {
    hand: createHand(options.listTokens),
    cache: createCache(),
    traffic: createTraffic(),
    fetch: options.fetch ?? createFetch(),
    timestampServers: options.timestampServers,
    internalHosts: new Set(options.internalHosts),
  }
  const counted =
    <Asked, Result>(deed: (asked: Asked, means: Means, asker: Asker) => Promise<Result>) =>
    async (asked: Asked, asker: Asker): Promise<Result> => {
      means.traffic.count(asker.origin)
      return deed(asked, means, asker)
    }
  return {
    timestamp: counted(relayTimestamp),
    ocsp: counted(relayOcsp),
    crl: counted(relayCrl),
    issuer: counted(relayIssuer),
    keptCrl: (sha256) => getKeptCrl(sha256, means),
  }
}
