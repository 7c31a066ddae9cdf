/**
 * What the portal answers to a request.
 * @module
 */
import type { RequestListener } from 'node:http'
import type { ServedFile } from './files.ts'

/**
 * Makes the listener that serves a map of files and nothing else.
 * @param headers carried by every answer, refusals too
 */
export function answerFrom(
  files: ReadonlyMap<string, ServedFile>,
  headers: Record<string, string>,
): RequestListener {
  return (request, response) => {
    const end = (status: number, more: Record<string, string | number>, body?: Buffer | string) => {
      response.writeHead(status, { ...headers, ...more })
      response.end(request.method === 'HEAD' ? undefined : body)
    }
    const text = { 'content-type': 'text/plain; charset=utf-8' }
    // A page elsewhere whose name was made to point here must not read the portal as its own.
    if (!isLoopbackHost(request.headers.host)) return end(421, text, 'not this host\n')
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return end(405, { ...text, allow: 'GET, HEAD' }, 'only GET and HEAD\n')
    }
    const file = files.get(request.url?.split('?', 1)[0] ?? '')
    if (!file) return end(404, text, 'no such page\n')
    end(200, { 'content-type': file.mediaType, 'content-length': file.body.byteLength }, file.body)
  }
}

function isLoopbackHost(host: string | undefined): boolean {
  return host !== undefined && /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(host)
}
