import { describe, expect, it, vi } from 'vitest'
import {
  type TimestampWish,
  createTimestampAuthority,
} from '../../../../test/helpers/timestamp-authority.ts'
import type { TimestampSource } from '../types.ts'
import { encodeNull, encodeUnsignedInteger } from '../asn1/der.ts'
import { readDer } from '../asn1/reader.ts'
import { ALGORITHM_NAMES } from '../algorithms.ts'
import { type TimestampOptions, requestTimestamp } from './request-timestamp.ts'

const imprint = { digest: 'SHA-256', value: new Uint8Array(32).fill(7) } as const

const ask = (...sources: readonly TimestampSource[]) => askWith({ sources })
const askWith = (options: TimestampOptions) => requestTimestamp(imprint, options)
const failure = (reason: string, what?: string): unknown =>
  expect.objectContaining({
    code: 'TRUST_TIMESTAMP',
    details: what === undefined ? { reason } : { reason, what },
  })

describe('a time stamp', () => {
  it.each(ALGORITHM_NAMES)('signed by %s is read', async (algorithm) => {
    const timestamp = await ask(await createTimestampAuthority({ algorithm }))
    expect(timestamp.time).toEqual(new Date('2026-11-22T01:02:03.5Z'))
    expect(timestamp.imprint).toEqual({ digest: 'SHA-256', value: imprint.value })
    expect(timestamp.certificate.algorithms).toContain(algorithm)
    expect(timestamp.certificates).toHaveLength(1)
  })

  it('may come in BER', async () => {
    const source = await createTimestampAuthority()
    const inBer: TimestampSource = async (...asked) => {
      const { contents } = readDer(await source(...asked), 'answer')
      return new Uint8Array([0x30, 0x80, ...contents, 0, 0])
    }
    const { tokenDer } = await ask(inBer)
    expect(readDer(tokenDer, 'token').bytes).toEqual(tokenDer)
  })

  it('may name its certificate by SHA-1, as older authorities do', async () => {
    await expect(ask(await createTimestampAuthority({ names: 'v1' }))).resolves.toBeDefined()
  })

  it.each<[string, string, TimestampWish]>([
    ['of other octets', 'imprint', { imprint: new Uint8Array(32) }],
    ['of another question', 'nonce', { nonce: encodeUnsignedInteger(Uint8Array.of(9)) }],
    ['without the nonce that was asked for', 'nonce', { nonce: null }],
    ['that is none', 'content', { contentType: '1.2.840.113549.1.7.1' }],
    ['whose content was changed', 'content', { spoil: 'content' }],
    ['whose signature was changed', 'signature', { spoil: 'signature' }],
    ['by two', 'signer', { signers: 2 }],
    ['that does not bring its certificate', 'signer', { hasCertificate: false }],
    ['that names no certificate', 'signer', { names: 'nobody' }],
    ['that names another certificate', 'signer', { names: 'another' }],
    ['by who is not for stamping', 'usage', { usage: ['1.3.6.1.5.5.7.3.3'] }],
    ['by who is for everything', 'usage', { usage: [] }],
    ['by who is for more', 'usage', { usage: ['1.3.6.1.5.5.7.3.8', '1.3.6.1.5.5.7.3.3'] }],
    ['by who is so by the way', 'usage', { isCritical: false }],
    ['after the authority’s own end', 'validity', { time: '20410101000000Z' }],
    ['before its beginning', 'validity', { time: '20250101000000Z' }],
  ])('%s is refused: %s', async (_, what, wish) => {
    const asking = ask(await createTimestampAuthority(wish))
    await expect(asking).rejects.toThrowError(failure('invalid', what))
  })

  it.each<[string, Uint8Array]>([
    ['nothing', new Uint8Array()],
    ['no DER', new Uint8Array(20).fill(0xff)],
    ['something else', encodeNull()],
  ])('that is %s is refused', async (_, answer) => {
    await expect(ask(async () => answer)).rejects.toThrowError(failure('invalid', 'der'))
  })

  it('at a time that is none is refused', async () => {
    const source = await createTimestampAuthority({ time: '20261322010203Z' })
    await expect(ask(source)).rejects.toThrowError(failure('invalid', 'der'))
  })

  it.each<[string, TimestampWish['status'] & object]>([
    ['badAlg', [2, 0]],
    ['timeNotAvailable', [2, 14]],
    ['systemFailure', [2, 25]],
    ['status 3', [3]],
  ])('that an authority refuses has its reason: %s', async (what, status) => {
    const asking = ask(await createTimestampAuthority({ status }))
    await expect(asking).rejects.toThrowError(failure('refused', what))
  })
})

describe('several authorities', () => {
  const gone: TimestampSource = async () => {
    throw new TypeError('Failed to fetch')
  }

  it('are asked in order until one answers as it must', async () => {
    const wrong = await createTimestampAuthority({ nonce: null })
    const right = vi.fn(await createTimestampAuthority())
    const never = vi.fn(gone)
    const onTry = vi.fn()
    await askWith({ sources: [gone, wrong, right, never], onTry })
    expect(onTry.mock.calls).toEqual([
      [1, 4],
      [2, 4],
      [3, 4],
    ])
    expect(right).toHaveBeenCalledOnce()
    expect(never).not.toHaveBeenCalled()
  })

  it('that all fail: the last one’s reason, with its cause', async () => {
    const asking = ask(await createTimestampAuthority({ nonce: null }), gone)
    await expect(asking).rejects.toThrowError(failure('unreachable'))
    await expect(asking).rejects.toMatchObject({ cause: new TypeError('Failed to fetch') })
  })

  it('are each waited for no longer than they may take, and told so', async () => {
    let told: AbortSignal | undefined
    const silent: TimestampSource = (_, { signal }) => {
      told = signal
      return new Promise(() => {})
    }
    const right = await createTimestampAuthority()
    await expect(askWith({ sources: [silent], timeoutMs: 1 })).rejects.toThrowError(failure('late'))
    expect(told?.aborted).toBe(true)
    await expect(askWith({ sources: [silent, right], timeoutMs: 1000 })).resolves.toBeDefined()
  })

  it('are asked no more once the caller gives up', async () => {
    const controller = new AbortController()
    const next = vi.fn(gone)
    const silent: TimestampSource = () => {
      controller.abort(new Error('closed'))
      return new Promise(() => {})
    }
    const asking = askWith({ sources: [silent, next], signal: controller.signal })
    await expect(asking).rejects.toMatchObject({ code: 'USER_CANCELLED' })
    expect(next).not.toHaveBeenCalled()
  })
})
