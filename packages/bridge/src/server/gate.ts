/**
 * The gate: who may open a socket. Decided from facts alone: over a connection by its peer, before a byte of it is heard;
 * over a request before the upgrade, in the order Host, method, path, Origin, subprotocol, caps. The peer learns a status;
 * the reason's name goes to the log.
 * @module
 */
import { PATH, SUBPROTOCOL } from '@trien/sdk/wire'
import { type OriginRefusal, decideOrigin } from './origin.ts'
import type { PeerUid } from './peer-uid.ts'

/** Sockets that one origin may hold at once: the many tabs of somebody who works in one portal all day. */
export const MAX_CONNECTIONS_PER_ORIGIN = 16
/** Upgrades that one origin may ask for in a minute. */
export const MAX_CONNECTS_PER_MINUTE = 60

/** To whom a request was addressed, and what it says. */
export interface RequestFacts {
  /** Headers unjoined: name, value, name, value. */
  readonly rawHeaders: readonly string[]
  /** The port that the bridge listens on. */
  readonly port: number
}

/** The request as it came. */
export interface UpgradeFacts extends RequestFacts {
  readonly method: string
  readonly target: string
}

/** What the bridge counted of one origin, this request not included. */
export interface OriginLoad {
  readonly open: number
  readonly connectsInLastMinute: number
}

/** Why a request was refused, as the log names it. */
export type Refusal =
  | 'peer-other-user'
  | 'peer-unlisted'
  | 'host-missing'
  | 'host-duplicate'
  | 'host-wrong'
  | 'method-wrong'
  | 'path-wrong'
  | OriginRefusal
  | 'subprotocol-wrong'
  | 'origin-connections'
  | 'origin-rate'

export type GateDecision =
  | { readonly admitted: true; readonly origin: string }
  | { readonly admitted: false; readonly status: number; readonly reason: Refusal }

/** Decides over one upgrade request. */
export function decideUpgrade(
  facts: UpgradeFacts,
  loadOf: (origin: string) => OriginLoad,
): GateDecision {
  const host = decideHost(facts)
  if (host !== undefined) return refuse(403, host)
  if (facts.method !== 'GET') return refuse(405, 'method-wrong')
  if (facts.target !== PATH) return refuse(404, 'path-wrong')
  const decided = decideOrigin(findHeaders(facts.rawHeaders, 'origin'))
  if ('refusal' in decided) return refuse(403, decided.refusal)
  if (!offersSubprotocol(facts.rawHeaders)) return refuse(400, 'subprotocol-wrong')
  const load = loadOf(decided.origin)
  if (load.open >= MAX_CONNECTIONS_PER_ORIGIN) return refuse(429, 'origin-connections')
  if (load.connectsInLastMinute >= MAX_CONNECTS_PER_MINUTE) return refuse(429, 'origin-rate')
  return { admitted: true, origin: decided.origin }
}

/**
 * Loopback is open to everybody on the machine, and only the bridge's own person may be asked by it. Nobody is above
 * that: root's programs are refused by a person's bridge, and a person's by root's. Where the system does not tell
 * (`unknown`), everybody is let on; where it should and does not, nobody.
 * @param peerUid whose program is at the other end
 * @param ownUid whose program the bridge is; undefined on systems without such numbers
 * @returns why a connection is refused, or undefined
 */
export function decidePeer(peerUid: PeerUid, ownUid: number | undefined): Refusal | undefined {
  if (peerUid === 'unknown') return undefined
  if (peerUid === 'unlisted') return 'peer-unlisted'
  return peerUid === ownUid ? undefined : 'peer-other-user'
}

/**
 * Checks the Host header against the only names we answer to. A page of another name that resolves to this machine
 * (DNS rebinding) sends its own name here.
 * @returns why it is refused, or undefined
 */
export function decideHost({ rawHeaders, port }: RequestFacts): Refusal | undefined {
  const [host, ...others] = findHeaders(rawHeaders, 'host')
  if (host === undefined) return 'host-missing'
  if (others.length > 0) return 'host-duplicate'
  const own = [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`]
  return own.includes(host) ? undefined : 'host-wrong'
}

/** All values of one header; Node joins or drops repeated ones in `headers`, so the raw list is read. */
export function findHeaders(rawHeaders: readonly string[], name: string): string[] {
  const values: string[] = []
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    if (rawHeaders[index]?.toLowerCase() === name) values.push(rawHeaders[index + 1] ?? '')
  }
  return values
}

function offersSubprotocol(rawHeaders: readonly string[]): boolean {
  const offered = findHeaders(rawHeaders, 'sec-websocket-protocol').join(',')
  return offered.split(',').some((name) => name.trim() === SUBPROTOCOL)
}

function refuse(status: number, reason: Refusal): GateDecision {
  return { admitted: false, status, reason }
}
