/**
 * The embedded token: three throw-away certificates made at start, for the demo and for a first look without hardware.
 * It keeps a real token's manners: a PIN, a count of wrong ones, a lock.
 * @module
 */
import { createHash } from 'node:crypto'
import { algorithmsForKey, getAlgorithm } from '@trien/sdk/algorithms'
import { equalBytes } from '@trien/sdk/bytes'
import { TokenError, UserError } from '@trien/sdk/errors'
import type {
  PinState,
  TokenCertificate,
  TokenDescription,
  TokenSignRequest,
  TokenSource,
} from '../token/types.ts'
import { type Authority, createAuthority } from './authority.ts'
import { AUTHORITY_NAME, type DemoHolder, HOLDERS } from './demo-holders.ts'
import { type DemoKey, createDemoKey } from './demo-key.ts'

/** No secret: it is printed at start. */
export const DEMO_PIN = '123456'

const MAX_WRONG_PINS = 5

interface DemoEntry {
  readonly key: DemoKey
  readonly certificate: Omit<TokenCertificate, 'token'>
}

/** Makes the keys, the authority and the certificates; about half a second, most of it in other threads. */
export async function createDemoSource(): Promise<TokenSource> {
  const authority = await createAuthority(AUTHORITY_NAME)
  const entries = await Promise.all(HOLDERS.map((holder) => createEntry(authority, holder)))
  const pin = createPinCounter()
  return {
    name: 'embedded',
    async listCertificates(signal) {
      assertNotAborted(signal)
      const token = describe(pin.state())
      return entries.map(({ certificate }) => ({ ...certificate, token }))
    },
    async sign(request) {
      assertNotAborted(request.signal)
      const entry = entries.find(({ certificate }) =>
        equalBytes(certificate.id, request.certificateId),
      )
      if (entry === undefined) throw new TokenError('TOKEN_KEY_NOT_FOUND')
      pin.verify(request.pin)
      request.onLoggedIn?.()
      await signItems(entry, request)
    },
    close: () => Promise.resolve(),
  }
}

async function createEntry(authority: Authority, holder: DemoHolder): Promise<DemoEntry> {
  const key = await createDemoKey(holder.key)
  const certificate = await authority.issue(holder.subject, key.publicKey)
  return {
    key,
    certificate: {
      id: new Uint8Array(createHash('sha256').update(certificate).digest()),
      certificate,
      chain: [authority.certificate],
      algorithms: algorithmsForKey(holder.key),
    },
  }
}

async function signItems(
  { key, certificate }: DemoEntry,
  request: TokenSignRequest,
): Promise<void> {
  for (const [index, { algorithm, toBeSigned }] of request.items.entries()) {
    if (!certificate.algorithms.includes(algorithm)) {
      throw new TokenError('TOKEN_MECHANISM', { details: { algorithm } })
    }
    const signature = await key.sign(getAlgorithm(algorithm), toBeSigned)
    assertNotAborted(request.signal)
    request.onSigned(index, signature)
  }
}

function describe(pinState: PinState): TokenDescription {
  return {
    label: 'TRIEN DEMO TOKEN',
    manufacturer: 'Trien',
    serial: 'DEMO-0001',
    pinState,
    protectedAuthentication: false,
  }
}

/** Counts wrong PINs as CKF_USER_PIN_COUNT_LOW, _FINAL_TRY and _LOCKED tell of them; the right one forgives. */
function createPinCounter(): { state(): PinState; verify(pin: string | undefined): void } {
  let wrong = 0
  const state = (): PinState => {
    if (wrong >= MAX_WRONG_PINS) return 'locked'
    if (wrong === MAX_WRONG_PINS - 1) return 'final'
    return wrong > 0 ? 'low' : 'ok'
  }
  return {
    state,
    verify(pin) {
      if (state() === 'locked') throw new TokenError('TOKEN_PIN_LOCKED')
      if (pin === DEMO_PIN) {
        wrong = 0
        return
      }
      wrong += 1
      const remaining = state()
      if (remaining === 'locked') throw new TokenError('TOKEN_PIN_LOCKED')
      throw new TokenError('TOKEN_PIN_INCORRECT', { details: { remaining } })
    },
  }
}

function assertNotAborted(signal: AbortSignal): void {
  if (signal.aborted) throw new UserError('USER_CANCELLED', { cause: signal.reason })
}
