import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { UserError } from '@trien/sdk/errors'
import { type Errand, createFetch, decideRedirect } from './fetch.ts'
import { parseTarget } from './target.ts'

const BODY = Uint8Array.of(1, 2, 3)
const ERRAND: Errand = {
  requestType: 'application/ocsp-request',
  answerTypes: ['application/ocsp-response'],
  maxBytes: 1000,
  timeoutMs: 10_000,
}

type Answering = (request: IncomingMessage, response: ServerResponse) => void

let server: Server
let port = 0
let answer: Answering
let asked: IncomingMessage[]

beforeEach(async () => {
  asked = []
  server = createServer((request, response) => {
    asked.push(request)
    answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
})
afterEach(() => {
  server.closeAllConnections()
  server.close()
})

const good: Answering = (_, response) => {
  response.setHeader('Content-Type', 'application/ocsp-response; charset=binary')
  response.end(Buffer.from([4, 5]))
}

/** Fetches from the server by its literal address, which the owner named. */
function fetchIt(errand: Errand = ERRAND, path = '/', signal = new AbortController().signal) {
  const internalHosts = new Set([`127.0.0.1:${port}`])
  return createFetch()(`http://127.0.0.1:${port}${path}`, errand, {
    body: BODY,
    signal,
    internalHosts,
  })
}

const failure = (fetching: Promise<unknown>): Promise<unknown> =>
  fetching.then(
    () => 'fetched',
    (error: { code: string; details: Record<string, unknown> }) => ({
      code: error.code,
      ...error.details,
    }),
  )

describe('a fetch', () => {
  it('posts the request and gives the answer', async () => {
    const chunks: Buffer[] = []
    answer = (request, response) => {
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => good(request, response))
    }
    expect(await fetchIt()).toEqual(Uint8Array.of(4, 5))
    expect(new Uint8Array(Buffer.concat(chunks))).toEqual(BODY)
    const [{ method, headers } = {} as IncomingMessage] = asked
    expect(method).toBe('POST')
    expect(headers).toEqual({
      host: `127.0.0.1:${port}`,
      accept: 'application/ocsp-response',
      'content-type': 'application/ocsp-request',
      'content-length': '3',
      'accept-encoding': 'identity',
      'user-agent': 'trien-bridge',
      connection: 'close',
    })
  })

  it('of a file is a GET without a body', async () => {
    answer = good
    const errand = { answerTypes: ERRAND.answerTypes, maxBytes: 10, timeoutMs: 10_000 }
    await createFetch()(`http://127.0.0.1:${port}/a.crl?b=1`, errand, {
      signal: new AbortController().signal,
      internalHosts: new Set([`127.0.0.1:${port}`]),
    })
    expect(asked[0]).toMatchObject({ method: 'GET', url: '/a.crl?b=1' })
  })

  it.each<[string, Answering, Record<string, unknown>]>([
    [
      'another type',
      (_, response) => void response.setHeader('Content-Type', 'text/html').end('x'),
      { code: 'BRIDGE_RELAY_ANSWER', what: 'content-type' },
    ],
    ['no type', (_, response) => void response.end('x'), { what: 'content-type' }],
    [
      'a length above the limit',
      (_, response) => {
        response.writeHead(200, { 'Content-Type': 'application/ocsp-response' })
        response.end(Buffer.alloc(1001))
      },
      { code: 'BRIDGE_RELAY_ANSWER', what: 'size' },
    ],
    [
      'an endless body',
      (_, response) => {
        response.writeHead(200, { 'Content-Type': 'application/ocsp-response' })
        const timer = setInterval(() => response.write(Buffer.alloc(300)), 1)
        response.on('close', () => clearInterval(timer))
      },
      { code: 'BRIDGE_RELAY_ANSWER', what: 'size' },
    ],
    [
      'a packed body',
      (_, response) => {
        response.setHeader('Content-Encoding', 'gzip')
        good(_, response)
      },
      { code: 'BRIDGE_RELAY_ANSWER', what: 'encoding' },
    ],
    [
      'a body that is cut off',
      (_, response) => {
        response.writeHead(200, {
          'Content-Type': 'application/ocsp-response',
          'Content-Length': '10',
        })
        response.write('x', () => response.destroy())
      },
      { code: 'BRIDGE_RELAY_UNREACHABLE' },
    ],
    [
      'an error',
      (_, response) => void response.writeHead(503).end(),
      { code: 'BRIDGE_RELAY_UNREACHABLE', host: '127.0.0.1', reason: 'http-503' },
    ],
    [
      'nothing but a closed socket',
      (_, response) => void response.destroy(),
      { reason: 'ECONNRESET' },
    ],
    [
      'something that is no HTTP',
      (_, response) => void response.socket?.end('SSH-2.0-OpenSSH\r\n'),
      { code: 'BRIDGE_RELAY_UNREACHABLE', reason: 'HPE_INVALID_CONSTANT' },
    ],
    [
      'headers without end',
      (_, response) => {
        response.writeHead(200, { 'X-Long': 'x'.repeat(20_000) }).end()
      },
      { code: 'BRIDGE_RELAY_UNREACHABLE', reason: 'HPE_HEADER_OVERFLOW' },
    ],
  ])('refuses %s', async (_, answering, expected) => {
    answer = answering
    expect(await failure(fetchIt())).toMatchObject(expected)
  })

  it('does not wait longer than its time', async () => {
    answer = () => {}
    expect(await failure(fetchIt({ ...ERRAND, timeoutMs: 50 }))).toEqual({
      code: 'BRIDGE_RELAY_UNREACHABLE',
      host: '127.0.0.1',
      reason: 'timeout',
    })
  })

  it('does not wait longer than its time for a body that drips', async () => {
    answer = (_, response) => {
      response.writeHead(200, { 'Content-Type': 'application/ocsp-response' }).write('x')
    }
    expect(await failure(fetchIt({ ...ERRAND, timeoutMs: 100 }))).toMatchObject({
      reason: 'timeout',
    })
  })

  it('ends when nobody wants it any more, and closes the socket', async () => {
    const controller = new AbortController()
    const closed = new Promise<void>((resolve) => {
      answer = (request) => {
        request.socket.once('close', () => resolve())
        controller.abort(new UserError('USER_CANCELLED'))
      }
    })
    expect(await failure(fetchIt(ERRAND, '/', controller.signal))).toEqual({
      code: 'USER_CANCELLED',
    })
    await closed
  })
})

describe('a redirect', () => {
  const sendTo = (location: string, status = 307): void => {
    answer = (request, response) => {
      if (request.url === '/end') good(request, response)
      else response.writeHead(status, { Location: location }).end()
    }
  }

  it.each([301, 302, 307, 308])(
    'within the host is followed, with the request: %i',
    async (status) => {
      sendTo('/end', status)
      expect(await fetchIt()).toEqual(Uint8Array.of(4, 5))
      expect(asked.map(({ method }) => method)).toEqual(['POST', 'POST'])
    },
  )

  it.each([
    ['to another host', 'http://ca.example/', 'redirect'],
    ['to this machine by name', 'http://localhost/', 'internal'],
    ['to this machine by number', 'http://127.0.0.2/', 'redirect'],
    ['to another port of the host', 'http://127.0.0.1:1/', 'address'],
    ['to the host’s usual port', 'http://127.0.0.1:80/', 'redirect'],
    ['to a file', 'file:///etc/passwd', 'address'],
    ['with a user', '//user@127.0.0.1/', 'address'],
    ['to itself, for ever', '/again', 'redirect'],
  ])('%s is refused', async (_, location, reason) => {
    sendTo(location)
    expect(await failure(fetchIt())).toMatchObject({ code: 'BRIDGE_RELAY_REFUSED', reason })
    expect(asked.length).toBeLessThanOrEqual(4)
  })

  it('to another host is refused, though the owner named that one too', async () => {
    const other = `127.0.0.2:${port}`
    sendTo(`http://${other}/end`)
    const fetching = createFetch()(`http://127.0.0.1:${port}/`, ERRAND, {
      body: BODY,
      signal: new AbortController().signal,
      internalHosts: new Set([`127.0.0.1:${port}`, other]),
    })
    expect(await failure(fetching)).toMatchObject({ reason: 'redirect' })
    expect(asked).toHaveLength(1)
  })

  it.each([303, 300, 304])('of a kind that changes the question is refused: %i', async (status) => {
    sendTo('/end', status)
    expect(await failure(fetchIt())).toMatchObject({ reason: `http-${status}` })
  })

  it('may go from http to https of the same host, and never back', () => {
    const nobody = new Set<string>()
    const lead = (from: string, location: string) =>
      decideRedirect(parseTarget(from, nobody), { location }, nobody).url.href
    expect(lead('http://ca.example/a', 'https://ca.example/b')).toBe('https://ca.example/b')
    expect(lead('https://ca.example/a', '/b')).toBe('https://ca.example/b')
    expect(() => lead('https://ca.example/a', 'http://ca.example/b')).toThrow('redirect')
    expect(() => lead('http://ca.example/a', 'https://other.example/b')).toThrow('redirect')
  })

  it('without a place to go is a wrong answer', async () => {
    answer = (_, response) => void response.writeHead(302).end()
    expect(await failure(fetchIt())).toMatchObject({ what: 'redirect' })
  })
})

describe('a name', () => {
  /** Answers with one list after another, and the last again. */
  function resolver(...lists: string[][]) {
    const names: string[] = []
    const resolve = async (hostname: string) => {
      const addresses = lists[Math.min(names.length, lists.length - 1)] ?? []
      names.push(hostname)
      return addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
    }
    return { names, resolve }
  }
  const fetchFrom = (
    address: string,
    resolve: ReturnType<typeof resolver>['resolve'],
    named = '',
  ) =>
    createFetch(resolve)(address, ERRAND, {
      body: BODY,
      signal: new AbortController().signal,
      internalHosts: new Set([named]),
    })

  it.each([
    [['127.0.0.1']],
    [['::1']],
    [['::ffff:127.0.0.1']],
    [['10.0.0.1']],
    [['169.254.169.254']],
    [['64:ff9b::7f00:1']],
    [['0.0.0.0']],
    [['8.8.8.8', '127.0.0.1']],
  ])('that leads inside is refused, and nothing is connected: %s', async (addresses) => {
    const { resolve } = resolver(addresses)
    expect(await failure(fetchFrom('http://ca.example/', resolve))).toEqual({
      code: 'BRIDGE_RELAY_REFUSED',
      reason: 'internal',
      host: 'ca.example',
    })
  })

  it('is resolved once, and the socket goes where that said: nobody else is asked', async () => {
    answer = () => {
      throw new Error('127.0.0.1 is where the system would have gone')
    }
    const second = createServer((request, response) => good(request, response))
    await new Promise<void>((resolve) => second.listen(port, '127.0.0.2', resolve))
    const { names, resolve } = resolver(['127.0.0.2'], ['127.0.0.1'])
    const host = `localhost:${port}`
    try {
      expect(await fetchFrom(`http://${host}/`, resolve, host)).toEqual(Uint8Array.of(4, 5))
      expect(names).toEqual(['localhost'])
      expect(asked).toHaveLength(0)
    } finally {
      second.close()
    }
  })

  it('is looked at anew at each redirect', async () => {
    answer = (_, response) => void response.writeHead(302, { Location: '/again' }).end()
    const { names, resolve } = resolver(['127.0.0.1'], ['169.254.169.254'])
    const host = `localhost:${port}`
    expect(await failure(fetchFrom(`http://${host}/`, resolve, host))).toMatchObject({
      reason: 'internal',
    })
    expect(names).toHaveLength(2)
    expect(asked).toHaveLength(1)
  })

  it('that the owner named and that comes to lead to this machine is refused', async () => {
    const { resolve } = resolver(['127.0.0.1'])
    const host = `tsa.noi-bo.vn:${port}`
    expect(await failure(fetchFrom(`http://${host}/`, resolve, host))).toMatchObject({
      reason: 'internal',
    })
    expect(asked).toHaveLength(0)
  })

  it('that nobody knows is said to be so', async () => {
    const resolve = () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' }))
    expect(await failure(fetchFrom('http://ca.example/', resolve))).toEqual({
      code: 'BRIDGE_RELAY_UNREACHABLE',
      host: 'ca.example',
      reason: 'ENOTFOUND',
    })
  })
})
