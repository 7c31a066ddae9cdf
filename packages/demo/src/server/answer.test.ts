import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answerFrom } from './answer.ts'
import { contentSecurityPolicy, securityHeaders } from './headers.ts'

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: string
}

const files = new Map([['/', { mediaType: 'text/html; charset=utf-8', body: Buffer.from('home') }]])
const server = createServer(answerFrom(files, securityHeaders([27480])))

beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve())))
afterAll(() => new Promise<void>((resolve) => server.close(() => resolve())))

/** Sends a path exactly as it is written, as browsers would not. */
function ask(path: string, { method = 'GET', host = 'localhost:8080' } = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { port } = server.address() as AddressInfo
    request({ port, host: '127.0.0.1', path, method, headers: { host } }, (response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (text: string) => (body += text))
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
      )
    })
      .on('error', reject)
      .end()
  })
}

describe('the portal', () => {
  it('serves its page with every header that keeps it in', async () => {
    const { status, headers, body } = await ask('/?whatever')
    expect([status, body]).toEqual([200, 'home'])
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': contentSecurityPolicy([27480]),
      'cross-origin-opener-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    })
  })

  it.each(['/../package.json', '/%2e%2e/package.json', '//etc/passwd', '/index.html', '*'])(
    'has nothing at %s',
    async (path) => {
      expect((await ask(path)).status).toBe(404)
    },
  )

  it.each(['portal.example', 'localhost.example:8080', '127.0.0.1.example', 'localhost:8080@evil'])(
    'does not answer for the host %s',
    async (host) => {
      const { status, headers } = await ask('/', { host })
      expect(status).toBe(421)
      expect(headers).toHaveProperty('content-security-policy')
    },
  )

  it('answers HEAD without a body and refuses to be written to', async () => {
    expect(await ask('/', { method: 'HEAD' })).toMatchObject({ status: 200, body: '' })
    expect(await ask('/', { method: 'POST' })).toMatchObject({ status: 405 })
  })
})

describe('the policy', () => {
  it('lets the page reach the bridge at its ports and nowhere else', () => {
    const policy = contentSecurityPolicy([27480, 27481])
    const addresses = [
      ...['ws://127.0.0.1:27480', 'ws://127.0.0.1:27481'],
      ...['wss://127.0.0.1:27490', 'wss://127.0.0.1:27491'],
    ]
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain(`connect-src 'self' ${addresses.join(' ')};`)
    expect(policy).not.toMatch(/unsafe|\*/)
  })
})
