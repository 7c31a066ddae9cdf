/**
 * The four keys of a PIV card (NIST SP 800-73-4 part 1 §4.3, SP 800-78-4 §6.2).
 * @module
 */
import { execFileSync } from 'node:child_process'
import { type KeyObject, constants, createPrivateKey, privateDecrypt } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { IssuedKey, KeyKind, TestAuthority } from '../pki.ts'

/** When a key wants the PIN. */
export type PinPolicy = 'never' | 'once' | 'always'

/** A key and its certificate. */
export interface PivKey {
  readonly name: PivKeyName
  /** P2 of GENERAL AUTHENTICATE. */
  readonly reference: number
  /** P1 of GENERAL AUTHENTICATE. */
  readonly algorithm: number
  /** Where GET DATA finds the certificate. */
  readonly objectTag: string
  readonly pinPolicy: PinPolicy
  readonly issued: IssuedKey
  /** RSA: the bare operation on a padded block. EC: DER over a digest. */
  sign(challenge: Buffer): Buffer
}

export type PivKeyName = '9A' | '9C' | '9D' | '9E'

const SLOTS: readonly [PivKeyName, KeyKind, objectTag: string, PinPolicy][] = [
  ['9A', 'RSA-2048', '5fc105', 'once'],
  ['9C', 'RSA-2048', '5fc10a', 'always'],
  ['9D', 'P-384', '5fc10b', 'once'],
  ['9E', 'P-256', '5fc101', 'never'],
]
const ALGORITHMS: Partial<Record<KeyKind, number>> = {
  'RSA-2048': 0x07,
  'P-256': 0x11,
  'P-384': 0x14,
}

/** Makes fresh keys, their certificates issued by an authority. */
export function issuePivKeys(authority: TestAuthority): readonly PivKey[] {
  return SLOTS.map(([name, kind, objectTag, pinPolicy]) => {
    const issued = authority.issue(kind, `piv-${name}`)
    const key = createPrivateKey(readFileSync(issued.keyFile))
    const isRsa = key.asymmetricKeyType === 'rsa'
    return {
      name,
      reference: Number.parseInt(name, 16),
      algorithm: ALGORITHMS[kind] ?? 0,
      objectTag,
      pinPolicy,
      issued,
      sign: (challenge) => (isRsa ? signBlock(key, challenge) : signDigest(issued, challenge)),
    }
  })
}

function signBlock(key: KeyObject, block: Buffer): Buffer {
  return privateDecrypt({ key, padding: constants.RSA_NO_PADDING }, block)
}

/** Node's own ECDSA hashes what it is given; a card does not. */
function signDigest({ keyFile }: IssuedKey, digest: Buffer): Buffer {
  return execFileSync('openssl', ['pkeyutl', '-sign', '-inkey', keyFile], { input: digest })
}
