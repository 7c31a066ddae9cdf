/**
 * Walks everything that may stand between a page and its bridge, one step after another, and says of each how it is.
 *
 * ```
 * page (secure?) → permission (browser, person, frame) → each port → bridge → identity
 * ```
 * @module
 */
import { type ErrorCode, type ErrorDetails, type SigningError, isSigningError } from '../errors.ts'
import { portOf } from './dial.ts'
import type { IdentityState } from './identity.ts'
import type { LoopbackPermission } from './permission.ts'
import { type Search, findBridge } from './search.ts'
import { SDK_VERSION, type Session } from './session.ts'

/**
 * One step. `describeError(step, language)` of error-texts.ts says what is the matter with one that has a code.
 * - `good`
 * - `bad`: this stands in the way
 * - `unknown`: nothing can be said; a port where nobody answers this page may be closed or another person's bridge, which
 *   no browser lets a page tell apart
 */
export interface DiagnosisStep {
  readonly step: 'page' | 'permission' | 'port' | 'bridge' | 'identity'
  readonly state: 'good' | 'bad' | 'unknown'
  /** Of the step `port`; that for wss where this page is kept from ws and was answered there. */
  readonly port?: number
  /** What the browser says of the permission. */
  readonly permission?: LoopbackPermission
  readonly identity?: IdentityState
  readonly code?: ErrorCode
  readonly details: ErrorDetails
}

/** What was found: plain data, nothing personal, safe to paste. */
export interface Diagnosis {
  /** ISO 8601, UTC. */
  readonly at: string
  readonly sdk: string
  /** The bridge's version as it says; absent where none was found. */
  readonly bridge?: string
  readonly steps: readonly DiagnosisStep[]
}

/** Looks at everything anew; a session that is open is left alone. Never throws for what it finds. */
export async function diagnose(search: Search, open: Session | undefined): Promise<Diagnosis> {
  const page: DiagnosisStep =
    globalThis.isSecureContext === false
      ? { step: 'page', state: 'bad', code: 'USAGE_INSECURE_CONTEXT', details: {} }
      : { step: 'page', state: 'good', details: {} }
  const permission = await checkPermission(search)
  const steps = [page, permission]
  const canDial = steps.every(({ state }) => state !== 'bad') && permission.code === undefined
  const found = canDial ? await checkPorts(search, open, steps) : undefined
  if (canDial) steps.push(judge(steps, found))
  if (found !== undefined) steps.push(checkIdentity(found))
  return {
    at: new Date().toISOString(),
    sdk: SDK_VERSION,
    ...(found && { bridge: found.bridgeVersion }),
    steps,
  }
}

async function checkPermission({ permission, mayPrompt }: Search): Promise<DiagnosisStep> {
  const state = await permission.read()
  const step = { step: 'permission', permission: state } as const
  if (state === 'denied') {
    const details = { reason: permission.denialReason() }
    return { ...step, state: 'bad', code: 'BRIDGE_BLOCKED', details }
  }
  if (state !== 'prompt') return { ...step, state: 'good', details: {} }
  // In a click the ports may be tried, and the browser asks.
  if (mayPrompt) return { ...step, state: 'unknown', details: {} }
  return { ...step, state: 'unknown', code: 'BRIDGE_PERMISSION_NEEDED', details: {} }
}

/** @returns the first bridge that may be used; a socket that was opened for this is closed again */
async function checkPorts(
  search: Search,
  open: Session | undefined,
  steps: DiagnosisStep[],
): Promise<Session | undefined> {
  let found: Session | undefined
  for (const port of search.ports) {
    const outcome = open?.door.port === port ? open : await tryPort(search, port)
    if (outcome instanceof Error) {
      steps.push({ step: 'port', port, ...blame(outcome) })
      // Whoever closed the browser's question does not want it again for each port.
      if (outcome.code === 'BRIDGE_PERMISSION_NEEDED') break
      continue
    }
    steps.push({ step: 'port', port: portOf(outcome.door), state: 'good', details: {} })
    found ??= outcome
    if (outcome !== open) outcome.connection.close()
  }
  return found
}

async function tryPort(search: Search, port: number): Promise<Session | SigningError> {
  try {
    return await findBridge({ ...search, ports: [port], onAsking() {} })
  } catch (error) {
    if (isSigningError(error)) return error
    throw error
  }
}

function blame({ code, details }: SigningError): Pick<DiagnosisStep, 'state' | 'code' | 'details'> {
  return { state: code === 'BRIDGE_NOT_RUNNING' ? 'unknown' : 'bad', code, details }
}

/** Whether there is a bridge to work with; if not, the gravest of what the ports had to say. */
function judge(steps: readonly DiagnosisStep[], found: Session | undefined): DiagnosisStep {
  if (found !== undefined) return { step: 'bridge', state: 'good', details: {} }
  const bad = steps.filter(({ state }) => state === 'bad')
  const gravest = bad.find(({ code }) => code === 'BRIDGE_IDENTITY_CHANGED') ?? bad[0]
  const { code = 'BRIDGE_NOT_RUNNING', details = {} } = gravest ?? {}
  return { step: 'bridge', state: 'bad', code, details }
}

function checkIdentity({ identity }: Session): DiagnosisStep {
  const state = identity === 'unproven' ? 'unknown' : 'good'
  return { step: 'identity', state, identity, details: {} }
}
