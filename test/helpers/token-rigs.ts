/**
 * All PKCS#11 modules that tests sign with, each as a rig.
 * @module
 */
import { OPENSC_MODULE, canUseVirtualCard, createPivCard } from './piv-card/index.ts'
import { canUseSoftokn, createSoftokn } from './nss-softokn.ts'
import { canUseOpencryptoki, createOpencryptoki } from './opencryptoki.ts'
import { canUseSoftHsm, createSoftHsm } from './softhsm.ts'
import type { TokenRig } from './token-rig.ts'
import { canUseTpm2, createTpm2 } from './tpm2-pkcs11.ts'

/** How to make a rig, and what its token is known to do. */
export interface RigKind {
  readonly name: string
  canUse(): boolean
  create(): Promise<TokenRig>
  /** What each wrong PIN in a row leaves, as far as the token says; where the last is not `locked` it never locks. */
  readonly wrongPins: readonly ('unknown' | 'low' | 'final' | 'locked')[]
  /** Its flags say that it is locked, so that nobody needs to be asked to find out. */
  readonly showsLock: boolean
}

export const RIG_KINDS: readonly RigKind[] = [
  {
    name: 'SoftHSM2',
    canUse: canUseSoftHsm,
    async create() {
      const { modulePath, pin, env, authority, addToken, close } = createSoftHsm()
      const { keys } = addToken('matrix', ['RSA-2048', 'RSA-3072', 'P-256', 'P-384'])
      return { modulePath, pin, env, inside: [], authority, keys, close: async () => close() }
    },
    wrongPins: ['low', 'low', 'low'],
    showsLock: true,
  },
  {
    name: 'OpenSC, PIV card',
    canUse: canUseVirtualCard,
    async create() {
      const { pin, authority, keys, close } = await createPivCard()
      const own = { modulePath: OPENSC_MODULE, env: {}, inside: [] }
      return { ...own, pin, authority, keys: keys.map(({ issued }) => issued), close }
    },
    wrongPins: ['unknown', 'final', 'locked'],
    showsLock: true,
  },
  {
    name: 'NSS softokn',
    canUse: canUseSoftokn,
    create: createSoftokn,
    wrongPins: ['unknown', 'unknown', 'unknown'],
    showsLock: false,
  },
  {
    name: 'tpm2-pkcs11 on swtpm',
    canUse: canUseTpm2,
    create: createTpm2,
    // The chip counts for all its keys, and its module says nothing of it.
    wrongPins: ['unknown', 'unknown', 'unknown', 'locked'],
    showsLock: false,
  },
  {
    name: 'opencryptoki',
    canUse: canUseOpencryptoki,
    create: createOpencryptoki,
    wrongPins: ['low', 'final', 'locked'],
    showsLock: true,
  },
]
