/**
 * Looks for the bridge: one port after another, and at each step only what the browser's permission allows. By ws; by wss,
 * for which the person must have installed a certificate, only where the page is kept from ws.
 * @module
 */
import { BridgeError, type SigningError, UsageError, isSigningError } from '../errors.ts'
import { PERSON_TIMEOUT_MS } from '../wire/limits.ts'
import { type DialOutcome, type Door, dial } from './dial.ts'
import type { FailureTally } from './failure-tally.ts'
import type { IdentityMemory } from './identity.ts'
import type { LoopbackPermission, PermissionWatch } from './permission.ts'
import { type Session, greet } from './session.ts'
import type { WebSocketConstructor } from './transport.ts'

/** What a search needs to know. */
export interface Search {
  readonly ports: readonly number[]
  readonly webSocket: WebSocketConstructor
  readonly permission: PermissionWatch
  /** Whether the browser may ask the person now. */
  readonly mayPrompt: boolean
  readonly signal: AbortSignal
  /** Of this page's sockets so far; added to. */
  readonly tally: FailureTally
  /** The bridge that this page knows; a different one is passed over. */
  readonly memory: IdentityMemory
  /** Called with true when the browser seems to be asking the person, with false when that is over. */
  readonly onAsking: (isAsking: boolean) => void
}

/** How long a port that answers may take to say who it is. */
const GREETING_MS = 5_000

/**
 * Finds and greets the first bridge. Ports that are closed, silent, refuse (another person's bridge), talk nonsense or
 * have another bridge than the known one are passed over.
 * @throws {UsageError} USAGE_INSECURE_CONTEXT, USAGE_NOT_LOADED
 * @throws {BridgeError} BRIDGE_BLOCKED {reason}, BRIDGE_PERMISSION_NEEDED, BRIDGE_NOT_RUNNING, BRIDGE_VERSION,
 *   BRIDGE_IDENTITY_CHANGED {reason}, BRIDGE_PROTOCOL, BRIDGE_CLOSED (the signal aborted)
 */
export async function findBridge(search: Search): Promise<Session> {
  if (globalThis.isSecureContext === false) throw new UsageError('USAGE_INSECURE_CONTEXT')
  const plain = await tryPorts(search, false)
  if (!Array.isArray(plain)) return plain
  // A policy that names some of the ports blocks nothing that was not looked for elsewhere.
  if (!plain.every(isBlocked)) throw findAnswer(plain) ?? new BridgeError('BRIDGE_NOT_RUNNING')
  const secure = await tryPorts(search, true)
  if (!Array.isArray(secure)) return secure
  // Nobody there, or a certificate that is not believed: few browsers tell a page which.
  throw (
    findAnswer(secure) ??
    secure.find(({ details }) => details['reason'] === 'certificate') ??
    (secure.every(isBlocked) ? secure[0] : blocked('tls'))
  )
}

function isBlocked({ code }: SigningError): boolean {
  return code === 'BRIDGE_BLOCKED'
}

/** What whoever answered had to say. */
function findAnswer(problems: readonly SigningError[]): SigningError | undefined {
  return (
    problems.find(({ code }) => code === 'BRIDGE_IDENTITY_CHANGED') ??
    problems.find(({ code }) => !/NOT_RUNNING|CLOSED|TIMEOUT|BLOCKED/.test(code))
  )
}

/** @returns the first session, or what stood in the way at each port */
async function tryPorts(search: Search, isSecure: boolean): Promise<Session | SigningError[]> {
  const problems: SigningError[] = []
  for (const port of search.ports) {
    const found = await tryDoor(search, { port, isSecure })
    if (!isSigningError(found)) return found
    problems.push(found)
    assertOpen(search)
    // A browser that opens only wss does so at every port.
    if (found.details['reason'] === 'tls') break
  }
  return problems
}

/** A problem that another port may not have is returned; one that stops the search is thrown. */
async function tryDoor(search: Search, door: Door): Promise<Session | SigningError> {
  const before = await readPermission(search)
  const startedMs = performance.now()
  const refusalMs = search.tally.refusalLimitMs()
  const outcome = await open(search, door, before)
  if (outcome.type === 'open') {
    search.tally.forgive()
    return greet(outcome.transport, {
      door,
      timeoutMs: GREETING_MS,
      memory: search.memory,
    }).catch((error: SigningError) => error)
  }
  if (outcome.type === 'barred') return blocked(outcome.reason)
  search.tally.add()
  if (before !== 'prompt') return new BridgeError('BRIDGE_NOT_RUNNING')

  const after = await readPermission(search)
  // The person allowed it, but the bridge had closed the socket that waited silently meanwhile.
  if (after !== 'prompt') return tryDoor(search, door)
  // The person closed the dialog without an answer. Another port would only make it come again.
  if (performance.now() - startedMs > refusalMs) throw new BridgeError('BRIDGE_PERMISSION_NEEDED')
  return new BridgeError('BRIDGE_NOT_RUNNING')
}

function assertOpen({ signal }: Search): void {
  if (signal.aborted) throw new BridgeError('BRIDGE_CLOSED')
}

async function readPermission(search: Search): Promise<LoopbackPermission> {
  const state = await search.permission.read()
  assertOpen(search)
  if (state === 'denied') throw blocked(search.permission.denialReason())
  if (state === 'prompt' && !search.mayPrompt) throw new BridgeError('BRIDGE_PERMISSION_NEEDED')
  return state
}

/**
 * Opens one socket. While the browser may be asking, it keeps the socket silent and the person has all the time that
 * a person is given; the answer ends the wait.
 */
async function open(
  { webSocket, signal, permission, tally, onAsking }: Search,
  door: Door,
  state: LoopbackPermission,
): Promise<DialOutcome> {
  const refusalMs = tally.refusalLimitMs()
  const dialing = dial(webSocket, door)
  dialing.limit(state === 'prompt' ? PERSON_TIMEOUT_MS : GREETING_MS + refusalMs)
  signal.addEventListener('abort', dialing.abort)
  const asking = state === 'prompt' ? setTimeout(() => onAsking(true), refusalMs) : undefined
  const stopListening = permission.listen((changed) => {
    if (changed !== 'granted') return
    clearTimeout(asking)
    onAsking(false)
    dialing.limit(GREETING_MS)
  })
  try {
    return await dialing.outcome
  } finally {
    clearTimeout(asking)
    stopListening()
    signal.removeEventListener('abort', dialing.abort)
  }
}

function blocked(reason: string): BridgeError {
  return new BridgeError('BRIDGE_BLOCKED', { details: { reason } })
}
