/**
 * From an algorithm and what the token offers to a PKCS#11 mechanism and the bytes it must be given.
 *
 * A token that hashes itself is preferred, as its driver knows best what its chip wants; else the bridge hashes. The
 * bridge never truncates, and never lets a token hash twice.
 * @module
 */
import { hash } from 'node:crypto'
import type { AlgorithmName, DigestName } from '@trien/sdk/types'
import { type Algorithm, getAlgorithm } from '@trien/sdk/algorithms'
import { concatBytes, parseHex } from '@trien/sdk/bytes'
import type { TokenSignItem } from './types.ts'

/** One way of having an algorithm's signature made. */
export interface MechanismChoice {
  /** CKM_*. */
  readonly type: number
  /** CK_RSA_PKCS_PSS_PARAMS; they must be those that the signature's AlgorithmIdentifier will name. */
  readonly pss?: { readonly hashAlg: number; readonly mgf: number; readonly saltLen: number }
  /** What C_Sign is to be given. */
  readonly input: 'message' | 'digest' | 'digest-info'
}

/** PKCS#11 2.40 numbers, by hash: CKM_SHAxxx_RSA_PKCS, _PSS, CKM_ECDSA_SHAxxx, CKM_SHAxxx, CKG_MGF1_SHAxxx. */
const NUMBERS: Readonly<
  Record<DigestName, { pkcs1: number; pss: number; ecdsa: number; hash: number; mgf: number }>
> = {
  'SHA-256': { pkcs1: 0x40, pss: 0x43, ecdsa: 0x1044, hash: 0x250, mgf: 2 },
  'SHA-384': { pkcs1: 0x41, pss: 0x44, ecdsa: 0x1045, hash: 0x260, mgf: 3 },
  'SHA-512': { pkcs1: 0x42, pss: 0x45, ecdsa: 0x1046, hash: 0x270, mgf: 4 },
}
const CKM_RSA_PKCS = 0x1
const CKM_RSA_PKCS_PSS = 0xd
const CKM_ECDSA = 0x1041

/** DigestInfo up to the digest itself (RFC 8017 §9.2 note 1). */
const DIGEST_INFO: Readonly<Record<DigestName, string>> = {
  'SHA-256': '3031300d060960864801650304020105000420',
  'SHA-384': '3041300d060960864801650304020205000430',
  'SHA-512': '3051300d060960864801650304020305000440',
}

/**
 * Lists the ways that a token offers for an algorithm, the preferred first; empty where there is none.
 * @param offered what C_GetMechanismList said, of those that sign
 */
export function chooseMechanisms(
  name: AlgorithmName,
  offered: ReadonlySet<number>,
): readonly MechanismChoice[] {
  return possibleMechanisms(getAlgorithm(name)).filter(({ type }) => offered.has(type))
}

function possibleMechanisms({ family, digest, digestBytes }: Algorithm): MechanismChoice[] {
  const numbers = NUMBERS[digest]
  if (family === 'ECDSA') {
    return [
      { type: numbers.ecdsa, input: 'message' },
      { type: CKM_ECDSA, input: 'digest' },
    ]
  }
  if (family === 'RSA-PSS') {
    const pss = { hashAlg: numbers.hash, mgf: numbers.mgf, saltLen: digestBytes }
    return [
      { type: numbers.pss, pss, input: 'message' },
      { type: CKM_RSA_PKCS_PSS, pss, input: 'digest' },
    ]
  }
  return [
    { type: numbers.pkcs1, input: 'message' },
    { type: CKM_RSA_PKCS, input: 'digest-info' },
  ]
}

/** Tells whether a way can sign this: a token that hashes by itself would hash a digest again. */
export function canSign({ input }: MechanismChoice, item: TokenSignItem): boolean {
  return 'toBeSigned' in item || input !== 'message'
}

/** Makes what C_Sign is to be given. */
export function encodeSignInput({ input }: MechanismChoice, item: TokenSignItem): Uint8Array {
  if (input === 'message' && 'toBeSigned' in item) return item.toBeSigned
  const { digest: digestName } = getAlgorithm(item.algorithm)
  const digest = 'digest' in item ? item.digest : hashBytes(digestName, item.toBeSigned)
  if (input !== 'digest-info') return digest
  return concatBytes(parseHex(DIGEST_INFO[digestName]) ?? new Uint8Array(), digest)
}

function hashBytes(name: DigestName, bytes: Uint8Array): Uint8Array {
  return hash(name.replace('-', ''), bytes, 'buffer')
}
