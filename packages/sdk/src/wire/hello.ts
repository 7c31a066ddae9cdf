/**
 * `hello`: the first words on a socket.
 * @module
 */
import { type RequestType, shortText } from './message-types.ts'
import { bytes, integer, list, object, optional } from './shape.ts'

const version = integer(1, 1000)

const identity = object({ publicKey: bytes(32), signature: bytes(64) })

/** The first message on a socket. Tells nothing of the machine, the person or the tokens. */
export const hello = {
  method: 'hello',
  direction: 'page-to-bridge',
  asksPerson: false,
  params: object({
    versions: list(version, 1, 16),
    sdk: shortText,
    /** Random, fresh for each socket. @since 0.2 */
    challenge: optional(bytes(32)),
  }),
  result: object({
    version,
    bridge: shortText,
    /**
     * By which a page knows this bridge again: the key of the installation, and Ed25519 (RFC 8032) by it over the UTF-8
     * of `trien hello 1⏎ORIGIN⏎PORT⏎` (⏎ is one line feed) followed by the challenge. Origin and port are those that the
     * bridge sees, so that the answer serves no other page and no other port. Absent without a challenge, and where the
     * bridge keeps no key. @since 0.2
     */
    identity: optional(identity),
  }),
} as const satisfies RequestType<unknown, unknown>
