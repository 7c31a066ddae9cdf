/**
 * Bare digests through sdk, socket, bridge and SoftHSM2, judged by OpenSSL: only for the origin that the administrator's
 * settings file names, and the person and the journal are told that nobody could see what was signed.
 */
import { X509Certificate, constants, createHash, verify } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { type AlgorithmName } from '@trien/sdk/types'
import { getAlgorithm } from '@trien/sdk/algorithms'
import { type Bridge, type BridgeCertificate, connect } from '@trien/sdk/bridge'
import { isSigningError } from '@trien/sdk/errors'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Body } from '../../packages/bridge/src/journal/entry.ts'
import { openIdentity } from '../../packages/bridge/src/identity.ts'
import { inspectJournal } from '../../packages/bridge/src/journal/inspect.ts'
import { journalFolderOf } from '../../packages/bridge/src/journal/files.ts'
import { createJournal } from '../../packages/bridge/src/journal/journal.ts'
import { NO_PIN_MEMORY } from '../../packages/bridge/src/pin-memory.ts'
import type { SignQuestion } from '../../packages/bridge/src/prompt/types.ts'
import { wordSign } from '../../packages/bridge/src/prompt/wording.ts'
import { createPassingConsents } from '../../packages/bridge/src/server/consents.ts'
import { createDesk } from '../../packages/bridge/src/server/desk.ts'
import type { Listening } from '../../packages/bridge/src/server/listen.ts'
import { createMethods } from '../../packages/bridge/src/server/methods.ts'
import { startServer } from '../../packages/bridge/src/server/serve.ts'
import {
  type ModuleSource,
  createModuleSource,
} from '../../packages/bridge/src/token/supervisor.ts'
import { PORTAL, pageSocket } from '../helpers/page-socket.ts'
import { type SoftHsm, canUseSoftHsm, createSoftHsm } from '../helpers/softhsm.ts'

const HOST = fileURLToPath(new URL('../../packages/bridge/dist/token-host.js', import.meta.url))
const OTHER = 'https://other.gov.test'
const CONTENT = new TextEncoder().encode('thuộc tính mà máy chủ của cổng đã dựng')
const ALGORITHMS = ['RS256', 'RS512', 'PS256', 'PS384', 'ES256', 'ES384'] as const

describe.runIf(canUseSoftHsm())('bare digests', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'trien-digest-'))
  const asked: SignQuestion[] = []
  const pages: Bridge[] = []
  let hsm: SoftHsm
  let source: ModuleSource
  let server: Listening

  beforeAll(async () => {
    hsm = createSoftHsm()
    hsm.addToken('mot', ['RSA-2048', 'P-256', 'P-384'])
    Object.assign(process.env, hsm.env)
    source = createModuleSource({ hostFile: HOST, modulePath: hsm.modulePath })
    const desk = createDesk({
      sources: [source],
      prompt: {
        confirmList: () => Promise.resolve(),
        askSign(question) {
          asked.push(question)
          return Promise.resolve(hsm.pin)
        },
        askNewPin: () => Promise.reject(new Error('not asked here')),
      },
      consents: createPassingConsents(),
      language: 'vi',
      journal: createJournal(() => folder),
      pinMemory: NO_PIN_MEMORY,
      identity: undefined,
      digestOrigins: [PORTAL],
    })
    server = await startServer({ ports: [0], methods: createMethods(desk) })
  })
  afterEach(() => pages.splice(0).forEach((page) => page.close()))
  afterAll(async () => {
    await server?.close()
    await source?.close()
    hsm?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  function open(origin = PORTAL): Bridge {
    const page = connect({ ports: [server.port], webSocket: pageSocket(origin) })
    pages.push(page)
    return page
  }
  const hash = (algorithm: AlgorithmName): Uint8Array =>
    createHash(getAlgorithm(algorithm).digest.replace('-', '')).update(CONTENT).digest()
  const request = (algorithm: AlgorithmName, digest = hash(algorithm)) => ({
    algorithm,
    digest,
    document: { name: 'Hồ sơ 12', mediaType: 'application/pdf', size: 1200 },
  })
  async function findCertificate(page: Bridge, algorithm: AlgorithmName) {
    const certificates = await page.listCertificates()
    return certificates.find(({ algorithms }) => algorithms.includes(algorithm))!
  }
  function isBy(certificate: BridgeCertificate, algorithm: AlgorithmName, signature: Uint8Array) {
    const { family, digest, digestBytes } = getAlgorithm(algorithm)
    const key = new X509Certificate(certificate.certificate).publicKey
    const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: digestBytes }
    return verify(
      digest.replace('-', ''),
      CONTENT,
      { key, dsaEncoding: 'ieee-p1363', ...(family === 'RSA-PSS' && pss) },
      signature,
    )
  }
  const codeOf = (signing: Promise<unknown>): Promise<unknown> =>
    signing.then(
      () => 'signed',
      (error: unknown) => (isSigningError(error) ? [error.code, error.details] : error),
    )

  it.each(ALGORITHMS)('are signed by %s, and OpenSSL agrees', async (algorithm) => {
    const page = open()
    const certificate = await findCertificate(page, algorithm)
    const [signature] = await page.signDigests(certificate, [request(algorithm)])
    expect(isBy(certificate, algorithm, signature!)).toBe(true)
    expect(
      isBy(
        certificate,
        algorithm,
        signature!.map((octet) => octet ^ 1),
      ),
    ).toBe(false)
  })

  it('are told of to the person, and kept in the journal', async () => {
    const page = open()
    const certificate = await findCertificate(page, 'RS256')
    await page.signDigests(certificate, [request('RS256'), request('PS256')])
    const question = asked.at(-1)!
    expect(question).toMatchObject({ isBlind: true, documents: [{ name: 'Hồ sơ 12' }, {}] })
    const words = wordSign(question)
    expect(words.warnings.join()).toContain('KHÔNG xem được nội dung')
    expect(wordSign({ ...question, language: 'en' }).warnings.join()).toContain('CANNOT see')
    const shown = Buffer.from(hash('RS256')).toString('hex').slice(0, 4)
    expect(words.lines.join('\n')).toContain(shown)

    const { bodies } = inspectJournal(journalFolderOf(folder), openIdentity(folder))
    const entry = bodies.findLast(({ kind }: Body) => kind === 'asked')
    expect(entry).toMatchObject({ blind: true, origin: PORTAL })
  })

  it('are refused to every origin that is not named, without a dialog', async () => {
    const page = open(OTHER)
    const certificate = await findCertificate(page, 'RS256')
    const before = asked.length
    const refused = ['BRIDGE_ORIGIN_DENIED', { reason: 'digest' }]
    expect(await codeOf(page.signDigests(certificate, [request('RS256')]))).toEqual(refused)
    expect(asked).toHaveLength(before)
  })

  it('must be of the algorithm’s own hash', async () => {
    const page = open()
    const certificate = await findCertificate(page, 'RS256')
    const wrong = request('RS256', hash('RS512'))
    const problem = { problem: 'params.items[0].digest' }
    expect(await codeOf(page.signDigests(certificate, [wrong]))).toEqual([
      'BRIDGE_PROTOCOL',
      problem,
    ])
    const endless = request('RS256', new Uint8Array(65))
    expect(await codeOf(page.signDigests(certificate, [endless]))).toEqual([
      'USAGE_ARGUMENT',
      expect.objectContaining({ argument: 'requests.items[0].digest' }),
    ])
  })
})
