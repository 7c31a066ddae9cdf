/**
 * Who this installation is: one Ed25519 key (RFC 8032), made at the first need and kept with the person's state. It says
 * "this bridge wrote that" and nothing else; it signs no document.
 * @module
 */
import {
  type JsonWebKey,
  type KeyObject,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hkdfSync,
  randomUUID,
  sign,
  verify,
} from 'node:crypto'
import {
  closeSync,
  fsyncSync,
  linkSync,
  lstatSync,
  openSync,
  readFileSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import path from 'node:path'
import { StateFolderError, assertPrivate } from './state-folder.ts'

type Bytes = Uint8Array<ArrayBuffer>

const FILE = 'identity.key'
/** What stands before the 32 bytes of a private key of Ed25519 (RFC 8410 §7). */
const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex')

/** The key, in use. Every signature is over a context and the bytes, so that none serves another purpose. */
export interface Identity {
  /** @returns 64 bytes (RFC 8032 §5.1.6) */
  sign(context: string, bytes: Uint8Array): Uint8Array
  isSignedBy(context: string, bytes: Uint8Array, signature: Uint8Array): boolean
  /** The key by which one origin knows this installation: another for each, so that no two can compare. */
  forOrigin(origin: string): OriginIdentity
}

/** What one origin learns of who this installation is. */
export interface OriginIdentity {
  /** 32 bytes (RFC 8032 §5.1.5) */
  readonly publicKey: Bytes
  /** Answers the challenge of `hello`, whose wire form says over which bytes. @returns 64 bytes */
  answer(port: number, challenge: Uint8Array): Bytes
}

/**
 * Reads the key of a state folder.
 * @returns undefined where none was made yet
 * @throws {StateFolderError} where others may reach it, or it is no Ed25519 key
 */
export function findIdentity(stateFolder: string): Identity | undefined {
  const file = path.join(stateFolder, FILE)
  if (lstatSync(file, { throwIfNoEntry: false }) === undefined) return undefined
  assertPrivate(file, 'file')
  return identityOf(readKey(file))
}

/**
 * Reads the key of a state folder, or makes it.
 * @param stateFolder as `openStateFolder` gives it
 * @throws {StateFolderError} as `findIdentity`; what the file system throws
 */
export function openIdentity(stateFolder: string): Identity {
  const known = findIdentity(stateFolder)
  if (known !== undefined) return known
  makeKey(path.join(stateFolder, FILE))
  const made = findIdentity(stateFolder)
  if (made === undefined) throw new Error('the identity key was taken away as it was made')
  return made
}

function identityOf(key: KeyObject): Identity {
  const publicKey = createPublicKey(key)
  const inContext = (context: string, bytes: Uint8Array): Uint8Array =>
    Buffer.concat([Buffer.from(`${context}\0`, 'utf8'), bytes])
  return {
    sign: (context, bytes) => sign(null, inContext(context, bytes), key),
    isSignedBy: (context, bytes, signature) =>
      verify(null, inContext(context, bytes), publicKey, signature),
    forOrigin: (origin) => originIdentityOf(origin, key),
  }
}

/** The origin's key comes out of the installation's by HKDF (RFC 5869), so that there is nothing more to keep. */
function originIdentityOf(origin: string, installation: KeyObject): OriginIdentity {
  const secret = Buffer.from(jwkOf(installation).d ?? '', 'base64url')
  const seed = hkdfSync('sha256', secret, '', `trien origin 1\n${origin}`, 32)
  const key = createPrivateKey({
    key: Buffer.concat([PKCS8_ED25519, Buffer.from(seed)]),
    format: 'der',
    type: 'pkcs8',
  })
  return {
    publicKey: Uint8Array.from(Buffer.from(jwkOf(createPublicKey(key)).x ?? '', 'base64url')),
    answer(port, challenge) {
      const text = Buffer.from(`trien hello 1\n${origin}\n${port}\n`, 'utf8')
      return Uint8Array.from(sign(null, Buffer.concat([text, challenge]), key))
    },
  }
}

function jwkOf(key: KeyObject): JsonWebKey {
  return key.export({ format: 'jwk' })
}

function readKey(file: string): KeyObject {
  try {
    const key = createPrivateKey(readFileSync(file))
    if (key.asymmetricKeyType === 'ed25519') return key
  } catch (cause) {
    throw new StateFolderError(`${file} cannot be read as a key`, `mv ${file} ${file}.old`, {
      cause,
    })
  }
  throw new StateFolderError(`${file} is no Ed25519 key`, `mv ${file} ${file}.old`)
}

/**
 * A key appears whole or not at all, and never replaces one: `link` fails where another bridge was quicker, and then
 * that other key is the one.
 */
function makeKey(file: string): void {
  const { privateKey } = generateKeyPairSync('ed25519')
  const draft = `${file}.${randomUUID()}`
  const handle = openSync(draft, 'wx', 0o600)
  try {
    writeSync(handle, String(privateKey.export({ type: 'pkcs8', format: 'pem' })))
    fsyncSync(handle)
    linkSync(draft, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    closeSync(handle)
    unlinkSync(draft)
  }
}
