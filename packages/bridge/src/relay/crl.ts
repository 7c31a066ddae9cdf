/**
 * Lists of revoked certificates. A page reads one in parts, for a list may be megabytes and a frame may not; the parts
 * come from the very bytes whose digest the first answer named.
 * @module
 */
import { BridgeError } from '@trien/sdk/errors'
import type { Kept } from './cache.ts'
import { REVOCATION_LIST } from './fetch.ts'
import { parseRevocationList } from './files.ts'
import { type Means, addressesIn, fetchFirst } from './means.ts'
import type { AskedCertificate } from './ocsp.ts'
import { listRevocationListAddresses } from './pointers.ts'
import type { Asker } from './traffic.ts'

/**
 * Fetches the list that a certificate names.
 * @returns its DER, whatever form it was served in, and where it came from
 * @throws as `fetchFirst`; {BridgeError} BRIDGE_RELAY_REFUSED
 */
export async function relayCrl(
  { certificate, path = [], maxAge }: AskedCertificate,
  means: Means,
  asker: Asker,
): Promise<Kept & { readonly url: string }> {
  const fields = await means.hand.prove(certificate, path)
  const addresses = addressesIn(() => listRevocationListAddresses(fields))
  const maxAgeMs = maxAge === undefined ? Infinity : maxAge * 1000
  for (const url of addresses) {
    const kept = means.cache.find(`crl ${url}`, maxAgeMs)
    if (kept !== undefined) return { ...kept, url }
  }
  const read = (answer: Uint8Array, url: string): Kept & { readonly url: string } => {
    const { crlDer, nextUpdateMs } = parseRevocationList(answer)
    return { ...means.cache.keep(`crl ${url}`, crlDer, nextUpdateMs), url }
  }
  return fetchFirst(addresses, { errand: REVOCATION_LIST, read }, means, asker)
}

/**
 * Finds a list again of which a page has read a part.
 * @throws {BridgeError} BRIDGE_BUSY where it had to make room for others: begin anew
 */
export function getKeptCrl(sha256: Uint8Array, { cache }: Means): Kept {
  const kept = cache.findByDigest(sha256)
  if (kept === undefined) throw new BridgeError('BRIDGE_BUSY')
  return kept
}
