/**
 * The web server of a certification authority on loopback: its time stamps, its word on certificates, its files. What a
 * path answers can be replaced, to see what becomes of a wrong answer.
 */
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { CertificationAuthority } from './certification-authority.ts'

export interface AuthorityServers {
  /** `http://127.0.0.1:port` */
  readonly address: string
  readonly port: number
  /** Paths in the order in which they were asked for. */
  readonly asked: string[]
  /** Begins to answer for an authority, whose certificates need the address to be made. */
  serve(authority: CertificationAuthority): void
  /** Answers a path otherwise until it is undone with undefined. */
  replace(
    path: string,
    answer:
      ((request: IncomingMessage, response: ServerResponse, body: Buffer) => void) | undefined,
  ): void
  close(): void
}

type Making = (authority: CertificationAuthority, body: Uint8Array) => Uint8Array

const TYPES: Readonly<Record<string, string>> = {
  '/tsa': 'application/timestamp-reply',
  '/ocsp': 'application/ocsp-response',
  '/issuing.p7b': 'application/x-pkcs7-certificates',
  '/root.crt': 'application/x-x509-ca-cert',
  '/issuing.crl': 'application/pkix-crl',
  '/root.crl': 'application/octet-stream',
}

const MAKINGS: Readonly<Record<string, Making>> = {
  '/tsa': (authority, body) => authority.timestampAnswer(body),
  '/ocsp': (authority, body) => authority.ocspAnswer(body),
  '/issuing.p7b': (authority) => authority.bag('issuing', 'root'),
  '/root.crt': (authority) => authority.certificate('root'),
  '/issuing.crl': (authority) => authority.crl('issuing'),
  '/root.crl': (authority) => authority.crl('root'),
}

/** Starts to listen; until it serves an authority, every path is unknown. */
export async function startAuthorityServers(): Promise<AuthorityServers> {
  let authority: CertificationAuthority | undefined
  const asked: string[] = []
  const replaced = new Map<string, Parameters<AuthorityServers['replace']>[1]>()

  function answer(path: string, response: ServerResponse, body: Buffer): void {
    const make = MAKINGS[path]
    if (make === undefined || authority === undefined) {
      response.writeHead(404).end()
      return
    }
    response.setHeader('Content-Type', TYPES[path] ?? '')
    response.end(make(authority, new Uint8Array(body)))
  }

  const server: Server = createServer((request, response) => {
    const path = request.url ?? ''
    asked.push(path)
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks)
      const other = replaced.get(path)
      if (other === undefined) answer(path, response, body)
      else other(request, response, body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    address: `http://127.0.0.1:${port}`,
    port,
    asked,
    serve: (its) => (authority = its),
    replace(path, other) {
      if (other === undefined) replaced.delete(path)
      else replaced.set(path, other)
    },
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}
