/**
 * The relay from page to server and back: sdk, socket, bridge, a token of SoftHSM2, and servers whose answers openssl
 * makes and judges.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Bridge, BridgeCertificate } from '@trien/sdk/bridge'
import { type RelayLab, createRelayLab, failureOf } from '../helpers/relay-lab.ts'
import { canUseSoftHsm } from '../helpers/softhsm.ts'

describe.runIf(canUseSoftHsm())('the relay', () => {
  let lab: RelayLab
  let page: Bridge
  let onToken: BridgeCertificate

  beforeAll(async () => {
    lab = await createRelayLab()
    ;({ page, certificate: onToken } = await lab.open())
  })
  afterAll(() => lab?.close())
  afterEach(() => lab.reset())
  const der = (name: string) => lab.authority.certificate(name)

  describe('time stamps', () => {
    test('are those of the server, for this request', async () => {
      const request = lab.authority.timestampRequest('một')
      const answer = await page.relay.timestamp(request)
      lab.authority.verifyTimestamp(answer, request)
      const named = await page.relay.timestamp(request, { server: 'bộ' })
      expect(named).not.toEqual(answer)
    })

    test('need a server that the settings name', async () => {
      const request = lab.authority.timestampRequest('một')
      expect(await failureOf(page.relay.timestamp(request, { server: 'sở' }))).toEqual({
        code: 'BRIDGE_RELAY_REFUSED',
        reason: 'no-address',
      })
    })

    test('come from the server that the certificate names, where the settings name none', async () => {
      const plain = await lab.start({ internalHosts: [`127.0.0.1:${lab.servers.port}`] })
      const opened = await lab.open(plain)
      const request = lab.authority.timestampRequest('hai')
      const { relay } = opened.page
      const { certificate } = opened
      lab.authority.verifyTimestamp(await relay.timestamp(request, { certificate }), request)
      expect(await failureOf(relay.timestamp(request))).toMatchObject({ reason: 'no-address' })
    })

    test.each<[string, (answer: Buffer) => Uint8Array, string]>([
      ['garbage', () => Buffer.from('xin chào'), 'der'],
      ['nothing', () => new Uint8Array(), 'der'],
      ['half of it', (answer) => answer.subarray(0, answer.length / 2), 'der'],
      ['more than it', (answer) => Buffer.concat([answer, Buffer.from([0])]), 'der'],
      ['a refusal', () => Buffer.from('30053003020102', 'hex'), 'status'],
    ])('that are %s do not reach the page', async (_, spoil, what) => {
      lab.servers.replace('/tsa', (_request, response, body) => {
        response.setHeader('Content-Type', 'application/timestamp-reply')
        response.end(spoil(Buffer.from(lab.authority.timestampAnswer(body))))
      })
      const asking = page.relay.timestamp(lab.authority.timestampRequest('ba'))
      expect(await failureOf(asking)).toEqual({ code: 'BRIDGE_RELAY_ANSWER', what })
    })

    test('of another document or another question do not reach the page', async () => {
      const answerTo = (question: Uint8Array): void =>
        lab.servers.replace('/tsa', (_request, response) => {
          response.setHeader('Content-Type', 'application/timestamp-reply')
          response.end(lab.authority.timestampAnswer(question))
        })
      const request = lab.authority.timestampRequest('tư')
      answerTo(lab.authority.timestampRequest('năm'))
      expect(await failureOf(page.relay.timestamp(request))).toMatchObject({ what: 'imprint' })
      answerTo(lab.authority.timestampRequest('tư'))
      expect(await failureOf(page.relay.timestamp(request))).toMatchObject({ what: 'nonce' })
    })

    test('are not waited for when the page does not want them any more', async () => {
      const closed = new Promise<void>((resolve) => {
        lab.servers.replace('/tsa', (request) => void request.socket.once('close', resolve))
      })
      const controller = new AbortController()
      const asking = page.relay.timestamp(lab.authority.timestampRequest('sáu'), {
        signal: controller.signal,
      })
      await expect.poll(() => lab.servers.asked).toEqual(['/tsa'])
      controller.abort()
      expect(await failureOf(asking)).toEqual({ code: 'USER_CANCELLED' })
      await closed
    })

    test('are not waited for when the page is gone', async () => {
      const closed = new Promise<void>((resolve) => {
        lab.servers.replace('/tsa', (request) => void request.socket.once('close', resolve))
      })
      const { page: leaving } = await lab.open()
      const asking = failureOf(leaving.relay.timestamp(lab.authority.timestampRequest('bảy')))
      await expect.poll(() => lab.servers.asked).toEqual(['/tsa'])
      leaving.close()
      expect(await asking).toEqual({ code: 'BRIDGE_CLOSED' })
      await closed
    })

    test('are asked for four at a time', async () => {
      let underWay = 0
      let most = 0
      const waiting: (() => void)[] = []
      lab.servers.replace('/tsa', (_request, response) => {
        most = Math.max(most, ++underWay)
        waiting.push(() => {
          underWay -= 1
          response.writeHead(503).end()
        })
      })
      const request = lab.authority.timestampRequest('tám')
      const asking = Array.from({ length: 10 }, () => failureOf(page.relay.timestamp(request)))
      for (let done = 0; done < 10; done++) {
        await expect.poll(() => waiting.length).toBeGreaterThan(0)
        waiting.shift()?.()
      }
      for (const answer of await Promise.all(asking)) {
        expect(answer).toMatchObject({ reason: 'http-503', host: '127.0.0.1' })
      }
      expect(most).toBe(4)
    })

    test.each([
      ['no request', Uint8Array.of(1, 2, 3), 'params.request'],
      ['too long a one', new Uint8Array(1025), 'params.request'],
    ])('need a request, not %s', async (_, request, problem) => {
      expect(await failureOf(page.relay.timestamp(request))).toEqual({
        code: 'BRIDGE_PROTOCOL',
        problem,
      })
      expect(lab.servers.asked).toEqual([])
    })
  })

  describe('the status of a certificate', () => {
    test('is the server’s word on it, given again while that is valid', async () => {
      const request = lab.authority.ocspRequest('signer')
      const answer = await page.relay.ocsp(onToken.certificate, request)
      lab.authority.verifyOcsp(answer, 'signer')
      expect(await page.relay.ocsp(onToken.certificate, request)).toEqual(answer)
      expect(lab.servers.asked).toEqual(['/ocsp'])
      await page.relay.ocsp(onToken.certificate, request, { maxAge: 0 })
      expect(lab.servers.asked).toEqual(['/ocsp', '/ocsp'])
    })

    test('is asked for anew where the request has a nonce', async () => {
      const request = lab.authority.ocspRequest('signer', { nonce: true })
      await page.relay.ocsp(onToken.certificate, request)
      await page.relay.ocsp(onToken.certificate, request)
      expect(lab.servers.asked).toEqual(['/ocsp', '/ocsp'])
    })

    test('is not kept where the answer does not say how long it is valid', async () => {
      lab.servers.replace('/ocsp', (_request, response, body) => {
        response.setHeader('Content-Type', 'application/ocsp-response')
        response.end(lab.authority.ocspAnswer(body, 0))
      })
      const request = lab.authority.ocspRequest('colleague')
      await page.relay.issuers(onToken.certificate)
      lab.servers.asked.length = 0
      await page.relay.ocsp(der('colleague'), request)
      await page.relay.ocsp(der('colleague'), request)
      expect(lab.servers.asked).toEqual(['/ocsp', '/ocsp'])
    })

    test('of another certificate than the one in question is not asked for', async () => {
      const asking = page.relay.ocsp(onToken.certificate, lab.authority.ocspRequest('colleague'))
      expect(await failureOf(asking)).toEqual({
        code: 'BRIDGE_PROTOCOL',
        problem: 'params.request',
      })
      expect(lab.servers.asked).toEqual([])
    })

    test.each<[string, () => Uint8Array, string]>([
      ['garbage', () => Buffer.from('<html>'), 'der'],
      ['“try later”', () => Buffer.from('30030a0103', 'hex'), 'status'],
      [
        'one of another certificate',
        () => lab.authority.ocspAnswer(lab.authority.ocspRequest('colleague')),
        'certificate',
      ],
      [
        'one to another question',
        () => lab.authority.ocspAnswer(lab.authority.ocspRequest('signer', { nonce: true })),
        'nonce',
      ],
    ])('that is %s does not reach the page', async (_, make, what) => {
      const request = lab.authority.ocspRequest('signer', { nonce: true })
      lab.servers.replace('/ocsp', (_request, response) => {
        response.setHeader('Content-Type', 'application/ocsp-response')
        response.end(make())
      })
      const asking = page.relay.ocsp(onToken.certificate, request)
      expect(await failureOf(asking)).toEqual({ code: 'BRIDGE_RELAY_ANSWER', what })
    })
  })

  describe('a list of revoked certificates', () => {
    test('comes whole, though it is larger than a frame, and once', async () => {
      const list = await page.relay.crl(onToken.certificate)
      expect(list.length).toBeGreaterThan(300_000)
      lab.authority.verifyCrl(list)
      expect(await page.relay.crl(onToken.certificate)).toEqual(list)
      expect(lab.servers.asked).toEqual(['/issuing.crl'])
      await page.relay.crl(onToken.certificate, { maxAge: 0 })
      expect(lab.servers.asked).toEqual(['/issuing.crl', '/issuing.crl'])
    })

    test('comes as DER where the server has PEM', async () => {
      const [issuing] = await page.relay.issuers(onToken.certificate)
      const list = await page.relay.crl(issuing!)
      expect(list[0]).toBe(0x30)
      const pem = readFileSync(lab.authority.file('root.crl'), 'latin1').split('-----')[2] ?? ''
      expect(sha256(list)).toBe(sha256(Buffer.from(pem, 'base64')))
    })

    test.each<[string, string, Uint8Array, string]>([
      ['garbage', 'application/pkix-crl', Buffer.from('chưa có'), 'der'],
      ['a page for people', 'text/html', Buffer.from('<html>'), 'content-type'],
      ['too large', 'application/pkix-crl', Buffer.alloc(16_000_001), 'size'],
      [
        'many small things',
        'application/pkix-crl',
        nest(Buffer.alloc(200_000, '0500', 'hex')),
        'der',
      ],
    ])('that is %s does not reach the page', async (_, type, body, what) => {
      lab.servers.replace('/issuing.crl', (_request, response) => {
        response.writeHead(200, { 'Content-Type': type }).end(body)
      })
      const asking = page.relay.crl(onToken.certificate, { maxAge: 0 })
      expect(await failureOf(asking)).toEqual({ code: 'BRIDGE_RELAY_ANSWER', what })
    })
  })

  describe('issuers', () => {
    test('are found up to the root, and not asked for twice', async () => {
      const [issuing] = await page.relay.issuers(onToken.certificate)
      expect(issuing).toEqual(der('issuing'))
      const [root] = await page.relay.issuers(issuing!)
      expect(root).toEqual(der('root'))
      lab.servers.asked.length = 0
      expect(await page.relay.issuers(root!)).toEqual([])
      expect(await page.relay.issuers(onToken.certificate)).toEqual([issuing])
      expect(lab.servers.asked).toEqual([])
    })

    test('that did not issue the certificate are not believed', async () => {
      const fresh = await lab.start({ internalHosts: [`127.0.0.1:${lab.servers.port}`] })
      const opened = await lab.open(fresh)
      for (const body of [der('deputy'), der('stranger'), Buffer.from('x'), Buffer.alloc(70_000)]) {
        lab.servers.replace('/issuing.p7b', (_request, response) => void response.end(body))
        const asking = opened.page.relay.issuers(opened.certificate.certificate)
        expect(await failureOf(asking)).toMatchObject({ code: 'BRIDGE_RELAY_ANSWER' })
      }
    })
  })
})

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** A SEQUENCE around content of more than 64 KiB. */
function nest(content: Buffer): Uint8Array {
  const { length } = content
  return Buffer.concat([
    Buffer.from([0x30, 0x83, length >> 16, (length >> 8) & 255, length & 255]),
    content,
  ])
}
