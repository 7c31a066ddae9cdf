import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  type Peer,
  type ScriptedBridge,
  WebSocket,
  startScriptedBridge,
} from '../../../../test/helpers/scripted-bridge.ts'
import { encodeBase64url } from '../bytes.ts'
import type { Signer, SigningRequest } from '../types.ts'
import { type Bridge, connect } from './bridge.ts'

const DAY_MS = 86_400_000
const iso = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString()

const listed = {
  id: 'AQ',
  certificate: 'MAA',
  chain: ['MAE'],
  algorithms: ['ES256', 'ES384'],
  summary: {
    holder: 'Nguyễn Văn An',
    issuer: 'DEMO CA',
    serialNumber: '0A',
    notBefore: iso(-10),
    notAfter: iso(10),
    signsDocuments: true,
  },
  token: { label: 'token', manufacturer: 'maker', serial: '1' },
}

const request: SigningRequest = {
  kind: 'cms-signed-attributes',
  algorithm: 'ES256',
  toBeSigned: Uint8Array.of(0x31, 0),
  documentDigest: new Uint8Array(32),
  document: { name: 'đơn.pdf', mediaType: 'application/pdf', size: 9 },
}

const code = (expected: string, details?: Record<string, unknown>): unknown =>
  expect.objectContaining({ code: expected, ...(details && { details }) })

let scripted: ScriptedBridge
let bridge: Bridge
let peer: Peer
const promptPages: string[] = []

beforeEach(async () => {
  promptPages.length = 0
  scripted = await startScriptedBridge()
  bridge = connect({
    ports: [scripted.port],
    webSocket: WebSocket,
    language: 'vi',
    onPromptPage: (url) => promptPages.push(url),
  })
  await bridge.ready()
  peer = await scripted.nextPeer()
})

afterEach(async () => {
  bridge.close()
  await scripted.close()
})

async function list(...certificates: unknown[]): ReturnType<Bridge['listCertificates']> {
  const listing = bridge.listCertificates()
  await peer.answer({ certificates })
  return listing
}

async function findSigner(): Promise<Signer> {
  const [certificate] = await list(listed)
  return bridge.signer(certificate!)
}

const progress = (id: number, item: string, byte: number): object => ({
  method: 'sign.progress',
  params: { request: id, item, signature: encodeBase64url(Uint8Array.of(byte)) },
})

describe('listing certificates', () => {
  it('reads bytes and dates', async () => {
    const [certificate] = await list(listed)
    expect(certificate).toMatchObject({
      id: Uint8Array.of(1),
      certificate: Uint8Array.of(0x30, 0),
      chain: [Uint8Array.of(0x30, 1)],
      algorithms: ['ES256', 'ES384'],
      token: { label: 'token' },
      obstacle: undefined,
    })
    expect(certificate!.summary.notAfter.toISOString()).toBe(listed.summary.notAfter)
  })

  it('hides nothing by itself, says what stands in the way, and puts the usable first', async () => {
    const vary = (summary: object): object => ({
      ...listed,
      summary: { ...listed.summary, ...summary },
    })
    const all = [
      vary({ notAfter: iso(-1) }),
      vary({ notBefore: iso(1) }),
      vary({ signsDocuments: false }),
      vary({ holder: 'Trần Thị Bình' }),
    ]
    expect((await list(...all)).map(({ obstacle }) => obstacle)).toEqual([
      undefined,
      'expired',
      'not-yet-valid',
      'not-for-documents',
    ])
    const count = async (filter: Parameters<Bridge['listCertificates']>[0]): Promise<number> => {
      const listing = bridge.listCertificates(filter)
      await peer.answer({ certificates: all })
      return (await listing).length
    }
    expect(await count({ usable: true })).toBe(1)
    expect(await count({ usable: true, validAt: new Date(Date.now() - 5 * DAY_MS) })).toBe(2)
    expect(await count({ holder: 'NGUYỄN'.normalize('NFD') })).toBe(3)
    expect(await count({ issuer: 'other' })).toBe(0)
    expect(await count({ algorithms: ['RS256', 'ES384'] })).toBe(4)
    expect(await count({ algorithms: ['RS256'] })).toBe(0)
  })

  it('refuses a date that is none', async () => {
    const summary = { ...listed.summary, notAfter: 'soon' }
    await expect(list({ ...listed, summary })).rejects.toThrowError(code('BRIDGE_PROTOCOL'))
  })
})

describe('signing', () => {
  it('sends all in one message and returns in the order of the requests', async () => {
    const signer = await findSigner()
    expect(signer).toMatchObject({
      certificate: Uint8Array.of(0x30, 0),
      algorithms: ['ES256', 'ES384'],
    })
    const done: [number, number][] = []
    const signing = signer.sign([request, request], { onSigned: (...counts) => done.push(counts) })
    const { id, method, params } = await peer.next()
    expect(method).toBe('sign')
    expect(params).toMatchObject({ certificate: 'AQ', language: 'vi' })
    expect(params['items']).toMatchObject([
      {
        kind: 'cms-signed-attributes',
        algorithm: 'ES256',
        toBeSigned: 'MQA',
        document: { name: 'đơn.pdf', size: 9, digest: { algorithm: 'SHA-256' } },
      },
      {},
    ])
    const [first, second] = (params['items'] as { id: string }[]).map((item) => item.id)
    peer.send({ method: 'prompt.page', params: { request: id, url: 'http://127.0.0.1:1/prompt' } })
    peer.send(progress(id, second!, 2))
    peer.send(progress(id, first!, 1))
    peer.send({ id, result: { signed: 2 } })
    expect(await signing).toEqual([Uint8Array.of(1), Uint8Array.of(2)])
    expect(done).toEqual([
      [1, 2],
      [2, 2],
    ])
    expect(promptPages).toEqual(['http://127.0.0.1:1/prompt'])
  })

  it('asks nobody where there is nothing to sign', async () => {
    expect(await (await findSigner()).sign([])).toEqual([])
  })

  it('passes on what the bridge refuses, with the stack of the code that asked', async () => {
    const signer = await findSigner()
    async function portalCode(): Promise<unknown> {
      return signer.sign([request])
    }
    const signing = portalCode()
    const { id } = await peer.next()
    const data = { code: 'TOKEN_PIN_INCORRECT', details: { remaining: 'final' } }
    peer.send({ id, error: { code: -32000, message: 'prose', data } })
    const error = await signing.catch((reason: unknown) => reason)
    expect(error).toEqual(code('TOKEN_PIN_INCORRECT', { remaining: 'final' }))
    expect((error as Error).stack).toMatch(
      /^TokenError: TOKEN_PIN_INCORRECT \(remaining: final\)\n[^]*bridge-signer/,
    )
  })

  it('asks to see the certificates again where a restarted bridge has forgotten the page', async () => {
    const signing = (await findSigner()).sign([request])
    const { id } = await peer.next()
    const data = { code: 'BRIDGE_ORIGIN_DENIED' }
    peer.send({ id, error: { code: -32000, message: '', data } })
    expect(await peer.answer({ certificates: [] })).toMatchObject({
      method: 'certificates.list',
      params: { language: 'vi' },
    })
    const { id: next } = await peer.next()
    peer.send(progress(next, '1', 7))
    peer.send({ id: next, result: { signed: 1 } })
    expect(await signing).toEqual([Uint8Array.of(7)])
  })

  it('asks so only once', async () => {
    const signing = (await findSigner()).sign([request])
    const refuse = async (): Promise<void> => {
      const { id } = await peer.next()
      const data = { code: 'BRIDGE_ORIGIN_DENIED' }
      peer.send({ id, error: { code: -32000, message: '', data } })
    }
    await refuse()
    await peer.answer({ certificates: [] })
    await refuse()
    await expect(signing).rejects.toThrowError(code('BRIDGE_ORIGIN_DENIED'))
  })

  it.each([undefined, {}])('has no signer for %j', (nothing) => {
    expect(() => bridge.signer(nothing as never)).toThrowError(code('USAGE_ARGUMENT'))
  })

  it('cancels, and waits for the bridge to let go', async () => {
    const signer = await findSigner()
    const abort = new AbortController()
    const signing = signer.sign([request], { signal: abort.signal })
    const { id } = await peer.next()
    abort.abort(new Error('page left'))
    expect(await peer.next()).toMatchObject({ method: 'cancel', params: { request: id } })
    peer.send({ id, error: { code: -32000, message: '', data: { code: 'USER_CANCELLED' } } })
    await expect(signing).rejects.toThrowError(
      expect.objectContaining({ code: 'USER_CANCELLED', cause: new Error('page left') }),
    )
  })

  it('cancels even where the bridge does not answer, and ignores what it says too late', async () => {
    const signer = await findSigner()
    const abort = new AbortController()
    const signing = signer.sign([request], { signal: abort.signal })
    const { id } = await peer.next()
    abort.abort()
    await expect(signing).rejects.toThrowError(code('USER_CANCELLED'))
    peer.send(progress(id, '1', 1))
    peer.send({ id, result: { signed: 1 } })
    expect(await peer.next()).toMatchObject({ method: 'cancel' })
    expect(await list(listed)).toHaveLength(1)
  })

  it('does not wait for a bridge that goes on signing after it was cancelled', async () => {
    const signer = await findSigner()
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      const abort = new AbortController()
      let noteSigned = (): void => {}
      const signed = new Promise<void>((resolve) => (noteSigned = resolve))
      const options = { signal: abort.signal, onSigned: noteSigned }
      const signing = signer.sign([request, request], options)
      const { id } = await peer.next()
      abort.abort()
      vi.advanceTimersByTime(900)
      peer.send(progress(id, '1', 1))
      await signed
      vi.advanceTimersByTime(200)
      await expect(signing).rejects.toThrowError(code('USER_CANCELLED'))
    } finally {
      vi.useRealTimers()
    }
  })

  it('does not begin with a signal that was aborted before', async () => {
    const signal = AbortSignal.abort()
    await expect((await findSigner()).sign([request], { signal })).rejects.toThrowError(
      code('USER_CANCELLED'),
    )
    await expect(bridge.listCertificates({}, { signal })).rejects.toThrowError(
      code('USER_CANCELLED'),
    )
  })

  it('ends with BRIDGE_CLOSED when the connection is lost on the way, and works again after', async () => {
    const signer = await findSigner()
    const signing = signer.sign([request])
    const { id } = await peer.next()
    peer.send(progress(id, '1', 1))
    peer.drop()
    await expect(signing).rejects.toThrowError(code('BRIDGE_CLOSED'))

    const again = signer.sign([request])
    peer = await scripted.nextPeer()
    const { id: next } = await peer.next()
    peer.send(progress(next, '1', 7))
    peer.send({ id: next, result: { signed: 1 } })
    expect(await again).toEqual([Uint8Array.of(7)])
  })

  it('ends with what the portal’s own callback throws', async () => {
    const signer = await findSigner()
    const signing = signer.sign([request], {
      onSigned() {
        throw new RangeError('portal')
      },
    })
    const { id } = await peer.next()
    peer.send(progress(id, '1', 1))
    await expect(signing).rejects.toThrowError(new RangeError('portal'))
    expect(await peer.next()).toMatchObject({ method: 'cancel', params: { request: id } })
    expect(bridge.state).toBe('ready')
  })

  it.each([
    ['an algorithm that the key cannot do', { algorithm: 'RS256' }, 'USAGE_UNSUPPORTED_ALGORITHM'],
    ['an unknown algorithm', { algorithm: 'none' }, 'USAGE_UNSUPPORTED_ALGORITHM'],
    ['bytes beyond the limit', { toBeSigned: new Uint8Array(65_537) }, 'USAGE_ARGUMENT'],
    [
      'an endless name',
      { document: { ...request.document, name: 'x'.repeat(256) } },
      'USAGE_ARGUMENT',
    ],
    ['a negative size', { document: { ...request.document, size: -1 } }, 'USAGE_ARGUMENT'],
  ])('refuses %s before anything is sent', async (_, change, expected) => {
    const signer = await findSigner()
    const signing = signer.sign([{ ...request, ...change } as SigningRequest])
    await expect(signing).rejects.toThrowError(code(expected))
  })

  it.each([
    ['bytes', Array<SigningRequest>(5).fill({ ...request, toBeSigned: new Uint8Array(60_000) })],
    ['items', Array<SigningRequest>(257).fill(request)],
  ])('refuses more %s than one message holds', async (_, requests) => {
    const signer = await findSigner()
    await expect(signer.sign(requests)).rejects.toThrowError(
      code('BRIDGE_TOO_LARGE', { maxBytes: 262_144, maxItems: 256 }),
    )
  })
})

describe('a bridge that breaks the rules', () => {
  const cases: [string, (id: number) => (string | Uint8Array | object)[]][] = [
    ['no JSON', () => ['{']],
    ['a binary frame', () => [Uint8Array.of(1)]],
    ['a frame over the limit', () => ['x'.repeat(262_145)]],
    ['a question of its own', () => [{ id: 1, method: 'eval', params: {} }]],
    ['an answer to nobody’s question', () => [{ id: 99, result: {} }]],
    ['an error without a number', () => [{ id: null, error: { code: 1, message: '' } }]],
    ['a result of another shape', (id) => [{ id, result: { signed: 'two' } }]],
    ['a count that does not fit', (id) => [progress(id, '1', 1), { id, result: { signed: 2 } }]],
    ['fewer signatures than it says', (id) => [{ id, result: { signed: 1 } }]],
    ['a signature of nothing asked', (id) => [progress(id, '2', 1)]],
    ['the same signature twice', (id) => [progress(id, '1', 1), progress(id, '1', 1)]],
    [
      'a signature without end',
      (id) => [
        {
          method: 'sign.progress',
          params: { request: id, item: '1', signature: 'A'.repeat(4000) },
        },
      ],
    ],
    ['a signature for nobody', () => [progress(99, '1', 1)]],
    [
      'a prompt elsewhere',
      (id) => [{ method: 'prompt.page', params: { request: id, url: 'https://evil.example/' } }],
    ],
    [
      'a prompt that is a script',
      (id) => [{ method: 'prompt.page', params: { request: id, url: 'javascript:alert(1)' } }],
    ],
    [
      'a prompt that is no address',
      (id) => [{ method: 'prompt.page', params: { request: id, url: '//' } }],
    ],
    ['a flood', () => Array<object>(1_001).fill({ method: 'noise', params: {} })],
  ]
  it.each(cases)('%s ends in BRIDGE_PROTOCOL', async (_, frames) => {
    const signing = (await findSigner()).sign([request])
    const { id } = await peer.next()
    for (const frame of frames(id)) peer.send(frame)
    await expect(signing).rejects.toThrowError(code('BRIDGE_PROTOCOL'))
    expect(promptPages).toEqual([])
  })

  it('an unknown notification is none: a newer bridge may say more', async () => {
    peer.send({ method: 'tokens.changed', params: {} })
    expect(await list(listed)).toHaveLength(1)
  })

  it('a page that asks too much at once hears BRIDGE_BUSY', async () => {
    const asked = Array.from({ length: 17 }, () => bridge.listCertificates())
    const [last] = asked.slice(-1)
    await expect(last).rejects.toThrowError(code('BRIDGE_BUSY'))
    bridge.close()
    for (const outcome of await Promise.allSettled(asked)) expect(outcome.status).toBe('rejected')
  })
})
