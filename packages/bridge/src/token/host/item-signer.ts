/**
 * C_SignInit and C_Sign for item after item of one run; what does not differ between them is settled once.
 * @module
 */
import pkcs11js from 'pkcs11js'
import { getAlgorithm } from '@trien/sdk/algorithms'
import { TokenError } from '@trien/sdk/errors'
import type { AlgorithmName, Bytes } from '@trien/sdk/types'
import { isMechanismRefused } from '../ckr.ts'
import { type MechanismChoice, canSign, chooseMechanisms, encodeSignInput } from '../mechanisms.ts'
import { normalizeEcdsa } from '../signature-value.ts'
import type { TokenSignItem } from '../types.ts'
import { type Handle, type Module, findCkr } from './module.ts'

/** With which key, and how. */
export interface ItemSignerOptions {
  readonly module: Module
  readonly session: Handle
  readonly key: Handle
  /** Mechanisms of the token that sign. */
  readonly mechanisms: ReadonlySet<number>
  /** Called between C_SignInit and C_Sign. */
  readonly logInAgain: () => void
}

/** Room for the signature of an RSA key of 16,384 bits. */
const MAX_SIGNATURE_BYTES = 2048

interface Way {
  readonly choice: MechanismChoice
  readonly mechanism: pkcs11js.Mechanism
}

/**
 * Makes it.
 * @returns what signs one item; it throws {TokenError} TOKEN_MECHANISM, TOKEN_SIGNATURE_INVALID, or what the driver said
 */
export function createItemSigner(options: ItemSignerOptions): (item: TokenSignItem) => Bytes {
  const { module, session, key, mechanisms, logInAgain } = options
  const waysByAlgorithm = new Map<AlgorithmName, Way[]>()
  const output = Buffer.alloc(MAX_SIGNATURE_BYTES)

  function getWays(algorithm: AlgorithmName): Way[] {
    const known = waysByAlgorithm.get(algorithm)
    if (known !== undefined) return known
    const ways = chooseMechanisms(algorithm, mechanisms).map((choice) => ({
      choice,
      mechanism: encodeMechanism(choice),
    }))
    waysByAlgorithm.set(algorithm, ways)
    return ways
  }

  /** What the driver refuses although it offers it, it is not asked for again. */
  function begin(item: TokenSignItem): MechanismChoice {
    const ways = getWays(item.algorithm)
    for (const way of ways.filter(({ choice }) => canSign(choice, item))) {
      try {
        module.C_SignInit(session, way.mechanism, key)
        return way.choice
      } catch (error) {
        const ckr = findCkr(error)
        if (ckr === undefined || !isMechanismRefused(ckr)) throw error
        ways.splice(ways.indexOf(way), 1)
      }
    }
    throw new TokenError('TOKEN_MECHANISM', { details: { algorithm: item.algorithm } })
  }

  return (item) => {
    const choice = begin(item)
    logInAgain()
    const { buffer, byteOffset, byteLength } = encodeSignInput(choice, item)
    const value = module.C_Sign(session, Buffer.from(buffer, byteOffset, byteLength), output)
    return copyValue(item.algorithm, value)
  }
}

function encodeMechanism({ type, pss }: MechanismChoice): pkcs11js.Mechanism {
  return pss === undefined
    ? { mechanism: type }
    : { mechanism: type, parameter: { type: pkcs11js.CK_PARAMS_RSA_PSS, ...pss } }
}

function copyValue(algorithm: AlgorithmName, value: Uint8Array): Bytes {
  const { curve } = getAlgorithm(algorithm)
  const normal = curve === undefined ? new Uint8Array(value) : normalizeEcdsa(value, curve)
  if (normal === undefined) throw new TokenError('TOKEN_SIGNATURE_INVALID')
  return normal
}
