import { type Bridge, connect } from '@trien/sdk/bridge'
import { signCms } from '@trien/sdk/cms'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type BridgeProcess, startBridge } from '../helpers/bridge-process.ts'
import { pageSocket } from '../helpers/page-socket.ts'
import { type ScriptedPinentry, createScriptedPinentry } from '../helpers/scripted-pinentry.ts'
import { type SoftHsm, canUseSoftHsm, createSoftHsm } from '../helpers/softhsm.ts'

const data = new TextEncoder().encode('Kính gửi')

let softHsm: SoftHsm
let pinentry: ScriptedPinentry
let bridgeProcess: BridgeProcess
const bridges: Bridge[] = []

describe.skipIf(!canUseSoftHsm())('a page, a bridge and a PKCS#11 token', () => {
  beforeAll(() => {
    softHsm = createSoftHsm()
    softHsm.addToken('an', ['P-256'])
  })
  afterAll(() => softHsm?.close())
  beforeEach(async () => {
    pinentry = createScriptedPinentry({ pin: softHsm.pin })
    bridgeProcess = await start(0)
  })
  afterEach(async () => {
    for (const bridge of bridges.splice(0)) bridge.close()
    await bridgeProcess.stop()
    pinentry.remove()
  })

  function start(port: number): Promise<BridgeProcess> {
    const args = ['--module', softHsm.modulePath, '--pinentry', pinentry.program]
    return startBridge({
      args: [...args, '--port', String(port)],
      env: { ...softHsm.env, ...pinentry.env },
    })
  }
  function openPage(): Bridge {
    const bridge = connect({ ports: [bridgeProcess.port], webSocket: pageSocket() })
    bridges.push(bridge)
    return bridge
  }
  async function findSigner(bridge: Bridge): Promise<ReturnType<Bridge['signer']>> {
    const [certificate] = await bridge.listCertificates({ usable: true })
    return bridge.signer(certificate!)
  }

  it('sign together', async () => {
    const signer = await findSigner(openPage())
    expect(await signCms(data, { signer })).toBeInstanceOf(Uint8Array)
    expect(pinentry.asked().map(({ command }) => command)).toEqual(['CONFIRM', 'GETPIN'])
  })

  it('sign again after a wrong PIN', async () => {
    const signer = await findSigner(openPage())
    pinentry.answer({ pin: '999999' })
    await expect(signCms(data, { signer })).rejects.toMatchObject({ code: 'TOKEN_PIN_INCORRECT' })
    pinentry.answer({ pin: softHsm.pin })
    await signCms(data, { signer })
  })

  it('sign again after the page gave up during the prompt, which goes away', async () => {
    const signer = await findSigner(openPage())
    pinentry.answer({ getpin: 'hang' })
    const abort = new AbortController()
    const signing = signCms(data, { signer, signal: abort.signal })
    await pinentry.untilCount('asked', 2)
    abort.abort()
    await expect(signing).rejects.toMatchObject({ code: 'USER_CANCELLED' })
    pinentry.answer({ pin: softHsm.pin })
    await signCms(data, { signer })
  })

  it('sign again after the bridge was killed during the prompt and restarted', async () => {
    const signer = await findSigner(openPage())
    pinentry.answer({ getpin: 'hang' })
    const signing = signCms(data, { signer })
    await pinentry.untilCount('asked', 2)
    const { port } = bridgeProcess
    const closed = expect(signing).rejects.toMatchObject({ code: 'BRIDGE_CLOSED' })
    await bridgeProcess.stop('SIGKILL')
    await closed
    bridgeProcess = await start(port)
    pinentry.answer({ pin: softHsm.pin })
    await signCms(data, { signer })
    // A bridge that was restarted asks anew whether the page may see certificates.
    expect(pinentry.asked().map(({ command }) => command)).toEqual([
      'CONFIRM',
      'GETPIN',
      'CONFIRM',
      'GETPIN',
    ])
  })

  it('sign for two pages at once, one after the other', async () => {
    const signers = [await findSigner(openPage()), await findSigner(openPage())]
    const signed = await Promise.allSettled(signers.map((signer) => signCms(data, { signer })))
    for (const { status } of signed) expect(status).toBe('fulfilled')
    expect(pinentry.asked().filter(({ command }) => command === 'GETPIN')).toHaveLength(2)
  })
})
