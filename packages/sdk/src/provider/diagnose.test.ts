import { afterEach, describe, expect, it, vi } from 'vitest'
import { createBridgeKey } from '../../../../test/helpers/bridge-key.ts'
import { PORTAL, pageSocket } from '../../../../test/helpers/page-socket.ts'
import {
  type ScriptOptions,
  findClosedPort,
  startScriptedBridge,
} from '../../../../test/helpers/scripted-bridge.ts'
import { describeError } from '../error-texts.ts'
import { type Bridge, type ConnectOptions, connect } from './bridge.ts'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  vi.unstubAllGlobals()
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function start(options?: ScriptOptions): Promise<number> {
  const scripted = await startScriptedBridge(options)
  cleanups.push(() => scripted.close())
  return scripted.port
}

function open(ports: readonly number[], options: ConnectOptions = {}): Bridge {
  const bridge = connect({ ports, webSocket: pageSocket(), ...options })
  cleanups.push(() => bridge.close())
  return bridge
}

function allow(state: PermissionState): void {
  const query = async (): Promise<object> => ({ state, onchange: null })
  vi.stubGlobal('navigator', { permissions: { query } })
}

const good = (step: string, more: object = {}): object => ({
  step,
  state: 'good',
  details: {},
  ...more,
})

describe('a diagnosis', () => {
  it('is good from page to identity, and leaves the open connection alone', async () => {
    vi.stubGlobal('origin', PORTAL)
    const port = await start({ identify: createBridgeKey().answer })
    const bridge = await open([port]).ready()
    expect(await bridge.diagnose()).toEqual({
      at: expect.stringMatching(/^\d{4}-.*Z$/),
      sdk: expect.any(String),
      bridge: 'scripted 1',
      steps: [
        good('page'),
        good('permission', { permission: 'ungated' }),
        good('port', { port }),
        good('bridge'),
        good('identity', { identity: 'first-use' }),
      ],
    })
    expect(bridge.state).toBe('ready')
  })

  it('tells a closed port, another version and a stranger apart, and has words for each', async () => {
    vi.stubGlobal('origin', PORTAL)
    const known = { getItem: () => 'AAAA', setItem() {}, removeItem() {} }
    const old = await startScriptedBridge({ greets: false })
    cleanups.push(() => old.close())
    void (async () => {
      for (;;) await (await old.nextPeer()).answerHello(9)
    })()
    const ports = [
      await findClosedPort(),
      old.port,
      await start({ identify: createBridgeKey().answer }),
    ]
    const { steps } = await open(ports, { identityStore: known }).diagnose()
    expect(steps.map(({ step, state, code }) => [step, state, code])).toEqual([
      ['page', 'good', undefined],
      ['permission', 'good', undefined],
      ['port', 'unknown', 'BRIDGE_NOT_RUNNING'],
      ['port', 'bad', 'BRIDGE_VERSION'],
      ['port', 'bad', 'BRIDGE_IDENTITY_CHANGED'],
      ['bridge', 'bad', 'BRIDGE_IDENTITY_CHANGED'],
    ])
    for (const { code, details } of steps) {
      if (code) expect(describeError({ code, details }, 'vi').remedy).toMatch(/\.$/)
    }
  })

  it.each<[string, () => void, object[]]>([
    [
      'an insecure page',
      () => vi.stubGlobal('isSecureContext', false),
      [{ step: 'page', state: 'bad', code: 'USAGE_INSECURE_CONTEXT' }, { step: 'permission' }],
    ],
    [
      'a denial',
      () => allow('denied'),
      [{ step: 'page' }, { state: 'bad', code: 'BRIDGE_BLOCKED', details: { reason: 'denied' } }],
    ],
    [
      'a permission to be asked for, without a click',
      () => allow('prompt'),
      [{ step: 'page' }, { state: 'unknown', code: 'BRIDGE_PERMISSION_NEEDED' }],
    ],
  ])('stops at %s', async (_, stub, steps) => {
    stub()
    const diagnosis = await open([await start()], { mayPrompt: false }).diagnose()
    expect(diagnosis.steps).toMatchObject(steps)
    expect(diagnosis.bridge).toBeUndefined()
  })

  it('is plain data, and holds no key and no origin', async () => {
    vi.stubGlobal('origin', PORTAL)
    const key = createBridgeKey()
    const text = JSON.stringify(await open([await start({ identify: key.answer })]).diagnose())
    expect(JSON.parse(text)).toMatchObject({ steps: expect.any(Array) })
    expect(text).not.toContain(key.publicKeyBase64url)
    expect(text).not.toContain('portal.gov.test')
  })
})
