/**
 * Whether the bridge that answers is the one this page knows: its key is remembered at the first use (in the page's own
 * storage, so for each origin), and must sign a fresh challenge at each connection.
 *
 * ```
 *            no key    key, proven   key, not provable here   key, wrongly signed
 * unknown    unproven  first-use     unproven                 changed {signature}
 * known      changed   verified      unproven                 changed {signature}
 *            {missing} (another key: changed {key})
 * ```
 * @module
 */
import { encodeBase64url, encodeUtf8, concatBytes } from '../bytes.ts'
import { BridgeError } from '../errors.ts'
import type { Bytes } from '../types.ts'

/**
 * What a page knows of the bridge that it is connected to.
 * - `verified`: the one that it knew
 * - `first-use`: one that proved its key; nothing was there to compare it with
 * - `unproven`: one without a key (an older one, the demo), or a browser that cannot check (no Ed25519)
 */
export type IdentityState = 'verified' | 'first-use' | 'unproven'

/** Where the key is remembered; `localStorage` and `sessionStorage` fit. */
export interface IdentityStore {
  getItem(name: string): string | null
  setItem(name: string, value: string): void
  removeItem(name: string): void
}

/** What a connection remembers of bridges. */
export interface IdentityMemory {
  /** Undefined: `localStorage`, where the page has one. */
  readonly store: IdentityStore | undefined
  /** The key last refused, base64url, empty for none; what `trustRefused` would trust. */
  refused: string | undefined
}

/** How a bridge introduced itself. */
export interface Introduction {
  readonly challenge: Bytes
  /** Which this page dialled. */
  readonly port: number
  readonly identity?: { readonly publicKey: Bytes; readonly signature: Bytes }
}

type Reason = 'key' | 'missing' | 'signature'

const NAME = 'trien.bridge'

/**
 * Compares a bridge with the one that is known, and remembers it where none is.
 * @throws {BridgeError} BRIDGE_IDENTITY_CHANGED {reason: `key` | `missing` | `signature`}
 */
export async function checkIdentity(
  memory: IdentityMemory,
  { challenge, port, identity }: Introduction,
): Promise<IdentityState> {
  const store = memory.store ?? findPageStore()
  const isProven = identity && (await isSigned(challenge, port, identity))
  if (isProven === false) throw changed('signature')
  const seen = identity ? encodeBase64url(identity.publicKey) : ''
  const known = store?.getItem(NAME) ?? undefined
  if (known !== undefined && known !== seen) {
    memory.refused = seen
    throw changed(identity ? 'key' : 'missing')
  }
  memory.refused = undefined
  if (isProven === undefined) return 'unproven'
  if (known !== undefined) return 'verified'
  remember(store, seen)
  return 'first-use'
}

/** Takes the bridge that was last refused for the known one; one without a key is known by nothing. */
export function trustRefused({ store = findPageStore(), refused }: IdentityMemory): void {
  if (refused === '') store?.removeItem(NAME)
  else if (refused !== undefined) remember(store, refused)
}

/** Undefined where this browser cannot tell, or this is no page. */
async function isSigned(
  challenge: Bytes,
  port: number,
  { publicKey, signature }: NonNullable<Introduction['identity']>,
): Promise<boolean | undefined> {
  if (globalThis.origin === undefined) return undefined
  const signed = concatBytes(
    encodeUtf8(`trien hello 1\n${globalThis.origin}\n${port}\n`),
    challenge,
  )
  try {
    const { subtle } = globalThis.crypto
    const key = await subtle.importKey('raw', publicKey, 'Ed25519', false, ['verify'])
    return await subtle.verify('Ed25519', key, signature, signed)
  } catch (error) {
    // Any other error means that these bytes are no key.
    return (error as Error).name === 'NotSupportedError' ? undefined : false
  }
}

/** Workers and Node have none, and a browser may forbid it. */
function findPageStore(): IdentityStore | undefined {
  try {
    return globalThis.document && globalThis.localStorage
  } catch {
    return undefined
  }
}

/** A full storage is no reason not to sign. */
function remember(store: IdentityStore | undefined, publicKeyBase64url: string): void {
  try {
    store?.setItem(NAME, publicKeyBase64url)
  } catch {
    // Then the next connection is a first use again.
  }
}

function changed(reason: Reason): BridgeError {
  return new BridgeError('BRIDGE_IDENTITY_CHANGED', { details: { reason } })
}
