/**
 * `hello`: which protocol both ends speak, and who this bridge is. Tells nothing of the machine, the person or the tokens.
 * @module
 */
import { BridgeError } from '@trien/sdk/errors'
import { type hello, type Infer, PROTOCOL_VERSION } from '@trien/sdk/wire'
import { VERSION } from '../../version.ts'
import type { Call } from '../call.ts'
import type { Desk } from '../desk.ts'

type Result = Infer<typeof hello.result>

const CHALLENGE_BYTES = 32

/**
 * @throws {BridgeError} BRIDGE_VERSION {supported} where the page speaks none of ours; BRIDGE_PROTOCOL where its
 *   challenge is too short to be one
 */
export async function handleHello(
  { versions, challenge }: Infer<typeof hello.params>,
  desk: Desk,
  call: Call,
): Promise<Result> {
  if (!versions.includes(PROTOCOL_VERSION)) {
    throw new BridgeError('BRIDGE_VERSION', { details: { supported: PROTOCOL_VERSION } })
  }
  const greeting = { version: PROTOCOL_VERSION, bridge: VERSION }
  if (challenge === undefined) return greeting
  if (challenge.length !== CHALLENGE_BYTES) {
    throw new BridgeError('BRIDGE_PROTOCOL', { details: { problem: 'params.challenge' } })
  }
  return { ...greeting, ...proveIdentity(challenge, desk, call) }
}

function proveIdentity(
  challenge: Uint8Array,
  desk: Desk,
  { origin, port }: Call,
): Pick<Result, 'identity'> {
  const known = desk.identity?.()?.forOrigin(origin)
  if (known === undefined) return {}
  const { publicKey } = known
  return { identity: { publicKey, signature: known.answer(port, challenge) } }
}
