import { describe, expect, it, vi } from 'vitest'
import {
  failure,
  listed,
  progress,
  progressOf,
  request,
  useScriptedPage,
} from '../../../../test/helpers/scripted-page.ts'
import type { SigningRequest } from '../types.ts'

const page = useScriptedPage()

describe('signing', () => {
  it('sends all in one message and returns in the order of the requests', async () => {
    const signer = await page.findSigner()
    expect(signer).toMatchObject({
      certificate: Uint8Array.of(0x30, 0),
      algorithms: ['ES256', 'ES384'],
    })
    const done: [number, number][] = []
    const signing = signer.sign([request, request], { onSigned: (...counts) => done.push(counts) })
    const { id, method, params } = await page.peer.next()
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
    page.peer.send({
      method: 'prompt.page',
      params: { request: id, url: 'http://127.0.0.1:1/prompt' },
    })
    page.peer.send(progress(id, second!, 2))
    page.peer.send(progress(id, first!, 1))
    page.peer.send({ id, result: { signed: 2 } })
    expect(await signing).toEqual([Uint8Array.of(1), Uint8Array.of(2)])
    expect(done).toEqual([
      [1, 2],
      [2, 2],
    ])
    expect(page.promptPages).toEqual(['http://127.0.0.1:1/prompt'])
  })

  it('asks nobody where there is nothing to sign', async () => {
    expect(await (await page.findSigner()).sign([])).toEqual([])
  })

  it('passes on what the bridge refuses, with the stack of the code that asked', async () => {
    const signer = await page.findSigner()
    async function portalCode(): Promise<unknown> {
      return signer.sign([request])
    }
    const signing = portalCode()
    const { id } = await page.peer.next()
    const data = { code: 'TOKEN_PIN_INCORRECT', details: { remaining: 'final' } }
    page.peer.send({ id, error: { code: -32000, message: 'prose', data } })
    const error = await signing.catch((reason: unknown) => reason)
    expect(error).toEqual(failure('TOKEN_PIN_INCORRECT', { remaining: 'final' }))
    expect((error as Error).stack).toMatch(
      /^TokenError: TOKEN_PIN_INCORRECT \(remaining: final\)\n[^]*bridge-signer/,
    )
  })

  it('asks to see the certificates again where a restarted bridge has forgotten the page', async () => {
    const signing = (await page.findSigner()).sign([request])
    const { id } = await page.peer.next()
    const data = { code: 'BRIDGE_ORIGIN_DENIED' }
    page.peer.send({ id, error: { code: -32000, message: '', data } })
    expect(await page.peer.answer({ certificates: [] })).toMatchObject({
      method: 'certificates.list',
      params: { language: 'vi' },
    })
    const { id: next } = await page.peer.next()
    page.peer.send(progress(next, '1', 7))
    page.peer.send({ id: next, result: { signed: 1 } })
    expect(await signing).toEqual([Uint8Array.of(7)])
  })

  it('asks so only once', async () => {
    const signing = (await page.findSigner()).sign([request])
    const refuse = async (): Promise<void> => {
      const { id } = await page.peer.next()
      const data = { code: 'BRIDGE_ORIGIN_DENIED' }
      page.peer.send({ id, error: { code: -32000, message: '', data } })
    }
    await refuse()
    await page.peer.answer({ certificates: [] })
    await refuse()
    await expect(signing).rejects.toThrowError(failure('BRIDGE_ORIGIN_DENIED'))
  })

  it.each([undefined, {}])('has no signer for %j', (nothing) => {
    expect(() => page.bridge.signer(nothing as never)).toThrowError(failure('USAGE_ARGUMENT'))
  })

  it('cancels, and waits for the bridge to let go', async () => {
    const signer = await page.findSigner()
    const abort = new AbortController()
    const signing = signer.sign([request], { signal: abort.signal })
    const { id } = await page.peer.next()
    abort.abort(new Error('page left'))
    expect(await page.peer.next()).toMatchObject({ method: 'cancel', params: { request: id } })
    page.peer.send({ id, error: { code: -32000, message: '', data: { code: 'USER_CANCELLED' } } })
    await expect(signing).rejects.toThrowError(
      expect.objectContaining({ code: 'USER_CANCELLED', cause: new Error('page left') }),
    )
  })

  it('cancels even where the bridge does not answer, and ignores what it says too late', async () => {
    const signer = await page.findSigner()
    const abort = new AbortController()
    const signing = signer.sign([request], { signal: abort.signal })
    const { id } = await page.peer.next()
    abort.abort()
    await expect(signing).rejects.toThrowError(failure('USER_CANCELLED'))
    page.peer.send(progress(id, '1', 1))
    page.peer.send({ id, result: { signed: 1 } })
    expect(await page.peer.next()).toMatchObject({ method: 'cancel' })
    expect(await page.list(listed)).toHaveLength(1)
  })

  it('does not wait for a bridge that goes on signing after it was cancelled', async () => {
    const signer = await page.findSigner()
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      const abort = new AbortController()
      let noteSigned = (): void => {}
      const signed = new Promise<void>((resolve) => (noteSigned = resolve))
      const options = { signal: abort.signal, onSigned: noteSigned }
      const signing = signer.sign([request, request], options)
      const { id } = await page.peer.next()
      abort.abort()
      vi.advanceTimersByTime(900)
      page.peer.send(progress(id, '1', 1))
      await signed
      vi.advanceTimersByTime(200)
      await expect(signing).rejects.toThrowError(failure('USER_CANCELLED'))
    } finally {
      vi.useRealTimers()
    }
  })

  it('does not begin with a signal that was aborted before', async () => {
    const signal = AbortSignal.abort()
    await expect((await page.findSigner()).sign([request], { signal })).rejects.toThrowError(
      failure('USER_CANCELLED'),
    )
    await expect(page.bridge.listCertificates({}, { signal })).rejects.toThrowError(
      failure('USER_CANCELLED'),
    )
  })

  it('ends with BRIDGE_CLOSED when the connection is lost on the way, and works again after', async () => {
    const signer = await page.findSigner()
    const signing = signer.sign([request])
    const { id } = await page.peer.next()
    page.peer.send(progress(id, '1', 1))
    page.peer.drop()
    await expect(signing).rejects.toThrowError(failure('BRIDGE_CLOSED'))

    const again = signer.sign([request])
    page.peer = await page.scripted.nextPeer()
    const { id: next } = await page.peer.next()
    page.peer.send(progress(next, '1', 7))
    page.peer.send({ id: next, result: { signed: 1 } })
    expect(await again).toEqual([Uint8Array.of(7)])
  })

  it('counts each signature of a message that brings several', async () => {
    const signer = await page.findSigner()
    const done: number[] = []
    const signing = signer.sign([request, request, request], { onSigned: (so) => done.push(so) })
    const { id } = await page.peer.next()
    page.peer.send(
      progressOf(id, [
        ['3', 3],
        ['1', 1],
      ]),
    )
    page.peer.send(progress(id, '2', 2))
    page.peer.send({ id, result: { signed: 3 } })
    expect(await signing).toEqual([1, 2, 3].map((byte) => Uint8Array.of(byte)))
    expect(done).toEqual([1, 2, 3])
  })

  it('ends with what the portal’s own callback throws', async () => {
    const signer = await page.findSigner()
    const signing = signer.sign([request], {
      onSigned() {
        throw new RangeError('portal')
      },
    })
    const { id } = await page.peer.next()
    page.peer.send(progress(id, '1', 1))
    await expect(signing).rejects.toThrowError(new RangeError('portal'))
    expect(await page.peer.next()).toMatchObject({ method: 'cancel', params: { request: id } })
    expect(page.bridge.state).toBe('ready')
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
    const signer = await page.findSigner()
    const signing = signer.sign([{ ...request, ...change } as SigningRequest])
    await expect(signing).rejects.toThrowError(failure(expected))
  })

  it.each([
    ['bytes', 5, { toBeSigned: new Uint8Array(60_000) }],
    ['items', 600, {}],
  ])(
    'spreads more %s than one message holds over several, of one question',
    async (_, count, change) => {
      const requests = Array<SigningRequest>(count).fill({ ...request, ...change })
      const values: number[] = []
      const signer = await page.findSigner()
      const signing = signer.sign(requests, { onValue: (index) => values.push(index) })
      const { id, params } = await page.peer.next()
      expect(params).toMatchObject({ items: [], more: count, language: 'vi' })
      const ids: string[] = []
      while (ids.length < count) {
        const { method, params } = await page.peer.next()
        expect([method, params['request']]).toEqual(['sign.items', id])
        expect(JSON.stringify(params).length).toBeLessThan(262_144)
        ids.push(...(params['items'] as { id: string }[]).map((item) => item.id))
      }
      expect(ids).toEqual(requests.map((_, index) => `${index + 1}`))
      for (const item of ids) page.peer.send(progress(id, item, 7))
      page.peer.send({ id, result: { signed: count } })
      expect(await signing).toHaveLength(count)
      expect(values).toEqual(requests.map((_, index) => index))
    },
  )

  it('refuses more than a bridge takes at once', async () => {
    const signer = await page.findSigner()
    await expect(signer.sign(Array<SigningRequest>(10_001).fill(request))).rejects.toThrowError(
      failure('BRIDGE_TOO_LARGE', { maxBytes: 33_554_432, maxItems: 10_000 }),
    )
  })

  it('names the request that is not as it must be', async () => {
    const signer = await page.findSigner()
    const wrong = { ...request, toBeSigned: new Uint8Array(65_537) }
    await expect(signer.sign([request, wrong])).rejects.toMatchObject({
      details: { argument: 'requests.items[0].toBeSigned', item: 2 },
    })
  })
})
