/**
 * A signature and its time by what a portal has: the signer and the relay of one bridge. The authority is openssl's, and so
 * is who judges.
 */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import type { Bridge } from '@trien/sdk/bridge'
import { type Level, signCms } from '@trien/sdk/cms'
import { signPdf } from '@trien/sdk/pades'
import type { Bytes, Signer } from '@trien/sdk/types'
import { upgrade } from '@trien/sdk/upgrade'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { idAaTimeStampToken } from '../../packages/sdk/src/asn1/authority-oid.ts'
import { listIn } from '../../packages/sdk/src/cms/add-validation-data.ts'
import { findValue, parseAttributes, parseSignedData } from '../../packages/sdk/src/cms/parse.ts'
import { openDocument } from '../../packages/sdk/src/pades/open.ts'
import { readStoredData } from '../../packages/sdk/src/pades/security-store.ts'
import { tableFile } from '../helpers/pdf-file.ts'
import { type RelayLab, createRelayLab } from '../helpers/relay-lab.ts'
import { canUseSoftHsm } from '../helpers/softhsm.ts'

const DOCUMENT = new TextEncoder().encode('Quyết định về việc cấp phép')

describe.runIf(canUseSoftHsm())('a signature at B-T through the bridge', () => {
  let lab: RelayLab
  let page: Bridge
  let signer: Signer

  beforeAll(async () => {
    lab = await createRelayLab()
    const opened = await lab.open()
    page = opened.page
    // The token holds no issuer: the relay finds it.
    const chain = await page.relay.issuers(opened.certificate.certificate)
    signer = { ...page.signer(opened.certificate), chain }
  })
  afterAll(() => lab?.close())
  afterEach(() => lab.reset())

  const sign = (timestampTimeoutMs?: number): Promise<Bytes> =>
    signCms(DOCUMENT, {
      ...{
        signer,
        detached: false,
        level: 'B-T',
        timestamp: page.relay.timestamp,
        timestampTimeoutMs,
      },
    })

  /** Throws where openssl does not accept the signature, or its stamp. */
  function judge(signed: Bytes): void {
    const [signer] = parseSignedData(signed, 'signature').signerInfos
    const attributes = parseAttributes(signer!.unsignedAttributes)
    const write = (name: string, bytes: Uint8Array): string => {
      const file = lab.authority.file(name)
      writeFileSync(file, bytes)
      return file
    }
    const root = lab.authority.file('root.pem')
    const token = write('token', findValue(attributes, idAaTimeStampToken)!.bytes)
    const run = (...args: string[]) => execFileSync('openssl', args, { stdio: 'pipe' })
    run(
      ...['cms', '-verify', '-binary', '-purpose', 'any', '-inform', 'DER', '-CAfile', root],
      ...['-in', write('signed', signed)],
    )
    const value = write('value', signer!.signature)
    run('ts', '-verify', '-token_in', '-in', token, '-data', value, '-CAfile', root)
  }

  test('is one to openssl', async () => {
    judge(await sign())
  })

  test.each<[string, string, (answer: Uint8Array) => Uint8Array | undefined]>([
    ['is silent', 'late', () => undefined],
    ['answers garbage', 'unreachable', () => Buffer.from('xin chào')],
    ['refuses', 'unreachable', () => Buffer.from('30053003020102', 'hex')],
    ['spoils its signature', 'invalid', (answer) => turnLast(answer)],
  ])('is kept at B-B where the authority %s, and stamped later', async (_, reason, spoil) => {
    lab.servers.replace('/tsa', (_request, response, body) => {
      response.setHeader('Content-Type', 'application/timestamp-reply')
      const spoiled = spoil(lab.authority.timestampAnswer(body))
      if (spoiled !== undefined) response.end(spoiled)
    })
    const error: unknown = await sign(reason === 'late' ? 300 : undefined).catch(
      (thrown: unknown) => thrown,
    )
    expect(error).toMatchObject({ code: 'TRUST_TIMESTAMP', details: { reason } })
    lab.reset()
    const { signed } = error as { signed: Bytes }
    judge(await upgrade(signed, { to: 'B-T', timestamp: page.relay.timestamp }))
  })
})

describe.runIf(canUseSoftHsm())('a signature for later years through the bridge', () => {
  let lab: RelayLab
  let page: Bridge
  let signer: Signer
  let pin: ReturnType<typeof countPins>

  beforeAll(async () => {
    lab = await createRelayLab()
    const opened = await lab.open()
    page = opened.page
    // As it is on the token: without its issuers, which the relay brings.
    signer = page.signer(opened.certificate)
    pin = countPins(signer)
  })
  afterAll(() => lab?.close())
  afterEach(() => lab.reset())

  const choice = (level: Level) => ({
    ...{ signer: pin.signer, level },
    ...{ timestamp: page.relay.timestamp, authorities: page.relay },
  })
  const SIGNING: Readonly<Record<string, (level: Level) => Promise<Bytes>>> = {
    CMS: (level) => signCms(DOCUMENT, choice(level)),
    PDF: (level) => signPdf(tableFile(), choice(level)),
  }
  const silence = (...places: readonly string[]) => {
    for (const place of places) {
      lab.servers.replace(place, (_request, response) => void response.writeHead(503).end())
    }
  }

  /** What of authorities is inside: certificates, OCSP answers, lists. */
  async function listInside(format: string, signed: Bytes): Promise<readonly Uint8Array[][]> {
    if (format === 'PDF') {
      const data = await readStoredData(await openDocument(signed, undefined))
      return [data.certificates, data.ocspResponses, data.crls].map((all) => [...all])
    }
    const parts = parseSignedData(signed, 'signature')
    const isOcsp = ([tag]: Uint8Array): boolean => tag === 0xa1
    const answers = listIn(parts, 1)
    return [
      [...parts.certificates],
      answers.filter(isOcsp),
      answers.filter((answer) => !isOcsp(answer)),
    ]
  }

  describe.each(Object.keys(SIGNING))('%s', (format) => {
    const sign = SIGNING[format]!

    test.each<Level>(['B-LT', 'B-LTA'])('at %s holds all that proves it', async (level) => {
      const signed = await sign(level)
      const [certificates, answers, lists] = await listInside(format, signed)
      for (const name of ['signer', 'issuing', 'root', 'tsa']) {
        const wanted = Buffer.from(lab.authority.certificate(name))
        expect([name, certificates!.some((one) => wanted.equals(one))]).toEqual([name, true])
      }
      expect(answers).toHaveLength(1)
      expect(lists!.length).toBeGreaterThan(0)
    })

    test('has the list, larger than a frame, where nobody answers for one', async () => {
      silence('/ocsp')
      const [, answers, lists] = await listInside(format, await sign('B-LT'))
      expect(answers).toEqual([])
      expect(Math.max(...lists!.map(({ length }) => length))).toBeGreaterThan(300_000)
    })

    test('asks for no PIN where nobody says that the signer is good', async () => {
      silence('/ocsp', '/issuing.crl')
      const before = pin.count()
      // The bridge keeps a list as long as that says that it is valid: another bridge has none.
      const fresh = await lab.start({ internalHosts: [`127.0.0.1:${lab.servers.port}`] })
      const { page: other } = await lab.open(fresh)
      const options = { ...choice('B-LTA'), authorities: other.relay }
      const signing = format === 'CMS' ? signCms(DOCUMENT, options) : signPdf(tableFile(), options)
      const error = (await signing.catch((reason: unknown) => reason)) as { signed?: Bytes }
      expect(error).toMatchObject({ code: 'TRUST_STATUS', details: { of: 'signer' } })
      expect([error.signed, pin.count()]).toEqual([undefined, before])
    })

    test('is kept at B-T where authorities fall silent, and goes on from there', async () => {
      const signed = await sign('B-T')
      const given = new Uint8Array(signed)
      silence('/ocsp', '/issuing.crl')
      const fresh = await lab.start({ internalHosts: [`127.0.0.1:${lab.servers.port}`] })
      const { page: other } = await lab.open(fresh)
      const options = { to: 'B-LTA', timestamp: page.relay.timestamp } as const
      const failing = upgrade(given, { ...options, authorities: other.relay })
      const error = (await failing.catch((reason: unknown) => reason)) as { signed: Bytes }
      expect(error).toMatchObject({ code: 'TRUST_STATUS' })
      expect(Buffer.compare(error.signed, signed)).toBe(0)
      lab.reset()
      const lasting = await upgrade(error.signed, { ...options, authorities: page.relay })
      expect((await listInside(format, lasting))[1]).toHaveLength(1)
    })
  })
})

/** Counts how often a signer was asked. */
function countPins(inner: Signer): { readonly signer: Signer; count(): number } {
  let asked = 0
  const sign: Signer['sign'] = (requests, options) => {
    asked += 1
    return inner.sign(requests, options)
  }
  return { signer: { ...inner, sign }, count: () => asked }
}

/** The last octets of an answer are those of its signature value. */
function turnLast(answer: Uint8Array): Uint8Array {
  const copy = new Uint8Array(answer)
  copy[copy.length - 1]! ^= 1
  return copy
}
