/**
 * `timestamp`, `ocsp`, `crl`, `crl.part`, `issuer`: for origins that the person let see certificates; nobody is asked.
 * @module
 */
import { BridgeError } from '@trien/sdk/errors'
import { MAX_CRL_PART_BYTES, crl, crlPart, issuer, ocsp, timestamp } from '@trien/sdk/wire'
import { type Call, type Method, defineMethod } from '../call.ts'
import type { Desk } from '../desk.ts'

/** @throws {BridgeError} BRIDGE_ORIGIN_DENIED in each; what the relay's deeds throw */
export function createRelayMethods({ consents, relay }: Desk): readonly Method[] {
  const admit = (call: Call): Call => {
    if (!consents.has(call.origin)) throw new BridgeError('BRIDGE_ORIGIN_DENIED')
    return call
  }
  return [
    defineMethod(timestamp, async (params, call) => ({
      response: await relay.timestamp(params, admit(call)),
    })),
    defineMethod(ocsp, async (params, call) => relay.ocsp(params, admit(call))),
    defineMethod(crl, async (params, call) => {
      const { bytes, sha256, url } = await relay.crl(params, admit(call))
      return { size: bytes.length, sha256, part: bytes.subarray(0, MAX_CRL_PART_BYTES), url }
    }),
    defineMethod(crlPart, async ({ sha256, offset }, call) => {
      admit(call)
      const { bytes } = relay.keptCrl(sha256)
      return { part: bytes.subarray(offset, offset + MAX_CRL_PART_BYTES) }
    }),
    defineMethod(issuer, async (params, call) => ({
      certificates: await relay.issuer(params, admit(call)),
    })),
  ]
}
