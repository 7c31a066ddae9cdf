import { once } from 'node:events'
import { UserError } from '@trien/sdk/errors'
import { describe, expect, it } from 'vitest'
import type { TokenCertificate, TokenSource } from '../token/types.ts'
import { createTokens } from './tokens.ts'

const { signal } = new AbortController()

function certificate(id: number): TokenCertificate {
  return {
    id: new Uint8Array(32).fill(id),
    certificate: new Uint8Array(),
    chain: [],
    algorithms: ['ES256'],
    token: {
      label: 'Văn thư',
      manufacturer: 'Hãng',
      serial: '1',
      pinState: 'ok',
      protectedAuthentication: false,
    },
  }
}

function source(name: string, listCertificates: TokenSource['listCertificates']): TokenSource {
  return {
    name,
    listCertificates,
    sign: () => Promise.reject(new Error('signs nothing')),
    close: () => Promise.resolve(),
  }
}

/** A module that answers nothing until it is given up. */
const hung = source('hung', async (given) => {
  await once(given, 'abort')
  throw new UserError('USER_CANCELLED')
})

describe('a list of all tokens', () => {
  it('has what the others say when one module does not answer in time', async () => {
    const one = certificate(1)
    const good = source('good', () => Promise.resolve([one]))
    expect(await createTokens([hung, good], 20).list(signal)).toEqual([one])
  })

  it('is an error where no module answers in time', async () => {
    await expect(createTokens([hung, hung], 20).list(signal)).rejects.toMatchObject({
      code: 'TOKEN_TIMEOUT',
    })
  })

  it('is given up when the page goes', async () => {
    const page = new AbortController()
    const list = createTokens([hung], 60_000).list(page.signal)
    page.abort()
    await expect(list).rejects.toBe(page.signal.reason)
  })
})
