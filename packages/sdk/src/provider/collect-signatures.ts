/**
 * Signatures come as notifications of their own, in any order, before the answer: here they become a list.
 * @module
 */
import { BridgeError } from '../errors.ts'
import type { Bytes, SignOptions } from '../types.ts'
import type { RequestOptions } from './connection.ts'

/**
 * Gathers the signatures of one run.
 * @param request sends it
 * @returns signature values in the order of the ids
 * @throws {BridgeError} BRIDGE_PROTOCOL {problem: signatures} where one is missing, unasked or there twice
 */
export async function collectSignatures(
  request: (heed: RequestOptions) => Promise<{ readonly signed: number }>,
  {
    ids,
    signal,
    onSigned,
    onValue,
    more,
  }: SignOptions & Pick<RequestOptions, 'more'> & { readonly ids: readonly string[] },
): Promise<readonly Bytes[]> {
  const places = new Map(ids.map((id, index) => [id, index]))
  const signatures = new Map<string, Bytes>()
  const { signed } = await request({
    more,
    signal,
    onSignature(id, signature) {
      const place = places.get(id)
      if (signatures.has(id) || place === undefined) throw protocolError()
      signatures.set(id, signature)
      onValue?.(place, signature)
      onSigned?.(signatures.size, ids.length)
    },
  })
  if (signed !== ids.length) throw protocolError()
  return ids.map((id) => {
    const signature = signatures.get(id)
    if (signature === undefined) throw protocolError()
    return signature
  })
}

function protocolError(): BridgeError {
  return new BridgeError('BRIDGE_PROTOCOL', { details: { problem: 'signatures' } })
}
