import { describe, expect, it } from 'vitest'
import { createCache } from './cache.ts'

const HOUR_MS = 3_600_000
const bytes = (size: number) => new Uint8Array(size)

describe('the cache', () => {
  it('gives an answer again while it calls itself valid', () => {
    let nowMs = 1_000
    const cache = createCache(() => nowMs)
    const kept = cache.keep('a', bytes(3), 1_000 + HOUR_MS)
    expect(cache.find('a', Infinity)).toMatchObject({ bytes: bytes(3), sha256: kept.sha256 })
    expect(cache.find('b', Infinity)).toBeUndefined()
    nowMs += HOUR_MS
    expect(cache.find('a', Infinity)).toBeUndefined()
  })

  it('gives none that is older than wanted', () => {
    let nowMs = 1_000
    const cache = createCache(() => nowMs)
    cache.keep('a', bytes(3), 1_000 + HOUR_MS)
    nowMs += 5_000
    expect(cache.find('a', 5_000)).toBeDefined()
    expect(cache.find('a', 4_999)).toBeUndefined()
  })

  it('gives none for longer than a day, whatever it calls itself', () => {
    let nowMs = 0
    const cache = createCache(() => nowMs)
    cache.keep('a', bytes(3), 365 * 24 * HOUR_MS)
    nowMs = 24 * HOUR_MS - 1
    expect(cache.find('a', Infinity)).toBeDefined()
    nowMs += 1
    expect(cache.find('a', Infinity)).toBeUndefined()
  })

  it('lets one that is not valid be read further, but answers nothing anew with it', () => {
    const cache = createCache(() => 1_000)
    const { sha256 } = cache.keep('a', bytes(3), undefined)
    cache.keep('b', bytes(4), 999)
    expect(cache.find('a', Infinity)).toBeUndefined()
    expect(cache.find('b', Infinity)).toBeUndefined()
    expect(cache.findByDigest(sha256)).toMatchObject({ bytes: bytes(3) })
    expect(cache.findByDigest(bytes(32))).toBeUndefined()
  })

  it('makes room by what came first, in bytes and in number', () => {
    const cache = createCache(() => 0)
    for (const key of ['a', 'b', 'c']) cache.keep(key, bytes(16_000_000), 10)
    expect(cache.find('a', Infinity)).toBeDefined()
    cache.keep('d', bytes(1), 10)
    expect(cache.find('a', Infinity)).toBeUndefined()
    expect(cache.find('b', Infinity)).toBeDefined()
    for (let index = 0; index < 512; index++) cache.keep(`small ${index}`, bytes(1), 10)
    expect(cache.find('d', Infinity)).toBeUndefined()
    expect(cache.find('small 0', Infinity)).toBeDefined()
  })

  it('counts one that is replaced once', () => {
    const cache = createCache(() => 0)
    for (let index = 0; index < 10; index++) cache.keep('a', bytes(16_000_000), 10)
    cache.keep('b', bytes(16_000_000), 10)
    expect(cache.find('a', Infinity)).toBeDefined()
  })
})
