/**
 * `hello`: which protocol both ends speak. Tells nothing of the machine, the person or the tokens.
 * @module
 */
import { BridgeError } from '@trien/sdk/errors'
import { type hello, type Infer, PROTOCOL_VERSION } from '@trien/sdk/wire'
import { VERSION } from '../../version.ts'

/** @throws {BridgeError} BRIDGE_VERSION {supported} where the page speaks none of ours */
export async function handleHello(
  params: Infer<typeof hello.params>,
): Promise<Infer<typeof hello.result>> {
  if (!params.versions.includes(PROTOCOL_VERSION)) {
    throw new BridgeError('BRIDGE_VERSION', { details: { supported: PROTOCOL_VERSION } })
  }
  return { version: PROTOCOL_VERSION, bridge: VERSION }
}
