/**
 * An empty page that loads the built sdk's script-tag bundle, under the Content-Security-Policy of a careful portal.
 * @module
 */
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'

const SDK = fileURLToPath(new URL('../../packages/sdk/dist/trien.min.js', import.meta.url))
/** The font of visible signatures, which the bundle loads from beside it. */
const SERIF = fileURLToPath(new URL('../../packages/sdk/dist/serif.js', import.meta.url))
/** What a careful portal allows: no connection, no eval, no WebAssembly, no text where a script could hide. */
const POLICY =
  "default-src 'none'; require-trusted-types-for 'script'; trusted-types trien; script-src 'self'"

/** Serves the page at every path of a free port of 127.0.0.1; at `/compiling` the policy allows WebAssembly as well. */
export async function startSdkPage(): Promise<{ readonly port: number; close(): void }> {
  if (!existsSync(SDK)) throw new Error('the sdk is not built: run `npm run build` first')
  const server = createServer((request, response) => {
    const allowance = request.url === '/compiling' ? " 'wasm-unsafe-eval'" : ''
    response.setHeader('Content-Security-Policy', POLICY + allowance)
    const script = { '/trien.min.js': SDK, '/serif.js': SERIF }[request.url ?? '']
    response.setHeader('Content-Type', script ? 'text/javascript' : 'text/html')
    response.end(script ? readFileSync(script) : '<script src="/trien.min.js"></script>')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { port: (server.address() as AddressInfo).port, close: () => void server.close() }
}
