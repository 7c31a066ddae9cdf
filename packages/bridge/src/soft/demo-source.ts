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
import { PIN_LENGTH, createDemoPin } from './demo-pin.ts'

export { DEMO_PIN, DEMO_PUK } from './demo-pin.ts'

interface DemoEntry {
  readonly key: DemoKey
  readonly certificate: Omit<TokenCertificate, 'token'>
}

/** Makes the keys, the authority and the certificates; about half a second, most of it in other threads. */
export async function createDemoSource(): Promise<TokenSource> {
  const authority = await createAuthority(AUTHORITY_NAME)
  const entries = await Promise.all(HOLDERS.map((holder) => createEntry(authority, holder)))
  const pin = createDemoPin()
  return {
    name: 'embedded',
    async listCertificates(signal) {
      assertNotAborted(signal)
      const token = { ...describe(pin.state()), pukState: pin.pukState() }
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
    async changePin({ secret, newPin, signal }) {
      assertNotAborted(signal)
      pin.change(secret, newPin)
    },
    async unblock({ secret, newPin, signal }) {
      assertNotAborted(signal)
      pin.unblock(secret, newPin)
    },
    close: () => Promise.resolve(),
  }
}

async function createEntry(authority: Authority, holder: DemoHolder): Promise<DemoEntry> {
  const key = await createDemoKey(holder.key)
  const certificate = await authority.issue(holder.subject, key.publicKey, holder.validDays)
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
  for (const [index, item] of request.items.entries()) {
    const { algorithm } = item
    // WebCrypto hashes by itself: what signs digests is a token, or nothing.
    if (!certificate.algorithms.includes(algorithm) || !('toBeSigned' in item)) {
      throw new TokenError('TOKEN_MECHANISM', { details: { algorithm } })
    }
    const signature = await key.sign(getAlgorithm(algorithm), item.toBeSigned)
    assertNotAborted(request.signal)
    request.onSigned(index, [signature])
  }
}

function describe(pinState: PinState): TokenDescription {
  return {
    label: 'TRIEN DEMO TOKEN',
    manufacturer: 'Trien',
    serial: 'DEMO-0001',
    pinState,
    protectedAuthentication: false,
    pinLength: PIN_LENGTH,
  }
}

function assertNotAborted(signal: AbortSignal): void {
  if (signal.aborted) throw new UserError('USER_CANCELLED', { cause: signal.reason })
}
