/**
 * The status of certificates.
 * @module
 */
import { encodeHex, equalBytes } from '@trien/sdk/bytes'
import { BridgeError } from '@trien/sdk/errors'
import type { Bytes } from '@trien/sdk/types'
import { TAG, getContent, parseDer } from '../der/reader.ts'
import { OCSP } from './fetch.ts'
import { type Means, addressesIn, fetchFirst, readParam } from './means.ts'
import { assertOcspAnswer, parseOcspRequest } from './ocsp-answer.ts'
import { listOcspAddresses } from './pointers.ts'
import type { Asker } from './traffic.ts'

/** Which certificate a page asks about; all DER. */
export interface AskedCertificate {
  readonly certificate: Uint8Array
  /** What leads from it to one at hand, its own issuer first. */
  readonly path?: readonly Uint8Array[]
  /** How old an answer may be that is given again, in seconds; default as old as it says that it is valid. */
  readonly maxAge?: number
}

/**
 * Asks for the status of one certificate.
 * @returns DER of an OCSPResponse and where it came from
 * @throws as `fetchFirst`; {BridgeError} BRIDGE_PROTOCOL {problem: `params.request`}, BRIDGE_RELAY_REFUSED
 */
export async function relayOcsp(
  { certificate, path = [], maxAge, request: body }: AskedCertificate & { request: Uint8Array },
  means: Means,
  asker: Asker,
): Promise<{ response: Bytes; url: string }> {
  const request = readParam('request', () => parseOcspRequest(body))
  const fields = await means.hand.prove(certificate, path)
  const serialNumber = getContent(parseDer(fields.serialNumber, TAG.integer), TAG.integer)
  if (!equalBytes(serialNumber, request.serialNumber)) {
    throw new BridgeError('BRIDGE_PROTOCOL', { details: { problem: 'params.request' } })
  }
  const addresses = addressesIn(() => listOcspAddresses(fields))
  const maxAgeMs = maxAge === undefined ? Infinity : maxAge * 1000
  const keyOf = (url: string): string => `ocsp ${url} ${encodeHex(body)}`
  for (const url of request.nonce === undefined ? addresses : []) {
    const kept = means.cache.find(keyOf(url), maxAgeMs)
    if (kept !== undefined) return { response: kept.bytes, url }
  }
  const read = (answer: Uint8Array, url: string): { response: Bytes; url: string } => {
    const validUntilMs = assertOcspAnswer(answer, request)
    const response = new Uint8Array(answer)
    if (request.nonce === undefined && validUntilMs !== undefined) {
      means.cache.keep(keyOf(url), response, validUntilMs)
    }
    return { response, url }
  }
  return fetchFirst(addresses, { errand: OCSP, body, read }, means, asker)
}
