/**
 * Time stamps. They are never kept: each says when it was asked for.
 * @module
 */
import type { Bytes } from '@trien/sdk/types'
import { TIMESTAMP } from './fetch.ts'
import { type Means, addressesIn, fetchFirst, readParam } from './means.ts'
import { listTimestampAddresses } from './pointers.ts'
import { refused } from './problem.ts'
import { hostAndPort } from './target.ts'
import { assertTimestamp, parseTimestampRequest } from './timestamp-answer.ts'
import type { Asker } from './traffic.ts'

/** What a page asks. */
export interface TimestampAsked {
  /** DER of a TimeStampReq. */
  readonly request: Uint8Array
  /** Of the settings. */
  readonly server?: string
  /** SHA-256 of a certificate on a token. */
  readonly certificate?: Uint8Array
}

/**
 * Has one made.
 * @returns DER of a TimeStampResp
 * @throws as `fetchFirst`; {BridgeError} BRIDGE_PROTOCOL {problem: `params.request`}, BRIDGE_RELAY_REFUSED
 */
export async function relayTimestamp(
  { request: body, server, certificate }: TimestampAsked,
  means: Means,
  asker: Asker,
): Promise<Bytes> {
  const request = readParam('request', () => parseTimestampRequest(body))
  const named = means.timestampServers.filter(({ name }) => server === undefined || name === server)
  const ofOwner = named.map(({ url }) => url)
  const addresses =
    ofOwner.length > 0 || server !== undefined
      ? ofOwner
      : certificate === undefined
        ? []
        : await findInCertificate(certificate, means)
  // Who writes a server into the settings means it, wherever it is; a certificate cannot widen that.
  const internalHosts = new Set([
    ...means.internalHosts,
    ...ofOwner.map((url) => hostAndPort(new URL(url))),
  ])
  const read = (answer: Uint8Array): Bytes => {
    assertTimestamp(answer, request).forEach(means.hand.keep)
    return new Uint8Array(answer)
  }
  return fetchFirst(
    addresses,
    { errand: TIMESTAMP, body, read },
    { ...means, internalHosts },
    asker,
  )
}

async function findInCertificate(id: Uint8Array, { hand }: Means): Promise<readonly string[]> {
  const { fields } = await hand.get(id)
  const all = [fields, ...hand.findIssuers(fields).map((issuer) => issuer.fields)]
  const addresses = all.flatMap((each) => addressesIn(() => listTimestampAddresses(each)))
  if (addresses.length === 0) throw refused('no-address')
  return [...new Set(addresses)]
}
