/** What a page is given of tokens that hold more, or stranger, than the wire has room for. */
import { MAX_FRAME_BYTES, listCertificates } from '@trien/sdk/wire'
import { describe, expect, it } from 'vitest'
import { makeCertificate } from '../helpers/certificate.ts'
import type { TokenCertificate } from '../../packages/bridge/src/token/types.ts'
import type { Call } from '../../packages/bridge/src/server/call.ts'
import { NO_PIN_MEMORY } from '../../packages/bridge/src/pin-memory.ts'
import { createDesk } from '../../packages/bridge/src/server/desk.ts'
import { handleListCertificates } from '../../packages/bridge/src/server/handlers/list-certificates.ts'

const { signal } = new AbortController()
const call: Call = {
  origin: 'https://portal.gov.test',
  port: 1,
  request: 1,
  signal,
  onMore: () => {},
  notify: () => {},
}
const token = {
  label: 'mot',
  manufacturer: 'nobody',
  serial: '1',
  pinState: 'ok',
  protectedAuthentication: false,
} as const

async function make(length: number, chain: number[] = []): Promise<TokenCertificate> {
  const { certificate } = await makeCertificate('ES256', { subject: 'A'.repeat(length) })
  const id = crypto.getRandomValues(new Uint8Array(32))
  const issuers = chain.map((size) => new Uint8Array(size))
  return { id, certificate, chain: issuers, algorithms: ['ES256'], token }
}

const allowed = { has: () => true, isGranted: () => true, grant: async () => {} }

/** What the page reads of the answer, as its sdk does. */
async function listedOf(certificates: readonly TokenCertificate[]) {
  const prompt = {
    confirmList: async () => {},
    askSign: async () => undefined,
    askNewPin: async () => undefined,
  }
  const source = {
    name: 'test',
    listCertificates: async () => certificates,
    sign: async () => {},
    close: async () => {},
  }
  const desk = createDesk({
    sources: [source],
    prompt,
    consents: allowed,
    language: undefined,
    journal: undefined,
    pinMemory: NO_PIN_MEMORY,
  })
  const written = listCertificates.result.write(await handleListCertificates({}, desk, call))
  expect(JSON.stringify(written).length).toBeLessThan(MAX_FRAME_BYTES - 200)
  const read: unknown = JSON.parse(JSON.stringify(written))
  return listCertificates.result.read(read, 'result').certificates
}

describe('the list of certificates', () => {
  it('goes without one that the wire has no room for', async () => {
    const small = await make(10)
    const listed = await listedOf([await make(17_000), small])
    expect(listed.map(({ id }) => id)).toEqual([small.id])
  })

  it('goes without issuers that the wire has no room for', async () => {
    const [first, second] = await listedOf([
      await make(10, [100, 17_000, 200]),
      await make(11, Array<number>(9).fill(50)),
    ])
    expect(first!.chain.map(({ length }) => length)).toEqual([100, 200])
    expect(second!.chain).toHaveLength(8)
  })

  it('goes without all issuers where one frame could not hold them', async () => {
    const many = await Promise.all(Array.from({ length: 60 }, () => make(500, [4_000])))
    const listed = await listedOf(many)
    expect(listed).toHaveLength(60)
    expect(listed.every(({ chain }) => chain.length === 0)).toBe(true)
  })

  it('goes without the last ones where one frame could not hold even that', async () => {
    const many = await Promise.all(Array.from({ length: 30 }, () => make(14_000)))
    const listed = await listedOf(many)
    expect(listed.length).toBeGreaterThan(10)
    expect(listed.map(({ id }) => id)).toEqual(many.slice(0, listed.length).map(({ id }) => id))
  })
})
