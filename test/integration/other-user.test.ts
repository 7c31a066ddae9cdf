/** A machine that two people share: loopback is one, the bridges are two. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { connect } from '@trien/sdk/bridge'
import { afterEach, describe, expect, it } from 'vitest'
import { createTlsIdentity } from '../../packages/bridge/src/tls/authority.ts'
import { writeTlsIdentity } from '../../packages/bridge/src/tls/identity.ts'
import { type BridgeProcess, startBridge } from '../helpers/bridge-process.ts'
import { OTHER_UID, canBeOther, knockAs, shareBridge, waitAs } from '../helpers/other-user.ts'
import { pageSocket } from '../helpers/page-socket.ts'
import { honestHeaders, requestHead, withHeader } from '../helpers/raw-client.ts'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function start(): Promise<BridgeProcess> {
  const bridge = await startBridge()
  cleanups.push(() => bridge.stop())
  return bridge
}
/** @returns the bridge and its port for wss */
async function startSecure(): Promise<{ bridge: BridgeProcess; secure: number }> {
  const state = mkdtempSync(path.join(tmpdir(), 'trien-shared-tls-'))
  cleanups.push(() => rmSync(state, { recursive: true }))
  mkdirSync(path.join(state, 'trien'), { mode: 0o700 })
  writeTlsIdentity(path.join(state, 'trien'), createTlsIdentity(new Date()))
  const bridge = await startBridge({ args: ['--tls'], env: { XDG_STATE_HOME: state } })
  cleanups.push(() => bridge.stop())
  const [, port] = await bridge.untilStderr(/wss:\/\/127\.0\.0\.1:(\d+)\/v1/)
  return { bridge, secure: Number(port) }
}
async function startOfOther(): Promise<BridgeProcess> {
  const shared = shareBridge()
  cleanups.push(() => shared.remove())
  const bridge = await startBridge({ cli: shared.cli, uid: OTHER_UID })
  cleanups.push(() => bridge.stop())
  return bridge
}
const head = (port: number, host = '127.0.0.1'): string =>
  requestHead(withHeader(honestHeaders(port), 'Host', `${host}:${port}`))

describe.runIf(canBeOther())('a second person on the machine', () => {
  it('is refused by this person’s bridge, who is let in', async () => {
    const bridge = await start()
    const own = process.getuid?.() ?? -1
    const knock = (uid: number, address: string): Promise<string> =>
      knockAs(uid, address, bridge.port, head(bridge.port))
    expect(await knock(OTHER_UID, '127.0.0.1')).toBe('HTTP/1.1 403 Forbidden')
    await bridge.untilStderr(/refused peer-other-user$/m)
    expect(await knock(own, '127.0.0.1')).toBe('HTTP/1.1 101 Switching Protocols')
  })

  it('is refused too through a socket of IPv6', async () => {
    const bridge = await start()
    const own = process.getuid?.() ?? -1
    for (const address of ['::ffff:127.0.0.1', '::1']) {
      const knock = (uid: number): Promise<string> =>
        knockAs(uid, address, bridge.port, head(bridge.port))
      const admitted = await knock(own)
      if (admitted === '' && address === '::1') return // this machine has no ::1
      expect(admitted).toBe('HTTP/1.1 101 Switching Protocols')
      expect(await knock(OTHER_UID)).toBe('HTTP/1.1 403 Forbidden')
    }
  })

  it('is not answered otherwise when it asks for a page', async () => {
    const bridge = await start()
    const plain = requestHead([['Host', `127.0.0.1:${bridge.port}`]], 'GET / HTTP/1.1')
    const own = process.getuid?.() ?? -1
    expect(await knockAs(own, '127.0.0.1', bridge.port, plain)).toContain('404')
    expect(await knockAs(OTHER_UID, '127.0.0.1', bridge.port, plain)).toContain('403')
  })

  it('is refused on wss before a word of TLS', async () => {
    const { bridge, secure } = await startSecure()
    expect(await knockAs(OTHER_UID, '127.0.0.1', secure, 'hello?\r\n\r\n')).toBe(
      'HTTP/1.1 403 Forbidden',
    )
    await bridge.untilStderr(/refused peer-other-user$/m)
  })

  it('takes up no room by saying nothing', async () => {
    const { bridge, secure } = await startSecure()
    await Promise.all([bridge.port, secure].map((port) => waitAs(OTHER_UID, port, 250)))
    const own = process.getuid?.() ?? -1
    expect(await knockAs(own, '127.0.0.1', bridge.port, head(bridge.port))).toContain('101')
  })

  it('has a bridge that refuses root, and that this person’s page passes by', async () => {
    const [theirs, ours] = [await startOfOther(), await start()]
    const page = connect({ ports: [theirs.port, ours.port], webSocket: pageSocket() })
    cleanups.push(() => page.close())
    await page.ready()
    await theirs.untilStderr(/refused peer-other-user$/m)
    expect(await knockAs(OTHER_UID, '127.0.0.1', theirs.port, head(theirs.port))).toContain('101')
  })
})
