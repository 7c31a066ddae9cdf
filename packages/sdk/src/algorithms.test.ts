import { describe, expect, it, vi } from 'vitest'
import { ALGORITHM_NAMES, algorithmsForKey, getAlgorithm } from './algorithms.ts'
import { digestBytes, digestDocument } from './digest.ts'
import { encodeHex, encodeUtf8 } from './bytes.ts'

describe('the registry', () => {
  it('knows nine algorithms, each by its own name', () => {
    expect(ALGORITHM_NAMES).toHaveLength(9)
    for (const name of ALGORITHM_NAMES) expect(getAlgorithm(name).name).toBe(name)
  })

  it('fits algorithms to keys', () => {
    expect(algorithmsForKey({ type: 'EC', curve: 'P-384' })).toEqual(['ES384'])
    expect(algorithmsForKey({ type: 'RSA', modulusBits: 2048 })[0]).toBe('RS256')
    expect(algorithmsForKey({ type: 'RSA', modulusBits: 2048 })).toHaveLength(6)
  })

  it.each(['none', '__proto__', 'toString', ''])('refuses %j', (name) => {
    expect(() => getAlgorithm(name as never)).toThrowError(
      expect.objectContaining({ code: 'USAGE_UNSUPPORTED_ALGORITHM' }),
    )
  })
})

describe('digests', () => {
  // FIPS 180-4 example
  const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'

  it('hashes bytes, parts and Blobs alike', async () => {
    expect(encodeHex(await digestBytes('SHA-256', encodeUtf8('abc')))).toBe(abc)
    const parts = [encodeUtf8('a'), new Blob(['b']), encodeUtf8('c')]
    expect(encodeHex(await digestDocument('SHA-256', parts))).toBe(abc)
  })

  it('tells how far it has come, in bytes', async () => {
    const seen: [number, number][] = []
    const blob = new Blob([new Uint8Array(9 << 20)])
    await digestDocument('SHA-256', [blob], {
      onProgress: (done, total) => seen.push([done, total]),
    })
    expect(seen.map(([done]) => done)).toEqual([4 << 20, 8 << 20, 9 << 20])
    expect(seen.every(([, total]) => total === 9 << 20)).toBe(true)
  })

  it('stops when the signal aborts', async () => {
    const blob = new Blob([new Uint8Array(9 << 20)])
    const abort = new AbortController()
    const running = digestDocument('SHA-256', [blob], {
      signal: abort.signal,
      onProgress: () => abort.abort(),
    })
    await expect(running).rejects.toMatchObject({ code: 'USER_CANCELLED' })
  })

  it('leaves one run of bytes to WebCrypto where Node is not there to hash it', async () => {
    vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined)
    const subtle = vi.spyOn(crypto.subtle, 'digest')
    const seen: [number, number][] = []
    const digest = await digestDocument('SHA-256', [encodeUtf8('abc')], {
      onProgress: (done, total) => seen.push([done, total]),
    })
    expect(encodeHex(digest)).toBe(abc)
    expect(subtle).toHaveBeenCalledOnce()
    expect(seen).toEqual([[3, 3]])
    // Parts are not one run: a script hashes them.
    await digestDocument('SHA-256', [encodeUtf8('a'), encodeUtf8('bc')])
    expect(subtle).toHaveBeenCalledOnce()
    vi.restoreAllMocks()
  })
})
