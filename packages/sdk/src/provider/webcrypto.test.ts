import { describe, expect, it } from 'vitest'
import { makeCertificate } from '../../../../test/helpers/certificate.ts'
import { ALGORITHM_NAMES, getAlgorithm, webCryptoParameters } from '../algorithms.ts'
import { encodeUtf8 } from '../bytes.ts'
import type { AlgorithmName, SigningRequest } from '../types.ts'
import { softwareSigner } from './webcrypto.ts'

const request = (algorithm: AlgorithmName): SigningRequest => ({
  kind: 'cms-signed-attributes',
  algorithm,
  toBeSigned: encodeUtf8('những byte cần ký'),
  documentDigest: new Uint8Array(getAlgorithm(algorithm).digestBytes),
  document: { name: 'đơn.pdf', mediaType: 'application/pdf', size: 1 },
})

describe('a software signer', () => {
  it.each(ALGORITHM_NAMES)(
    'has the one algorithm %s of its key and signs with it',
    async (name) => {
      const { publicKey, ...key } = await makeCertificate(name)
      const signer = softwareSigner(key)
      expect(signer.algorithms).toEqual([name])
      const [signature] = await signer.sign([request(name)])
      const verified = await crypto.subtle.verify(
        webCryptoParameters(getAlgorithm(name)),
        publicKey,
        signature as Uint8Array<ArrayBuffer>,
        request(name).toBeSigned as Uint8Array<ArrayBuffer>,
      )
      expect(verified).toBe(true)
    },
  )

  it('answers requests in their order and tells each', async () => {
    const signer = softwareSigner(await makeCertificate('RS256'))
    const told: number[][] = []
    const other = { ...request('RS256'), toBeSigned: encodeUtf8('khác') }
    const signatures = await signer.sign([request('RS256'), other], {
      onSigned: (done, total) => told.push([done, total]),
    })
    expect(told).toEqual([
      [1, 2],
      [2, 2],
    ])
    expect(signatures[1]).toEqual((await signer.sign([other]))[0])
    expect(signatures[1]).not.toEqual(signatures[0])
  })

  it('owns its certificates', async () => {
    const { certificate, privateKey } = await makeCertificate('ES256')
    const signer = softwareSigner({ privateKey, certificate, chain: [certificate] })
    certificate.fill(0)
    expect([signer.certificate[0], signer.chain[0]?.[0]]).toEqual([0x30, 0x30])
    expect(Object.isFrozen(signer)).toBe(true)
  })

  it('stops between requests when the signal aborts', async () => {
    const signer = softwareSigner(await makeCertificate('ES256'))
    const abort = new AbortController()
    const running = signer.sign([request('ES256'), request('ES256')], {
      signal: abort.signal,
      onSigned: () => abort.abort(),
    })
    await expect(running).rejects.toMatchObject({ code: 'USER_CANCELLED' })
  })

  it('refuses an algorithm that is not its own', async () => {
    const signer = softwareSigner(await makeCertificate('ES256'))
    await expect(signer.sign([request('ES384')])).rejects.toMatchObject({
      code: 'USAGE_UNSUPPORTED_ALGORITHM',
      details: { algorithm: 'ES384' },
    })
  })

  it('says so where the key is too short for the salt', async () => {
    const { certificate } = await makeCertificate('ES256')
    const { privateKey } = await crypto.subtle.generateKey(
      {
        name: 'RSA-PSS',
        hash: 'SHA-512',
        modulusLength: 1024,
        publicExponent: Uint8Array.of(1, 0, 1),
      },
      false,
      ['sign'],
    )
    const signer = softwareSigner({ privateKey, certificate })
    await expect(signer.sign([request('PS512')])).rejects.toMatchObject({ code: 'TOKEN_MECHANISM' })
  })

  it('refuses a public key, a key for something else, SHA-1, and PEM', async () => {
    const { certificate, privateKey, publicKey } = await makeCertificate('ES256')
    const sha1 = await crypto.subtle.generateKey(
      {
        name: 'RSASSA-PKCS1-v1_5',
        hash: 'SHA-1',
        modulusLength: 1024,
        publicExponent: Uint8Array.of(1, 0, 1),
      },
      false,
      ['sign'],
    )
    const agreement = (await crypto.subtle.generateKey(
      { name: 'ECDH', namedCurve: 'P-256' },
      false,
      ['deriveBits'],
    )) as CryptoKeyPair
    const make = (key: unknown, der: unknown = certificate) =>
      softwareSigner({ privateKey: key as CryptoKey, certificate: der as Uint8Array })
    const usage = (code: string, details: object) => expect.objectContaining({ code, details })
    const privateKeyArgument = usage(
      'USAGE_ARGUMENT',
      expect.objectContaining({ argument: 'privateKey' }),
    )
    expect(() => make(publicKey)).toThrowError(privateKeyArgument)
    expect(() => make(agreement.privateKey)).toThrowError(privateKeyArgument)
    expect(() => make(undefined)).toThrowError(privateKeyArgument)
    expect(() => make(sha1.privateKey)).toThrowError(
      usage('USAGE_UNSUPPORTED_ALGORITHM', { algorithm: 'RSASSA-PKCS1-v1_5 SHA-1' }),
    )
    expect(() => make(privateKey, '-----BEGIN CERTIFICATE-----')).toThrowError(
      usage('USAGE_ARGUMENT', expect.objectContaining({ argument: 'certificate' })),
    )
  })
})
