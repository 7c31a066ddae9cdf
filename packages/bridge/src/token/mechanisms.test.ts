import { constants, createHash, generateKeyPairSync, privateEncrypt, verify } from 'node:crypto'
import { expect, test } from 'vitest'
import { ALGORITHM_NAMES } from '@trien/sdk/algorithms'
import type { AlgorithmName } from '@trien/sdk/types'
import { canSign, chooseMechanisms, encodeSignInput } from './mechanisms.ts'

const message = new TextEncoder().encode('thuộc tính được ký')
const sha = (name: string) => createHash(name).update(message).digest()
const CKM = {
  RSA_PKCS: 0x1,
  RSA_PKCS_PSS: 0xd,
  SHA256_RSA_PKCS: 0x40,
  SHA384_RSA_PKCS_PSS: 0x44,
  ECDSA: 0x1041,
  ECDSA_SHA256: 0x1044,
}
const choose = (name: AlgorithmName, ...offered: number[]) =>
  chooseMechanisms(name, new Set(offered))

test('a token that hashes is given the message, and is preferred', () => {
  const [first, second] = choose('RS256', CKM.RSA_PKCS, CKM.SHA256_RSA_PKCS)
  expect(first).toEqual({ type: CKM.SHA256_RSA_PKCS, input: 'message' })
  expect(second).toEqual({ type: CKM.RSA_PKCS, input: 'digest-info' })
  expect(encodeSignInput(first!, { algorithm: 'RS256', toBeSigned: message })).toBe(message)
})

test('a mechanism with another hash is no way', () => {
  expect(choose('RS384', CKM.SHA256_RSA_PKCS)).toEqual([])
  expect(choose('ES384', CKM.ECDSA_SHA256)).toEqual([])
  for (const name of ALGORITHM_NAMES) expect(choose(name)).toEqual([])
})

test('PSS parameters are those that the AlgorithmIdentifier will name', () => {
  const pss = { hashAlg: 0x260, mgf: 3, saltLen: 48 }
  expect(choose('PS384', CKM.SHA384_RSA_PKCS_PSS, CKM.RSA_PKCS_PSS)).toEqual([
    { type: CKM.SHA384_RSA_PKCS_PSS, pss, input: 'message' },
    { type: CKM.RSA_PKCS_PSS, pss, input: 'digest' },
  ])
})

test('ECDSA and PSS by a token that does not hash are given the digest', () => {
  const [ecdsa] = choose('ES384', CKM.ECDSA)
  expect(encodeSignInput(ecdsa!, { algorithm: 'ES384', toBeSigned: message })).toEqual(
    sha('sha384'),
  )
  const [pss] = choose('PS512', CKM.RSA_PKCS_PSS)
  expect(encodeSignInput(pss!, { algorithm: 'PS512', toBeSigned: message })).toEqual(sha('sha512'))
})

test('a digest that is there already is never hashed again', () => {
  const item = { algorithm: 'RS256', digest: sha('sha256') } as const
  const [hashes, signs] = choose('RS256', CKM.RSA_PKCS, CKM.SHA256_RSA_PKCS)
  expect([hashes, signs].map((choice) => canSign(choice!, item))).toEqual([false, true])
  const fromMessage = encodeSignInput(signs!, { algorithm: 'RS256', toBeSigned: message })
  expect(encodeSignInput(signs!, item)).toEqual(fromMessage)
  const [pss] = choose('PS256', CKM.RSA_PKCS_PSS)
  expect(encodeSignInput(pss!, { ...item, algorithm: 'PS256' })).toEqual(item.digest)
})

test('RSA by a token that does not hash is given a DigestInfo that openssl knows', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const padding = constants.RSA_PKCS1_PADDING
  for (const name of ['RS256', 'RS384', 'RS512'] as const) {
    const [choice] = choose(name, CKM.RSA_PKCS)
    const value = privateEncrypt(
      { key: privateKey, padding },
      encodeSignInput(choice!, { algorithm: name, toBeSigned: message }),
    )
    expect(verify(`sha${name.slice(2)}`, message, publicKey, value), name).toBe(true)
  }
})
