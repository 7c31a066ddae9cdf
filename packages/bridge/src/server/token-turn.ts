/**
 * The turn of a token: in this bridge, and then among all programs of the person.
 * @module
 */
import type { TokenSource } from '../token/types.ts'
import type { Call } from './call.ts'
import type { Desk } from './desk.ts'

/** @throws {BridgeError} BRIDGE_BUSY where others have it for too long; what the task throws */
export function takeTokenTurn<T>(
  { tokens, pinTurn }: Desk,
  { source, call }: { readonly source: TokenSource; readonly call: Call },
  task: () => Promise<T>,
): Promise<T> {
  return tokens.turnsOf(source).take(call, () => pinTurn.take(source.name, call.signal, task))
}
