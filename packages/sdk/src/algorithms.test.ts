import { describe, expect, it, vi } from 'vitest'
import { ALGORITHM_NAMES, algorithmsForKey, getAlgorithm } from './algorithms.ts'
import { digestBytes, digestDocument } from './digest.ts'
import { encodeHex, encodeUtf8 } from './bytes.ts'
import { openScriptHash } from './script-hash.ts'
import type { DigestName } from './types.ts'

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
    // Parts are made one run: what fits in memory is not left to a script.
    await digestDocument('SHA-256', [encodeUtf8('a'), new Blob(['bc'])])
    expect(subtle).toHaveBeenCalledTimes(2)
    vi.restoreAllMocks()
  })

  it.each<[DigestName, string]>([
    ['SHA-256', abc],
    [
      'SHA-384',
      'cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7',
    ],
    [
      'SHA-512',
      'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
    ],
  ])('hashes part by part by %s, with and without WebAssembly', async (name, expected) => {
    const hashAbc = async (): Promise<string> => {
      const hash = await openScriptHash(name)
      hash.update(encodeUtf8('a'))
      hash.update(encodeUtf8('bc'))
      return encodeHex(hash.digest())
    }
    const instantiate = vi.spyOn(WebAssembly, 'instantiate')
    expect(await hashAbc()).toBe(expected)
    expect(instantiate).toHaveBeenCalledOnce()
    // As a policy without wasm-unsafe-eval does.
    instantiate.mockRejectedValue(new WebAssembly.CompileError())
    expect(await hashAbc()).toBe(expected)
    expect(instantiate).toHaveBeenCalledTimes(2)
    vi.restoreAllMocks()
  })
})
