/**
 * What a page of a portal does, without a browser: the sdk over a socket that names the portal's origin, as a browser
 * would.
 * @module
 */
import { type Bridge, connect } from '@trien/sdk/bridge'
import { WebSocket } from 'ws'

export const PORTAL_ORIGIN = 'https://portal.gov.test'

/** A browser writes the Origin header; a page cannot. */
class PortalSocket extends WebSocket {
  constructor(url: string, protocol: string) {
    super(url, protocol, { origin: PORTAL_ORIGIN })
  }
}

/** Opens one tab; close it with `close()`. */
export function openPage(port: number): Bridge {
  return connect({ ports: [port], webSocket: PortalSocket, mayPrompt: true })
}
