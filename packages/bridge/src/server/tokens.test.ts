import { once } from 'node:events'
import { TokenError, UserError } from '@trien/sdk/errors'
import { describe, expect, it } from 'vitest'
import type { TokenCertificate, TokenSource } from '../token/types.ts'
import { createTokens } from './tokens.ts'

const { signal } = new AbortController()

function certificate(id: number, serial = '1', manufacturer = 'Hãng'): TokenCertificate {
  return {
    id: new Uint8Array(32).fill(id),
    certificate: new Uint8Array(),
    chain: [],
    algorithms: ['ES256'],
    token: {
      label: 'Văn thư',
      manufacturer,
      serial,
      pinState: 'ok',
      protectedAuthentication: false,
    },
  }
}

function source(
  name: string,
  listCertificates: TokenSource['listCertificates'],
  more: Partial<TokenSource> = {},
): TokenSource {
  return {
    name,
    listCertificates,
    sign: () => Promise.reject(new Error('signs nothing')),
    close: () => Promise.resolve(),
    ...more,
  }
}

/** A source whose answer and manners the test sets as it goes, and that counts how often it was read. */
function changing(name: string, ...listed: TokenCertificate[]) {
  const state = {
    reads: 0,
    answer: (): Promise<readonly TokenCertificate[]> => Promise.resolve(listed),
    generation: 1,
    isAtWork: false,
    isGeneric: false,
  }
  const own: TokenSource = {
    ...source(name, () => {
      state.reads += 1
      return state.answer()
    }),
    get isGeneric() {
      return state.isGeneric
    },
    get generation() {
      return state.generation
    },
    isAtWork: () => state.isAtWork,
  }
  return { source: own, state }
}

const never = (): Promise<never> => new Promise(() => undefined)
const fails = (code: 'TOKEN_TIMEOUT' | 'TOKEN_DRIVER_CRASHED') => () =>
  Promise.reject(new TokenError(code))

/** A module that answers nothing until it is given up. */
const hung = source('hung', async (given) => {
  await once(given, 'abort')
  throw new UserError('USER_CANCELLED')
})

describe('a list of all tokens', () => {
  it('has what the others say when one module does not answer in time', async () => {
    const one = certificate(1)
    const good = source('good', () => Promise.resolve([one]))
    expect(await createTokens([hung, good], { listMs: 20 }).list(signal)).toEqual([one])
  })

  it('is an error where no module answers in time', async () => {
    await expect(createTokens([hung, hung], { listMs: 20 }).list(signal)).rejects.toMatchObject({
      code: 'TOKEN_TIMEOUT',
    })
  })

  it('is given up when the page goes, and goes on for another page', async () => {
    const slow = changing('slow')
    let answer = (): void => {}
    slow.state.answer = () => new Promise((resolve) => (answer = () => resolve([])))
    const tokens = createTokens([slow.source])
    const page = new AbortController()
    const list = tokens.list(page.signal)
    page.abort()
    await expect(list).rejects.toBe(page.signal.reason)
    const another = tokens.list(signal)
    slow.state.answer = () => Promise.resolve([certificate(1)])
    answer()
    expect(await another).toEqual([certificate(1)])
  })

  it('reads a module once for all who wait for their turn', async () => {
    const one = changing('one', certificate(1))
    const tokens = createTokens([one.source])
    await Promise.all([1, 2, 3, 4].map(() => tokens.list(signal)))
    expect(one.state.reads).toBe(2)
  })

  it('is not held up by a module that hung, which is tried again and comes back', async () => {
    const one = changing('one', certificate(1))
    const two = changing('two', certificate(2))
    const tokens = createTokens([one.source, two.source], { restMs: 500 })
    const { answer } = one.state
    one.state.answer = fails('TOKEN_TIMEOUT')
    expect(await tokens.list(signal)).toEqual([certificate(2)])
    one.state.answer = never
    expect(await tokens.list(signal)).toEqual([certificate(2)])
    expect(one.state.reads).toBe(1)
    one.state.answer = answer
    await expect.poll(() => tokens.list(signal), { timeout: 20_000 }).toHaveLength(2)
    expect(one.state.reads).toBeLessThan(5)
  })

  it('is not held up again by a module that hung while the list was in line', async () => {
    const one = changing('one', certificate(1))
    const two = changing('two', certificate(2))
    let giveUp = (): void => {}
    one.state.answer = () =>
      new Promise((_resolve, reject) => (giveUp = () => reject(new TokenError('TOKEN_TIMEOUT'))))
    const tokens = createTokens([one.source, two.source], { listMs: 60_000 })
    const lists = [tokens.list(signal), tokens.list(signal)]
    one.state.answer = never
    giveUp()
    expect(await Promise.all(lists)).toEqual([[certificate(2)], [certificate(2)]])
  })

  it('forgives a module one crash, not two', async () => {
    const one = changing('one', certificate(1))
    const two = changing('two', certificate(2))
    const tokens = createTokens([one.source, two.source])
    one.state.answer = fails('TOKEN_DRIVER_CRASHED')
    for (let round = 0; round < 5; round++) await tokens.list(signal)
    expect(one.state.reads).toBe(2)
  })

  it('tries a module that hung again at once where there is no other', async () => {
    const one = changing('one', certificate(1))
    const { answer } = one.state
    one.state.answer = fails('TOKEN_TIMEOUT')
    const tokens = createTokens([one.source])
    await expect(tokens.list(signal)).rejects.toMatchObject({ code: 'TOKEN_TIMEOUT' })
    one.state.answer = answer
    expect(await tokens.list(signal)).toHaveLength(1)
  })

  it('has what a module had before while it is at work or slow, unless its driver ended since', async () => {
    const one = changing('one', certificate(1))
    const tokens = createTokens([one.source], { slowMs: 20, listMs: 60 })
    await tokens.list(signal)
    one.state.isAtWork = true
    expect(await tokens.list(signal)).toHaveLength(1)
    expect(one.state.reads).toBe(1)
    one.state.isAtWork = false
    one.state.answer = never
    expect(await tokens.list(signal)).toHaveLength(1)
    expect(one.state.reads).toBe(2)
    one.state.generation += 1
    await expect(tokens.list(signal)).rejects.toMatchObject({ code: 'TOKEN_TIMEOUT' })
  })
})

describe('the module of a certificate', () => {
  it('is the one that had it, and no other is touched', async () => {
    const one = changing('one', certificate(1))
    const two = changing('two', certificate(2))
    const tokens = createTokens([one.source, two.source])
    await tokens.list(signal)
    two.state.answer = never
    expect(await tokens.getSource(certificate(1).id, signal)).toBe(one.source)
    expect(two.state.reads).toBe(1)
  })

  it('is looked for among all where it was never seen, or is no longer where it was', async () => {
    const one = changing('one', certificate(1))
    const two = changing('two', certificate(2))
    const tokens = createTokens([one.source, two.source])
    expect(await tokens.getSource(certificate(1).id, signal)).toBe(one.source)
    one.state.answer = () => Promise.resolve([])
    two.state.answer = () => Promise.resolve([certificate(1), certificate(2)])
    expect(await tokens.getSource(certificate(1).id, signal)).toBe(two.source)
    two.state.answer = one.state.answer
    await expect(tokens.getSource(certificate(1).id, signal)).rejects.toMatchObject({
      code: 'TOKEN_ABSENT',
    })
  })

  it('is never chosen by chance where two tokens have it', async () => {
    const one = changing('one', certificate(1, 'A'))
    const two = changing('two', certificate(1, 'B'))
    const tokens = createTokens([one.source, two.source])
    for (let round = 0; round < 2; round++) {
      await expect(tokens.getSource(certificate(1).id, signal)).rejects.toMatchObject({
        details: { ckr: 'SAME_CERTIFICATE_ON_TWO_TOKENS' },
      })
    }
  })

  it('is the vendor’s own rather than one for all cards, while that one works', async () => {
    const generic = changing('generic', certificate(1, '7', 'PKCS#15'))
    generic.state.isGeneric = true
    const vendor = changing('vendor', certificate(1, 'B-7'))
    const tokens = createTokens([generic.source, vendor.source])
    expect(await tokens.getSource(certificate(1).id, signal)).toBe(vendor.source)
    expect(await tokens.getSource(certificate(1).id, signal)).toBe(vendor.source)
    expect(generic.state.reads).toBe(1)
    vendor.state.answer = fails('TOKEN_TIMEOUT')
    expect(await tokens.list(signal)).toEqual([certificate(1, '7', 'PKCS#15')])
    expect(await tokens.getSource(certificate(1).id, signal)).toBe(generic.source)
  })

  it('that fails tells its own failure, and the others are not asked', async () => {
    const one = changing('one', certificate(1))
    const two = changing('two', certificate(2))
    const tokens = createTokens([one.source, two.source])
    await tokens.list(signal)
    one.state.answer = fails('TOKEN_DRIVER_CRASHED')
    await expect(tokens.getSource(certificate(1).id, signal)).rejects.toMatchObject({
      code: 'TOKEN_DRIVER_CRASHED',
    })
    expect(two.state.reads).toBe(1)
  })
})
