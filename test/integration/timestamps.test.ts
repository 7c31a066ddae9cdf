/**
 * A signature and its time by what a portal has: the signer and the relay of one bridge. The authority is openssl's, and so
 * is who judges.
 */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import type { Bridge } from '@trien/sdk/bridge'
import { signCms } from '@trien/sdk/cms'
import type { Bytes, Signer } from '@trien/sdk/types'
import { upgrade } from '@trien/sdk/upgrade'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { idAaTimeStampToken } from '../../packages/sdk/src/asn1/authority-oid.ts'
import { findValue, parseAttributes, parseSignedData } from '../../packages/sdk/src/cms/parse.ts'
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

/** The last octets of an answer are those of its signature value. */
function turnLast(answer: Uint8Array): Uint8Array {
  const copy = new Uint8Array(answer)
  copy[copy.length - 1]! ^= 1
  return copy
}
