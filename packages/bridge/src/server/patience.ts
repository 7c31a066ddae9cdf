/**
 * How long a peer is waited for.
 * @module
 */
import { HANDSHAKE_PATIENCE_MS } from '@trien/sdk/wire'

/** All in milliseconds. */
export interface Patience {
  /**
   * From the first octet of TCP to the end of the request that opens a socket, TLS included. Chromium stays silent that
   * long while the person answers its own permission prompt.
   */
  readonly handshakeMs: number
  /** Between two pings; a page that did not answer one when the next is due is gone. */
  readonly pingMs: number
  /** For the other end to close its side, once ours is closed. */
  readonly closeMs: number
}

export const PATIENCE: Patience = {
  handshakeMs: HANDSHAKE_PATIENCE_MS,
  pingMs: 30_000,
  closeMs: 500,
}
