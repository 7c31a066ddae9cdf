/**
 * Wrong PINs on a token that never says how many tries are left: the bridge's own memory of them, and the dialog before
 * what may be the last. The token is SoftHSM2; the pinentry is scripted at its own interface.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Bridge, connect } from '@trien/sdk/bridge'
import { signCms } from '@trien/sdk/cms'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { codeOf } from '../helpers/code-of.ts'
import { type BridgeProcess, startBridge } from '../helpers/bridge-process.ts'
import { pageSocket } from '../helpers/page-socket.ts'
import { type ScriptedPinentry, createScriptedPinentry } from '../helpers/scripted-pinentry.ts'
import { type SoftHsm, canUseSoftHsm, createSoftHsm } from '../helpers/softhsm.ts'

const DOCUMENT = new TextEncoder().encode('Giấy xác nhận tình trạng hôn nhân')
const WRONG = '9d-wrong-pin'

describe.runIf(canUseSoftHsm())('wrong PINs on a token that never locks', () => {
  const state = mkdtempSync(path.join(tmpdir(), 'trien-care-'))
  let hsm: SoftHsm
  let pinentry: ScriptedPinentry
  let bridge: BridgeProcess
  let page: Bridge

  const start = (): Promise<BridgeProcess> =>
    startBridge({
      args: ['--module', hsm.modulePath, '--pinentry', pinentry.program],
      env: { ...hsm.env, ...pinentry.env, XDG_STATE_HOME: state },
    })
  const open = (): Bridge => connect({ ports: [bridge.port], webSocket: pageSocket() })

  beforeAll(async () => {
    hsm = createSoftHsm()
    hsm.addToken('mot', ['RSA-2048'])
    pinentry = createScriptedPinentry()
    bridge = await start()
    page = open()
    await page.listCertificates()
  })
  beforeEach(() => pinentry.clear())
  afterAll(async () => {
    page?.close()
    await bridge?.stop()
    pinentry?.remove()
    hsm?.close()
    rmSync(state, { recursive: true, force: true })
  })

  async function sign(): Promise<unknown> {
    const [certificate] = await page.listCertificates()
    return codeOf(signCms(DOCUMENT, { signer: page.signer(certificate!) }))
  }
  const commands = () => pinentry.asked().map(({ command }) => command)

  test('are counted, and the third try is confirmed first', async () => {
    pinentry.answer({ pin: WRONG })
    expect([await sign(), await sign()]).toEqual(['TOKEN_PIN_INCORRECT', 'TOKEN_PIN_INCORRECT'])
    expect(commands()).toEqual(['GETPIN', 'GETPIN'])
    expect(pinentry.asked()[1]!.error).toContain('sai 1 lần')
    pinentry.answer({ confirm: 'cancel' })
    expect(await sign()).toBe('USER_CANCELLED')
    expect(commands()).toEqual(['GETPIN', 'GETPIN', 'CONFIRM'])
    const { description, cancel } = pinentry.asked().at(-1)!
    expect(description).toContain('sai 2 lần liên tiếp trên máy này')
    expect(description).toContain('có thể bị khóa')
    expect(cancel).toBe('_Quay lại')
  })

  test('are remembered by a bridge that was started anew', async () => {
    page.close()
    await bridge.stop()
    bridge = await start()
    page = open()
    pinentry.answer({ pin: WRONG })
    await page.listCertificates()
    expect(await sign()).toBe('TOKEN_PIN_INCORRECT')
    expect(commands().slice(-2)).toEqual(['CONFIRM', 'GETPIN'])
    expect(pinentry.asked().at(-1)!.error).toContain('sai 2 lần')
  })

  test('are forgotten once the right one was typed', async () => {
    pinentry.answer({ pin: hsm.pin })
    expect(await sign()).toBe('signed')
    expect(await sign()).toBe('signed')
    expect(commands()).toEqual(['CONFIRM', 'GETPIN', 'GETPIN'])
    expect(pinentry.asked().at(-1)!.error).toBeUndefined()
  })

  test('leave no PIN behind', () => {
    expect(readdirSync(path.join(state, 'trien'))).toContain('wrong-pins.json')
    expect(bridge.stderr()).not.toContain(WRONG)
  })
})
