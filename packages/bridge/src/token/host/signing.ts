/**
 * One signing run on a token.
 * @module
 */
import { X509Certificate } from 'node:crypto'
import pkcs11js from 'pkcs11js'
import type { AlgorithmName, Bytes } from '@trien/sdk/types'
import { equalBytes } from '@trien/sdk/bytes'
import { TokenError } from '@trien/sdk/errors'
import { explainCkr } from '../ckr.ts'
import { getOnlyHolder } from '../identify.ts'
import type { TokenSignItem } from '../types.ts'
import { type LocatedCertificate, locateCertificates } from './certificates.ts'
import { createItemSigner } from './item-signer.ts'
import { type Handle, type Module, findCkr } from './module.ts'
import { findAttribute, findObjects } from './objects.ts'
import { TYPED_ON_READER, handOver, withLogin, withSession } from './session.ts'
import { lookAgain } from './slots.ts'

/** What is signed, and who hears of it. */
export interface SigningRun {
  readonly certificateId: Uint8Array
  readonly pin: string | undefined
  readonly items: readonly TokenSignItem[]
  readonly onLoggedIn: () => Promise<void>
  /** Told of each signature, in the order of the items. */
  readonly onSigned: (signature: Bytes) => Promise<void>
}

/**
 * Opens a session, logs in, signs each item, logs out, closes.
 * @throws {TokenError}
 */
export async function signOnToken(module: Module, run: SigningRun): Promise<void> {
  const located = await locateCertificates(module)
  const holder = getOnlyHolder(located, run.certificateId, ({ listed }) => listed)
  if (holder.listed.token.pinState === 'locked') throw new TokenError('TOKEN_PIN_LOCKED')
  for (const { algorithm } of run.items) assertOffered(holder, algorithm)
  const { slot, mechanisms } = holder.slot
  try {
    await withSession(module, slot, (session) =>
      withLogin(module, session, run.pin, async () => {
        await run.onLoggedIn()
        const key = getPrivateKey(module, session, holder)
        const logInAgain = findContextLogin(module, session, key, run.pin)
        const signItem = createItemSigner({ module, session, key, mechanisms, logInAgain })
        for (const item of run.items) await run.onSigned(signItem(item))
      }),
    )
  } catch (error) {
    const ckr = findCkr(error)
    if (ckr === undefined) throw error
    throw explainCkr(ckr, await lookAgain(module, slot, ckr))
  }
}

function assertOffered({ listed }: LocatedCertificate, algorithm: AlgorithmName): void {
  if (!listed.algorithms.includes(algorithm)) {
    throw new TokenError('TOKEN_MECHANISM', { details: { algorithm } })
  }
}

/** The private key that shares the certificate's CKA_ID; of several, the one with the certificate's modulus. */
function getPrivateKey(module: Module, session: Handle, holder: LocatedCertificate): Handle {
  const { publicKey } = new X509Certificate(holder.listed.certificate)
  const isRsa = publicKey.asymmetricKeyType === 'rsa'
  const keys = findObjects(module, session, [
    { type: pkcs11js.CKA_CLASS, value: pkcs11js.CKO_PRIVATE_KEY },
    { type: pkcs11js.CKA_KEY_TYPE, value: isRsa ? pkcs11js.CKK_RSA : pkcs11js.CKK_EC },
    { type: pkcs11js.CKA_ID, value: Buffer.from(holder.keyId) },
  ])
  const modulus = Buffer.from(publicKey.export({ format: 'jwk' }).n ?? '', 'base64url')
  const [key, another] =
    keys.length > 1 && isRsa
      ? keys.filter((candidate) => {
          const value = findAttribute(module, session, candidate, pkcs11js.CKA_MODULUS)
          return value !== undefined && equalBytes(stripZeros(value), modulus)
        })
      : keys
  if (key === undefined || another !== undefined) throw new TokenError('TOKEN_KEY_NOT_FOUND')
  return key
}

/**
 * Finds what a key that wants the PIN for each signature needs between C_SignInit and C_Sign (CKA_ALWAYS_AUTHENTICATE,
 * PKCS#11 2.40 §4.9: the signature key of PIV and of most national cards).
 */
function findContextLogin(
  module: Module,
  session: Handle,
  key: Handle,
  pin: string | undefined,
): () => void {
  const value = findAttribute(module, session, key, pkcs11js.CKA_ALWAYS_AUTHENTICATE)
  if (value?.some((octet) => octet !== 0) !== true) return () => undefined
  const typed = pin ?? TYPED_ON_READER
  return () => handOver(() => module.C_Login(session, pkcs11js.CKU_CONTEXT_SPECIFIC, typed))
}

function stripZeros(integer: Uint8Array): Uint8Array {
  return integer.subarray(
    Math.max(
      0,
      integer.findIndex((octet) => octet !== 0),
    ),
  )
}
