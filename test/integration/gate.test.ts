/** Whom the gate lets in. Whom it does not: `hostile/`. */
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type BridgeProcess, startBridge } from '../helpers/bridge-process.ts'
import {
  type Header,
  RawClient,
  honestHeaders,
  requestHead,
  withHeader,
} from '../helpers/raw-client.ts'

let bridge: BridgeProcess
const clients: RawClient[] = []

beforeAll(async () => {
  bridge = await startBridge()
})
afterAll(async () => {
  expect(await bridge.stop()).toBe(0)
})
afterEach(async () => {
  for (const client of clients.splice(0)) {
    client.destroy()
    await client.untilClosed()
  }
})

function newClient(host?: string): RawClient {
  const client = new RawClient(bridge.port, host)
  clients.push(client)
  return client
}
const honest = (): Header[] => honestHeaders(bridge.port)

describe('an honest page', () => {
  it('is let in with our subprotocol and without compression', async () => {
    const client = newClient()
    expect(await client.upgrade(requestHead(honest()))).toBe(101)
    expect(client.answerHead).toMatch(/^sec-websocket-protocol: trien\.v1$/im)
    expect(client.answerHead).not.toMatch(/extensions/i)
  })

  it('is let in on ::1 too, where the machine has it', async (context) => {
    const probe = connect({ port: bridge.port, host: '::1' })
    const reached = await new Promise<boolean>((resolve) => {
      probe.once('connect', () => resolve(true)).once('error', () => resolve(false))
    })
    probe.destroy()
    if (!reached) context.skip('this machine has no ::1')
    const client = newClient('::1')
    const headers = withHeader(honest(), 'Host', `[::1]:${bridge.port}`)
    expect(await client.upgrade(requestHead(headers))).toBe(101)
  })

  it('learns the protocol and the version, nothing else', async () => {
    const client = newClient()
    await client.upgrade(requestHead(honest()))
    client.sendJson({ jsonrpc: '2.0', id: 1, method: 'hello', params: { versions: [1], sdk: 'x' } })
    const { result } = await client.json()
    expect(Object.keys(result as object).sort()).toEqual(['bridge', 'version'])
  })

  it('of another protocol learns which one we speak', async () => {
    const client = newClient()
    await client.upgrade(requestHead(honest()))
    client.sendJson({ jsonrpc: '2.0', id: 1, method: 'hello', params: { versions: [9], sdk: 'x' } })
    expect(await client.json()).toMatchObject({
      error: { data: { code: 'BRIDGE_VERSION', details: { supported: 1 } } },
    })
  })

  it('that stays silent for ten seconds while its browser asks is still served', async () => {
    const client = newClient()
    await client.connected()
    // The length of the silence is the very thing under test.
    await sleep(10_500)
    expect(await client.upgrade(requestHead(honest()))).toBe(101)
  })
})
