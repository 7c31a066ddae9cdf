/**
 * A portal on a public https origin: a server of this machine that Chromium takes for one on the internet.
 * @module
 */
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { type RequestListener, createServer as createHttpServer } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

export const HOST = 'portal.gov.test'
const SDK = fileURLToPath(new URL('../../packages/sdk/dist/trien.min.js', import.meta.url))

/** The portal, reachable under two origins. */
export interface Portal {
  readonly httpsOrigin: string
  readonly httpOrigin: string
  /** PEM of who vouches for it, for browsers that are to look. */
  readonly authority: string
  /** What Chromium must be told so that both lie on the public internet. */
  readonly chromiumArguments: readonly string[]
  close(): Promise<void>
}

/**
 * Serves one page, `/`, that loads the built sdk and connects at once; its bridge is `bridge`, the ports are those of
 * `?ports=`. `?csp=` is its Content-Security-Policy, `?permissions=` its Permissions-Policy.
 * `/outer?src=&allow=` is a page with another one in an iframe.
 * @param listener answers instead of that page
 */
export async function startPortal(listener: RequestListener = answer): Promise<Portal> {
  if (!existsSync(SDK)) throw new Error('the sdk is not built: run `npm run build` first')
  const { key, cert, authority } = makeCertificate()
  const https = createHttpsServer({ key, cert }, listener).listen(0, '127.0.0.1')
  const http = createHttpServer(listener).listen(0, '127.0.0.1')
  await Promise.all([once(https, 'listening'), once(http, 'listening')])
  const ports = [https, http].map((server) => (server.address() as AddressInfo).port)
  const overrides = ports.map((port) => `127.0.0.1:${port}=public`).join(',')
  return {
    httpsOrigin: `https://${HOST}:${ports[0]}`,
    httpOrigin: `http://${HOST}:${ports[1]}`,
    authority,
    chromiumArguments: [
      `--host-resolver-rules=MAP ${HOST} 127.0.0.1`,
      `--ip-address-space-overrides=${overrides}`,
    ],
    async close() {
      for (const server of [https, http]) {
        server.closeAllConnections()
        await new Promise((resolve) => server.close(resolve))
      }
    },
  }
}

/** For the page: the port at which it finds its bridge. */
export const FIND_PORT = `bridge.diagnose().then(({ steps }) =>
  steps.find(({ step, state }) => step === 'port' && state === 'good')?.port)`

const PAGE = `<!doctype html><html lang="vi"><meta charset="utf-8"><title>portal</title>
<script defer src="/trien.min.js"></script><script defer src="/page.js"></script><button>Ký</button></html>`

const SCRIPT = `
const query = new URLSearchParams(location.search)
window.pages = []
window.bridge = Trien.connect({
  ports: query.get('ports').split(',').map(Number),
  onPromptPage: (url) => pages.push(url),
})
// A real click is a user gesture; what the portal would do in its handler is the test's to say.
document.querySelector('button').onclick = () => { window.clicked = bridge.ready().then(() => ({}), describe) }
function describe(error) {
  const { code, details } = error
  return { code, details, ...Trien.describeError(error, 'vi') }
}
`

const answer: RequestListener = (request, response) => {
  const url = new URL(request.url ?? '/', 'http://portal')
  const csp = url.searchParams.get('csp')
  if (csp !== null) response.setHeader('Content-Security-Policy', csp)
  const permissions = url.searchParams.get('permissions')
  if (permissions !== null) response.setHeader('Permissions-Policy', permissions)
  const allow = url.searchParams.get('allow') ?? ''
  const frame = `<iframe src="${url.searchParams.get('src') ?? ''}" allow="${allow}"></iframe>`
  const files: Record<string, [string, string | Buffer]> = {
    '/outer': ['text/html', `<!doctype html>${frame}`],
    '/': ['text/html', PAGE],
    '/page.js': ['text/javascript', SCRIPT],
    '/trien.min.js': ['text/javascript', readFileSync(SDK)],
  }
  const [mediaType, body] = files[url.pathname] ?? ['text/plain', '']
  response.setHeader('Content-Type', `${mediaType}; charset=utf-8`)
  response.end(body)
}

/** A server's certificate and an authority for it alone: no browser takes an authority for a server. */
function makeCertificate(): { key: Buffer; cert: Buffer; authority: string } {
  const folder = mkdtempSync(path.join(tmpdir(), 'trien-portal-'))
  const at = (name: string): string => path.join(folder, name)
  const make = (name: string, subject: string, ...args: readonly string[]): void => {
    const request = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2'.split(
      ' ',
    )
    const files = ['-keyout', at(`${name}.key`), '-out', at(`${name}.pem`)]
    const issued = ['-subj', `/CN=${subject}`, ...args]
    execFileSync('openssl', [...request, ...issued, ...files], { stdio: 'pipe' })
  }
  try {
    make('ca', 'Portal test CA', '-addext', 'keyUsage=critical,keyCertSign')
    const names = ['-addext', `subjectAltName=DNS:${HOST}`]
    const server = ['-addext', 'basicConstraints=critical,CA:FALSE', ...names]
    make('server', HOST, '-CA', at('ca.pem'), '-CAkey', at('ca.key'), ...server)
    return {
      key: readFileSync(at('server.key')),
      cert: readFileSync(at('server.pem')),
      authority: readFileSync(at('ca.pem'), 'utf8'),
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}
