/**
 * `sign`: bytes that say themselves what they sign, and are re-read before the person is asked.
 * @module
 */
import type { Infer, sign } from '@trien/sdk/wire'
import { assertAllClaims } from '../../claims.ts'
import type { Call } from '../call.ts'
import type { Desk } from '../desk.ts'
import { gatherItems } from '../gather-items.ts'
import { runSigning } from '../signing-run.ts'

/** @throws as `runSigning`; {BridgeError} BRIDGE_CLAIM_MISMATCH {claim} */
export async function handleSign(
  params: Infer<typeof sign.params>,
  desk: Desk,
  call: Call,
): Promise<Infer<typeof sign.result>> {
  const { certificate, language } = params
  const { items, release } = await gatherItems(params, desk, call)
  const run = {
    certificateId: certificate,
    language,
    isBlind: false,
    items: items.map(({ id, algorithm, toBeSigned, document, alsoSigned = [], ...item }) => ({
      id,
      input: { algorithm, toBeSigned },
      documents: [document, ...alsoSigned],
      countersigned: item.countersigned?.certificate,
    })),
    assertItems: (certificateDer: Uint8Array) => assertAllClaims(items, certificateDer),
  }
  try {
    await runSigning(run, desk, call)
    return { signed: items.length }
  } finally {
    release()
  }
}
