/**
 * Why the relay could not bring what a page asked for.
 * @module
 */
import { BridgeError } from '@trien/sdk/errors'

/**
 * - `certificate`: none of those at hand, nor issued by one of them
 * - `no-address`: neither the certificate nor the settings name a server
 * - `address`: not plain http or https, or it names a user or an unusual port
 * - `internal`: it leads into this machine or a network that is not public
 * - `redirect`: the server sends elsewhere
 */
export type RefusalReason = 'certificate' | 'no-address' | 'address' | 'internal' | 'redirect'

/** The relay does not do it. */
export function refused(reason: RefusalReason, host?: string): BridgeError {
  return new BridgeError('BRIDGE_RELAY_REFUSED', { details: { reason, ...named(host) } })
}

/** The server could not be spoken to. @param reason a word of Node's or ours, or `http-503` */
export function unreachable(host: string, reason: string, cause?: unknown): BridgeError {
  return new BridgeError('BRIDGE_RELAY_UNREACHABLE', { details: { host, reason }, cause })
}

/** The server answered with something else. @param what names the part that is wrong */
export function wrongAnswer(what: string, cause?: unknown): BridgeError {
  return new BridgeError('BRIDGE_RELAY_ANSWER', { details: { what }, cause })
}

function named(host: string | undefined): { readonly host?: string } {
  return host === undefined ? {} : { host }
}
