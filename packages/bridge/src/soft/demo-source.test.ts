import { X509Certificate, constants, verify } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { getAlgorithm } from '@trien/sdk/algorithms'
import type { TokenCertificate, TokenSource } from '../token/types.ts'
import { DEMO_PIN, createDemoSource } from './demo-source.ts'

const { signal } = new AbortController()
const toBeSigned = new TextEncoder().encode('đơn đề nghị')
let source: TokenSource
let certificates: readonly TokenCertificate[]

beforeAll(async () => {
  source = await createDemoSource()
  certificates = await source.listCertificates(signal)
})

async function sign(certificate: TokenCertificate, pin: string): Promise<Uint8Array[]> {
  const signatures: Uint8Array[] = []
  await source.sign({
    certificateId: certificate.id,
    pin,
    items: certificate.algorithms.map((algorithm) => ({ algorithm, toBeSigned })),
    onSigned: (_, made) => signatures.push(...made),
    signal,
  })
  return signatures
}

describe('the demo token', () => {
  test('holds three certificates that say DEMO and chain to their authority', () => {
    expect(certificates).toHaveLength(3)
    for (const { certificate, chain } of certificates) {
      const leaf = new X509Certificate(certificate)
      const authority = new X509Certificate(chain[0]!)
      expect(leaf.subject).toContain('DEMO')
      expect(authority.subject).toContain('KHÔNG CÓ GIÁ TRỊ PHÁP LÝ')
      expect(leaf.ca).toBe(false)
      expect(authority.ca).toBe(true)
      expect(leaf.checkIssued(authority)).toBe(true)
      expect(leaf.verify(authority.publicKey)).toBe(true)
      // One attribute an RDN: node joins the values of one RDN with a plus sign.
      expect(leaf.subject).not.toContain(' + ')
    }
  })

  test('signs by every algorithm that it lists', async () => {
    for (const certificate of certificates) {
      const key = new X509Certificate(certificate.certificate).publicKey
      const signatures = await sign(certificate, DEMO_PIN)
      for (const [index, name] of certificate.algorithms.entries()) {
        const { digest, family } = getAlgorithm(name)
        const padding =
          family === 'RSA-PSS'
            ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: -1 }
            : { dsaEncoding: 'ieee-p1363' as const }
        expect(verify(digest, toBeSigned, { key, ...padding }, signatures[index]!), name).toBe(true)
      }
    }
  })

  test('refuses an algorithm that is not the key’s', async () => {
    const [official] = certificates
    await expect(
      source.sign({
        certificateId: official!.id,
        pin: DEMO_PIN,
        items: [{ algorithm: 'ES256', toBeSigned }],
        onSigned: () => undefined,
        signal,
      }),
    ).rejects.toMatchObject({ code: 'TOKEN_MECHANISM' })
  })

  test('a run that was cancelled ends in USER_CANCELLED', async () => {
    const aborted = AbortSignal.abort()
    await expect(source.listCertificates(aborted)).rejects.toMatchObject({ code: 'USER_CANCELLED' })
  })

  test('counts wrong PINs, forgives at the right one, locks at the fifth', async () => {
    const own = await createDemoSource()
    const [certificate] = await own.listCertificates(signal)
    const tryPin = (pin: string) =>
      own.sign({
        certificateId: certificate!.id,
        pin,
        items: [{ algorithm: 'RS256', toBeSigned }],
        onSigned: () => undefined,
        signal,
      })
    const pinState = async () => (await own.listCertificates(signal))[0]!.token.pinState
    const low = { code: 'TOKEN_PIN_INCORRECT', details: { remaining: 'low' } }

    await expect(tryPin('000000')).rejects.toMatchObject(low)
    expect(await pinState()).toBe('low')
    await tryPin(DEMO_PIN)
    expect(await pinState()).toBe('ok')
    for (const pin of ['1', '2', '3']) await expect(tryPin(pin)).rejects.toMatchObject(low)
    await expect(tryPin('000000')).rejects.toMatchObject({ details: { remaining: 'final' } })
    expect(await pinState()).toBe('final')
    await expect(tryPin('000000')).rejects.toMatchObject({ code: 'TOKEN_PIN_LOCKED' })
    await expect(tryPin(DEMO_PIN)).rejects.toMatchObject({ code: 'TOKEN_PIN_LOCKED' })
    expect(await pinState()).toBe('locked')
  })
})
