import { X509Certificate, constants, verify } from 'node:crypto'
import { copyFileSync, existsSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { getAlgorithm } from '@trien/sdk/algorithms'
import { encodeHex } from '@trien/sdk/bytes'
import type { AlgorithmName } from '@trien/sdk/types'
import { createTokens } from '../../packages/bridge/src/server/tokens.ts'
import type { TokenCertificate } from '../../packages/bridge/src/token/types.ts'
import { codeOf } from '../helpers/code-of.ts'
import {
  TO_BE_SIGNED,
  enterEnvironment,
  signBySource,
  useModuleSources,
} from '../helpers/module-source.ts'
import { type SoftHsm, canUseSoftHsm, createSoftHsm } from '../helpers/softhsm.ts'

const { signal } = new AbortController()
const pkcs11 = describe.runIf(canUseSoftHsm())
const open = useModuleSources()

function isGood(
  certificate: TokenCertificate,
  name: AlgorithmName,
  signature: Uint8Array,
): boolean {
  const { digest, digestBytes, family } = getAlgorithm(name)
  const key = new X509Certificate(certificate.certificate).publicKey
  const scheme =
    family === 'RSA-PSS'
      ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: digestBytes }
      : { dsaEncoding: 'ieee-p1363' as const }
  return verify(digest, TO_BE_SIGNED, { key, ...scheme }, signature)
}

pkcs11('a SoftHSM2 token', () => {
  let hsm: SoftHsm
  beforeAll(() => {
    hsm = createSoftHsm()
    hsm.addToken('mot')
    enterEnvironment(hsm.env)
  })
  afterAll(() => hsm?.close())
  const openToken = () => open({ modulePath: hsm.modulePath })

  test('lists the certificates that have a key, with chain and algorithms, and no PIN', async () => {
    const certificates = await openToken().listCertificates(signal)
    const RSA = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512']
    expect(certificates.map(({ algorithms }) => algorithms.join()).toSorted()).toEqual(
      ['ES256', 'ES384', RSA.join(), RSA.join()].toSorted(),
    )
    for (const { chain, token } of certificates) {
      expect(chain.map(encodeHex)).toEqual([encodeHex(hsm.authority.certificate)])
      expect(token).toMatchObject({ label: 'mot', manufacturer: 'SoftHSM project', pinState: 'ok' })
      expect(token.serial).toMatch(/^[0-9a-f]{16}$/)
    }
  })

  test('signs by every algorithm that it lists', async () => {
    const source = openToken()
    for (const certificate of await source.listCertificates(signal)) {
      const { algorithms } = certificate
      const signatures = await signBySource(source, certificate, { pin: hsm.pin, algorithms })
      expect(signatures).toHaveLength(algorithms.length)
      for (const [index, name] of algorithms.entries()) {
        expect(isGood(certificate, name, signatures[index]!), name).toBe(true)
      }
    }
  })

  test('a wrong PIN is TOKEN_PIN_INCORRECT, and the right one then works', async () => {
    const source = openToken()
    const [certificate] = await source.listCertificates(signal)
    await expect(signBySource(source, certificate!, { pin: '000000' })).rejects.toMatchObject({
      code: 'TOKEN_PIN_INCORRECT',
      details: { remaining: 'low' },
    })
    expect((await source.listCertificates(signal))[0]!.token.pinState).toBe('low')
    await expect(signBySource(source, certificate!, { pin: '' })).rejects.toMatchObject({
      code: 'TOKEN_PIN_INCORRECT',
    })
    expect(await signBySource(source, certificate!, { pin: hsm.pin })).toHaveLength(1)
    expect((await source.listCertificates(signal))[0]!.token.pinState).toBe('ok')
  })

  test('a login does not outlive its operation', async () => {
    const source = openToken()
    const [certificate] = await source.listCertificates(signal)
    await signBySource(source, certificate!, { pin: hsm.pin })
    const { pid } = source
    expect(await codeOf(signBySource(source, certificate!, { pin: '000000' }))).toBe(
      'TOKEN_PIN_INCORRECT',
    )
    expect(await codeOf(signBySource(source, certificate!, { pin: undefined }))).not.toBe('signed')
    expect(await codeOf(signBySource(source, certificate!, { pin: hsm.pin }))).toBe('signed')
    expect(source.pid).toBe(pid)
  })

  test('two operations at once take turns', async () => {
    const source = openToken()
    const certificates = await source.listCertificates(signal)
    const codes = await Promise.all(
      certificates.map((certificate) =>
        codeOf(signBySource(source, certificate, { pin: hsm.pin })),
      ),
    )
    expect(codes).toEqual(certificates.map(() => 'signed'))
  })

  test('an algorithm of another key, and a certificate that nobody has', async () => {
    const source = openToken()
    const [certificate] = await source.listCertificates(signal)
    const wrong: AlgorithmName = certificate!.algorithms[0] === 'ES256' ? 'RS256' : 'ES256'
    expect(
      await codeOf(signBySource(source, certificate!, { pin: hsm.pin, algorithms: [wrong] })),
    ).toBe('TOKEN_MECHANISM')
    const stranger = { ...certificate!, id: new Uint8Array(32) }
    expect(await codeOf(signBySource(source, stranger, { pin: hsm.pin }))).toBe(
      'TOKEN_KEY_NOT_FOUND',
    )
  })

  test('a path that holds no module says so', async () => {
    const wrong = [
      [path.join(hsm.folder, 'none.so'), 'missing'],
      [hsm.authority.certificateFile, 'not-a-library'],
    ] as const
    for (const [modulePath, problem] of wrong) {
      const failure: unknown = await open({ modulePath })
        .listCertificates(signal)
        .catch((error: unknown) => error)
      expect(failure).toMatchObject({
        code: 'TOKEN_DEVICE',
        details: { ckr: 'CKR_LIBRARY_LOAD_FAILED' },
        cause: { problem },
      })
    }
  })
})

pkcs11('a token that does not hash', () => {
  let hsm: SoftHsm
  beforeAll(() => {
    hsm = createSoftHsm(['CKM_RSA_PKCS', 'CKM_RSA_PKCS_PSS', 'CKM_ECDSA'])
    hsm.addToken('khong-bam')
    enterEnvironment(hsm.env)
  })
  afterAll(() => hsm?.close())

  test('signs what the bridge has hashed, by every algorithm', async () => {
    const source = open({ modulePath: hsm.modulePath })
    const names = new Set<AlgorithmName>()
    for (const certificate of await source.listCertificates(signal)) {
      const { algorithms } = certificate
      const signatures = await signBySource(source, certificate, { pin: hsm.pin, algorithms })
      for (const [index, name] of algorithms.entries()) {
        names.add(name)
        expect(isGood(certificate, name, signatures[index]!), name).toBe(true)
      }
    }
    expect(names.size).toBe(8)
  })
})

pkcs11('a token as PIV cards are: no public keys, the PIN for each signature', () => {
  let hsm: SoftHsm
  beforeAll(() => {
    hsm = createSoftHsm()
    hsm.addToken('the', [])
    hsm.addAlwaysAuthenticateKey('the', '9c', 'RSA-2048')
    hsm.addAlwaysAuthenticateKey('the', '9e', 'P-256')
    enterEnvironment(hsm.env)
  })
  afterAll(() => hsm?.close())

  test('the certificates are found, and one PIN signs several items', async () => {
    const source = open({ modulePath: hsm.modulePath })
    const certificates = await source.listCertificates(signal)
    expect(certificates).toHaveLength(2)
    for (const certificate of certificates) {
      const name = certificate.algorithms[0]!
      const algorithms = [name, name, name]
      const signatures = await signBySource(source, certificate, { pin: hsm.pin, algorithms })
      expect(signatures.map((value) => isGood(certificate, name, value))).toEqual([
        true,
        true,
        true,
      ])
    }
    expect(await codeOf(signBySource(source, certificates[0]!, { pin: '0000' }))).toBe(
      'TOKEN_PIN_INCORRECT',
    )
  })
})

/** The same driver from another file, which the system loads as another library. */
function copyModule({ modulePath, folder }: SoftHsm): string {
  const copy = path.join(folder, 'another.so')
  copyFileSync(modulePath, copy)
  return copy
}

/** Debian's p11-kit shows the tokens of all modules that are registered with it, SoftHSM's too, as one module. */
const PROXIES = ['/usr/lib/x86_64-linux-gnu/p11-kit-proxy.so'].filter((file) => existsSync(file))

pkcs11('two tokens', () => {
  let hsm: SoftHsm
  beforeAll(() => {
    hsm = createSoftHsm()
    const { keys } = hsm.addToken('mot', ['P-256', 'P-384'])
    hsm.addToken('hai', ['P-521'])
    hsm.addKey('hai', '02', keys[0]!)
    enterEnvironment(hsm.env)
  })
  afterAll(() => hsm?.close())

  test('a certificate on both is listed twice, and neither token is chosen by chance', async () => {
    const source = open({ modulePath: hsm.modulePath })
    const certificates = await source.listCertificates(signal)
    expect(certificates).toHaveLength(4)
    const shared = certificates.filter(({ algorithms }) => algorithms[0] === 'ES256')
    expect(shared.map(({ token }) => token.label).toSorted()).toEqual(['hai', 'mot'])
    await expect(signBySource(source, shared[0]!, { pin: hsm.pin })).rejects.toMatchObject({
      details: { ckr: 'SAME_CERTIFICATE_ON_TWO_TOKENS' },
    })
    for (const certificate of certificates.filter(({ algorithms }) => algorithms[0] !== 'ES256')) {
      const [signature] = await signBySource(source, certificate, { pin: hsm.pin })
      expect(isGood(certificate, certificate.algorithms[0]!, signature!)).toBe(true)
    }
  })

  test('one token that two modules show counts once', async () => {
    const tokens = createTokens([
      open({ modulePath: hsm.modulePath }),
      open({ modulePath: path.join(hsm.folder, 'none.so') }),
      open({ modulePath: copyModule(hsm) }),
      ...PROXIES.map((modulePath) => open({ modulePath })),
    ])
    const certificates = await tokens.list(signal)
    expect(certificates).toHaveLength(4)
    const own = certificates.find(({ algorithms }) => algorithms[0] === 'ES512')!
    const source = await tokens.getSource(own.id, signal)
    expect(await signBySource(source, own, { pin: hsm.pin })).toHaveLength(1)
  })
})
