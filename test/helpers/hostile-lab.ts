/**
 * A bridge under attack, with a well-behaved page beside the attacker. After each attack both must be as before: the page
 * is served, the next one is let in, nobody was asked, nothing unexpected is in the log, and nothing is kept.
 * @module
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Bridge, type BridgeCertificate, connect } from '@trien/sdk/bridge'
import { expect } from 'vitest'
import { type BridgeProcess, startBridge } from './bridge-process.ts'
import { createHeapMeter } from './heap-meter.ts'
import { PORTAL, pageSocket } from './page-socket.ts'
import { type Header, RawClient, honestHeaders, openPage, requestHead } from './raw-client.ts'
import { type ScriptedPinentry, createScriptedPinentry } from './scripted-pinentry.ts'

/** What an attack may leave behind: caches that fill once, code that was compiled. */
const MAX_GROWTH_BYTES = 12 << 20
const SOON = { timeout: 20_000 }

export interface HostileLab {
  readonly bridge: BridgeProcess
  readonly pinentry: ScriptedPinentry
  /** Of the well-behaved page, which was let see them. */
  readonly certificates: readonly BridgeCertificate[]
  /** An origin that nobody has seen yet. */
  stranger(): string
  client(host?: string): RawClient
  /** A page that has said hello. */
  page(origin?: string): Promise<RawClient>
  /** Sends a request and gives the status of the answer, 0 where there was none. */
  knock(headers: readonly Header[], line?: string): Promise<number>
  /** Of a page of a new origin. */
  honest(): Header[]
  /** Lets the well-behaved page have something done while an attack goes on. */
  serve(): Promise<void>
  /** Ends the attacker's sockets and looks whether all is as before. @param dialogs that the attack rightly opened */
  assertUnharmed(dialogs?: number): Promise<void>
  /** Bytes held, all garbage collected. */
  readHeap(): Promise<number>
  close(): Promise<void>
}

export async function createHostileLab(): Promise<HostileLab> {
  const folder = mkdtempSync(path.join(tmpdir(), 'trien-hostile-'))
  const meter = createHeapMeter(folder)
  const pinentry = createScriptedPinentry()
  const bridge = await startBridge({
    args: ['--demo', '--pinentry', pinentry.program],
    env: { ...pinentry.env, ...meter.env },
  })
  const good: Bridge = connect({ ports: [bridge.port], webSocket: pageSocket(PORTAL) })
  const certificates = await (await good.ready()).listCertificates()
  const clients: RawClient[] = []
  let strangers = 0
  let dialogs = 1
  const readHeap = (): Promise<number> => meter.read(bridge.pid)
  const countDescriptors = (): number => {
    if (process.platform !== 'linux') return 0
    return readdirSync(`/proc/${bridge.pid}/fd`).length
  }
  const before = { heap: await readHeap(), descriptors: countDescriptors() }

  const stranger = (): string => `https://stranger-${strangers++}.test`
  const keep = (client: RawClient): RawClient => {
    clients.push(client)
    return client
  }
  async function serve(): Promise<void> {
    expect(await good.listCertificates()).toHaveLength(certificates.length)
  }

  return {
    bridge,
    pinentry,
    certificates,
    stranger,
    client: (host) => keep(new RawClient(bridge.port, host)),
    page: async (origin = stranger()) => keep(await openPage(bridge.port, origin)),
    honest: () => honestHeaders(bridge.port, stranger()),
    async knock(headers, line) {
      const client = keep(new RawClient(bridge.port))
      const status = await client.upgrade(requestHead(headers, line))
      if (status !== 101) await client.untilClosed()
      return status
    },
    serve,
    readHeap,
    async assertUnharmed(opened = 0) {
      for (const client of clients) client.destroy()
      await Promise.all(clients.splice(0).map((client) => client.untilClosed()))
      dialogs += opened
      await serve()
      // Who leaves is forgotten a moment later.
      await expect.poll(countDescriptors, SOON).toBeLessThanOrEqual(before.descriptors)
      keep(await openPage(bridge.port, stranger()))
      expect(pinentry.asked()).toHaveLength(dialogs)
      expect(bridge.stderr()).not.toMatch(/unexpected/)
      await expect.poll(readHeap, SOON).toBeLessThan(before.heap + MAX_GROWTH_BYTES)
    },
    async close() {
      good.close()
      expect(await bridge.stop()).toBe(0)
      pinentry.remove()
      rmSync(folder, { recursive: true })
    },
  }
}
