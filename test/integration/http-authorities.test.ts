/**
 * What proves a signature, fetched over HTTP from the servers that its certificates name; all of it openssl's. Each server
 * fails in each way, and the bridge's relay brings the same.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Authorities } from '@trien/sdk/types'
import { httpAuthorities, httpTimestamp } from '@trien/sdk/http'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { requestTimestamp } from '../../packages/sdk/src/trust/request-timestamp.ts'
import { collectValidationData } from '../../packages/sdk/src/trust/validation-data.ts'
import { type AuthorityServers, startAuthorityServers } from '../helpers/authority-servers.ts'
import {
  type CertificationAuthority,
  createCertificationAuthority,
} from '../helpers/certification-authority.ts'

let folder: string
let servers: AuthorityServers
let authority: CertificationAuthority

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'trien-http-'))
  servers = await startAuthorityServers()
  authority = createCertificationAuthority(folder, servers.address)
  servers.serve(authority)
})
afterAll(() => {
  servers.close()
  rmSync(folder, { recursive: true, force: true })
})
afterEach(() => {
  for (const place of ['/ocsp', '/issuing.crl', '/tsa']) servers.replace(place, undefined)
  servers.asked.length = 0
})

const collect = (authorities: Authorities, timeoutMs?: number) =>
  collectValidationData(
    {
      signers: [{ certificate: authority.certificate('signer'), pool: [] }],
      ...{ tokens: [], pool: [] },
    },
    { authorities: [authorities], timeoutMs },
  )
const answerWith = (place: string, bytes: Uint8Array | undefined): void =>
  servers.replace(place, (_request, response) => {
    if (bytes !== undefined) response.end(bytes)
  })

describe('authorities over HTTP', () => {
  test('bring the way up, the issuer’s word, and the root’s list, which is PEM', async () => {
    const data = await collect(httpAuthorities())
    expect(data.certificates).toEqual(['signer', 'issuing', 'root'].map(authority.certificate))
    expect([data.ocspResponses.length, data.crls.length]).toEqual([1, 1])
    authority.verifyOcsp(data.ocspResponses[0]!, 'signer')
  })

  test('bring a list of thousands where nobody answers for one', async () => {
    servers.replace('/ocsp', (_request, response) => void response.writeHead(503).end())
    const data = await collect(httpAuthorities())
    expect(data.ocspResponses).toEqual([])
    expect(data.crls[0]!.length).toBeGreaterThan(300_000)
    authority.verifyCrl(data.crls[0]!)
  })

  test('stamp', async () => {
    const sources = [httpTimestamp(`${servers.address}/tsa`)]
    const imprint = { digest: 'SHA-256', value: new Uint8Array(32) } as const
    await expect(requestTimestamp(imprint, { sources })).resolves.toBeDefined()
    servers.replace('/tsa', (_request, response) => void response.writeHead(500).end())
    await expect(requestTimestamp(imprint, { sources })).rejects.toMatchObject({
      code: 'TRUST_TIMESTAMP',
      details: { reason: 'unreachable' },
    })
  })

  test('are not asked at an address that is not allowed', async () => {
    const authorities = httpAuthorities({ allow: ({ hostname }) => hostname !== '127.0.0.1' })
    await expect(collect(authorities)).rejects.toMatchObject({
      code: 'TRUST_STATUS',
      details: { reason: 'no-issuer' },
    })
    expect(servers.asked).toEqual([])
  })

  test('are followed to where they send on, and never to where nobody may be asked', async () => {
    const other = await startAuthorityServers()
    other.serve(authority)
    const sendTo = (address: string): void =>
      servers.replace('/ocsp', (_request, response) => {
        response.writeHead(307, { Location: address }).end()
      })
    const allow = ({ port }: URL): boolean => port === String(servers.port)
    try {
      sendTo(`${other.address}/ocsp`)
      const free = await collect(httpAuthorities())
      expect([free.ocspResponses.length, other.asked]).toEqual([1, ['/ocsp']])
      const bound = await collect(httpAuthorities({ allow }))
      // The list stands in, and the other server was not asked again.
      expect([bound.ocspResponses.length, bound.crls.length]).toEqual([0, 2])
      expect(other.asked).toEqual(['/ocsp'])
      for (const address of ['/ocsp', 'file:///etc/passwd', 'http://']) {
        sendTo(address)
        expect((await collect(httpAuthorities())).ocspResponses).toEqual([])
      }
      expect(servers.asked.filter((place) => place === '/ocsp').length).toBeLessThan(10)
    } finally {
      other.close()
    }
  })

  test.each<[string, string, () => Uint8Array | undefined]>([
    ['nothing', 'invalid', () => new Uint8Array()],
    ['garbage', 'invalid', () => Buffer.from('<html>')],
    ['“try later”', 'invalid', () => Buffer.from('30030a0103', 'hex')],
    ['half of it', 'invalid', () => fresh('signer').subarray(0, 100)],
    ['one of another certificate', 'invalid', () => fresh('colleague')],
    ['one to another question', 'invalid', () => fresh('signer', true)],
    ['one that was changed', 'invalid', () => turnLast(fresh('signer'))],
    ['more than it may', 'unreachable', () => new Uint8Array(2 << 20)],
  ])('that answer with %s, and have no list: %s', async (_, reason, make) => {
    answerWith('/ocsp', make())
    servers.replace('/issuing.crl', (_request, response) => void response.writeHead(404).end())
    await expect(collect(httpAuthorities())).rejects.toMatchObject({
      code: 'TRUST_STATUS',
      details: { reason, of: 'signer' },
    })
  })

  test.each<[string, () => Uint8Array]>([
    ['nothing', () => new Uint8Array()],
    ['garbage', () => Buffer.from('chưa có')],
    ['half of it', () => authority.crl('issuing').subarray(0, 10_000)],
    ['one that was changed', () => turnLast(authority.crl('issuing'))],
    ['another authority’s', () => authority.crl('root')],
  ])('whose list is %s, and who answer for none', async (_, make) => {
    servers.replace('/ocsp', (_request, response) => void response.writeHead(503).end())
    answerWith('/issuing.crl', make())
    await expect(collect(httpAuthorities())).rejects.toMatchObject({
      code: 'TRUST_STATUS',
      details: { reason: 'invalid', of: 'signer' },
    })
  })

  test('that are silent are waited for no longer than they may take', async () => {
    answerWith('/ocsp', undefined)
    answerWith('/issuing.crl', undefined)
    await expect(collect(httpAuthorities(), 2000)).rejects.toMatchObject({
      details: { reason: 'late', of: 'signer' },
    })
  })
})

const fresh = (name: string, nonce = false): Uint8Array =>
  authority.ocspAnswer(authority.ocspRequest(name, { nonce }))

/** The last octets are those of a certificate that comes along, or of the signature. */
function turnLast(answer: Uint8Array): Uint8Array {
  const copy = new Uint8Array(answer)
  const at = Math.floor(copy.length / 3)
  copy[at]! ^= 1
  return copy
}
