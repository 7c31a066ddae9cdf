/** A page that is connected to a scripted bridge with one certificate, and what the two say to sign with it. */
import { encodeBase64url } from '@trien/sdk/bytes'
import { type Bridge, connect } from '@trien/sdk/bridge'
import type { Signer, SigningRequest } from '@trien/sdk/types'
import { afterEach, beforeEach, expect } from 'vitest'
import {
  type Peer,
  type ScriptedBridge,
  WebSocket,
  startScriptedBridge,
} from './scripted-bridge.ts'

export const DAY_MS = 86_400_000
/** So many days from now. */
export const iso = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString()

/** The certificate as the wire carries it. */
export const listed = {
  id: 'AQ',
  certificate: 'MAA',
  chain: ['MAE'],
  algorithms: ['ES256', 'ES384'],
  summary: {
    holder: 'Nguyễn Văn An',
    issuer: 'DEMO CA',
    serialNumber: '0A',
    notBefore: iso(-10),
    notAfter: iso(10),
    signsDocuments: true,
  },
  token: { label: 'token', manufacturer: 'maker', serial: '1' },
}

export const request: SigningRequest = {
  kind: 'cms-signed-attributes',
  algorithm: 'ES256',
  toBeSigned: Uint8Array.of(0x31, 0),
  documentDigest: new Uint8Array(32),
  document: { name: 'đơn.pdf', mediaType: 'application/pdf', size: 9 },
}

/** An error of this code. */
export const failure = (expected: string, details?: Record<string, unknown>): unknown =>
  expect.objectContaining({ code: expected, ...(details && { details }) })

/** The notification of one signature of one byte. */
export const progress = (id: number, item: string, byte: number): object =>
  progressOf(id, [[item, byte]])

/** As `progress`, for several items in one message. */
export const progressOf = (
  id: number,
  signed: readonly [item: string, byte: number][],
): object => ({
  method: 'sign.progress',
  params: {
    request: id,
    signatures: signed.map(([item, byte]) => ({
      item,
      value: encodeBase64url(Uint8Array.of(byte)),
    })),
  },
})

/** What a test has at hand; the peer is another after a new connection. */
class ScriptedPage {
  scripted!: ScriptedBridge
  bridge!: Bridge
  peer!: Peer
  readonly promptPages: string[] = []

  async open(): Promise<void> {
    this.promptPages.length = 0
    this.scripted = await startScriptedBridge()
    this.bridge = connect({
      ports: [this.scripted.port],
      webSocket: WebSocket,
      language: 'vi',
      onPromptPage: (url) => this.promptPages.push(url),
    })
    await this.bridge.ready()
    this.peer = await this.scripted.nextPeer()
  }

  async close(): Promise<void> {
    this.bridge.close()
    await this.scripted.close()
  }

  async list(...certificates: unknown[]): ReturnType<Bridge['listCertificates']> {
    const listing = this.bridge.listCertificates()
    await this.peer.answer({ certificates })
    return listing
  }

  async findSigner(): Promise<Signer> {
    const [certificate] = await this.list(listed)
    return this.bridge.signer(certificate!)
  }
}

/** Opens a page before each test of the file and closes it after. */
export function useScriptedPage(): ScriptedPage {
  const page = new ScriptedPage()
  beforeEach(() => page.open())
  afterEach(() => page.close())
  return page
}
