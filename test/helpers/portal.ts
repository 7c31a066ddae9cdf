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

const HOST = 'portal.gov.test'
const SDK = fileURLToPath(new URL('../../packages/sdk/dist/trien.min.js', import.meta.url))

/** The portal, reachable under two origins. */
export interface Portal {
  readonly httpsOrigin: string
  readonly httpOrigin: string
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
  const https = createHttpsServer(makeCertificate(), listener).listen(0, '127.0.0.1')
  const http = createHttpServer(listener).listen(0, '127.0.0.1')
  await Promise.all([once(https, 'listening'), once(http, 'listening')])
  const ports = [https, http].map((server) => (server.address() as AddressInfo).port)
  const overrides = ports.map((port) => `127.0.0.1:${port}=public`).join(',')
  return {
    httpsOrigin: `https://${HOST}:${ports[0]}`,
    httpOrigin: `http://${HOST}:${ports[1]}`,
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

function makeCertificate(): { key: Buffer; cert: Buffer } {
  const folder = mkdtempSync(path.join(tmpdir(), 'trien-portal-'))
  const key = path.join(folder, 'key.pem')
  const cert = path.join(folder, 'cert.pem')
  try {
    const request = `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=${HOST}`
    const names = `subjectAltName=DNS:${HOST}`
    execFileSync(
      'openssl',
      [...request.split(' '), '-addext', names, '-keyout', key, '-out', cert],
      { stdio: 'pipe' },
    )
    return { key: readFileSync(key), cert: readFileSync(cert) }
  } finally {
    rmSync(folder, { recursive: true })
  }
}
