/**
 * `digest.sign`: bare digests, of which nothing can be re-read. A bridge that signs any digest signs anything, so that
 * this is off for every origin but those that the machine's administrator names.
 * @module
 */
import { getAlgorithm } from '@trien/sdk/algorithms'
import { BridgeError } from '@trien/sdk/errors'
import type { DigestItem, Infer, signDigests } from '@trien/sdk/wire'
import type { Call } from '../call.ts'
import type { Desk } from '../desk.ts'
import { type RunItem, runSigning } from '../signing-run.ts'

/**
 * @throws {BridgeError} BRIDGE_ORIGIN_DENIED {reason: digest}, BRIDGE_PROTOCOL {problem} where a digest is not of the
 *   algorithm's hash; and as `runSigning`
 */
export async function handleSignDigests(
  params: Infer<typeof signDigests.params>,
  desk: Desk,
  call: Call,
): Promise<Infer<typeof signDigests.result>> {
  if (!desk.digestOrigins.has(call.origin)) {
    throw new BridgeError('BRIDGE_ORIGIN_DENIED', { details: { reason: 'digest' } })
  }
  const { certificate, items, language } = params
  const run = {
    certificateId: certificate,
    language,
    isBlind: true,
    items: items.map(describe),
    // Nothing can be read in a digest; the person is told that much more.
    assertItems: () => ({ namesCertificate: true, said: [] }),
  }
  await runSigning(run, desk, call)
  return { signed: items.length }
}

function describe({ id, algorithm, digest, document }: DigestItem, index: number): RunItem {
  const { digest: hash, digestBytes } = getAlgorithm(algorithm)
  if (digest.length !== digestBytes) {
    const problem = `params.items[${index}].digest`
    throw new BridgeError('BRIDGE_PROTOCOL', { details: { problem } })
  }
  const shown = { ...document, digest: { algorithm: hash, value: digest } }
  return { id, input: { algorithm, digest }, documents: [shown] }
}
