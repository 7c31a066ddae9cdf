/**
 * A page's socket without a browser: that of `ws`, with the Origin that a browser would send.
 * @module
 */
import { WebSocket } from 'ws'

export const PORTAL = 'https://portal.gov.test'

/** Makes the constructor for `connect({ webSocket })`. */
export function pageSocket(origin = PORTAL): new (url: string, protocol: string) => WebSocket {
  return class extends WebSocket {
    constructor(url: string, protocol: string) {
      super(url, protocol, { origin })
    }
  }
}
