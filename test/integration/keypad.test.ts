/**
 * A reader with a keypad of its own, by a module in front of SoftHSM2: somebody types there whenever a call brings the
 * null pointer for a PIN, and whatever else it brings goes to the token.
 */
import { type Bridge, type BridgeCertificate, connect } from '@trien/sdk/bridge'
import { signCms } from '@trien/sdk/cms'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { codeOf } from '../helpers/code-of.ts'
import { type BridgeProcess, startBridge } from '../helpers/bridge-process.ts'
import { pageSocket } from '../helpers/page-socket.ts'
import { type ScriptedPinentry, createScriptedPinentry } from '../helpers/scripted-pinentry.ts'
import { SO_PIN, type SoftHsm, USER_PIN, canUseSoftHsm, createSoftHsm } from '../helpers/softhsm.ts'
import { buildTroubledModule, canBuildTroubledModule } from '../helpers/troubled-module.ts'

const DOCUMENT = new TextEncoder().encode('Giấy phép')
const NEW_PIN = '975310'

describe.runIf(canUseSoftHsm() && canBuildTroubledModule())('a reader with a keypad', () => {
  let hsm: SoftHsm
  let pinentry: ScriptedPinentry
  let bridge: BridgeProcess
  let page: Bridge
  let certificate: BridgeCertificate

  beforeAll(async () => {
    hsm = createSoftHsm()
    hsm.addToken('ban-phim', ['P-256'])
    const driver = buildTroubledModule(hsm.folder, hsm.modulePath)
    pinentry = createScriptedPinentry()
    bridge = await startBridge({
      args: ['--module', driver.modulePath, '--pinentry', pinentry.program],
      env: {
        ...{ ...hsm.env, ...driver.env, ...pinentry.env },
        TROUBLED_KEYPAD: [USER_PIN, SO_PIN, NEW_PIN].join(' '),
      },
    })
    page = connect({ ports: [bridge.port], webSocket: pageSocket() })
    certificate = (await page.listCertificates())[0]!
  })
  beforeEach(() => pinentry.clear())
  afterAll(async () => {
    page?.close()
    await bridge?.stop()
    pinentry?.remove()
    hsm?.close()
  })

  const sign = (): Promise<unknown> =>
    codeOf(signCms(DOCUMENT, { signer: page.signer(certificate) }))

  test('takes the PIN itself: the dialog asks for consent alone, and says where to type', async () => {
    expect(await sign()).toBe('signed')
    const [asked] = pinentry.asked()
    expect(asked!.command).toBe('CONFIRM')
    expect(asked!.description).toContain('bàn phím')
    expect(pinentry.asked()).toHaveLength(1)
  })

  test('takes the old and the new PIN, and the PUK', async () => {
    await page.changePin(certificate)
    // Whoever types there goes on typing the old one.
    expect(await sign()).toBe('TOKEN_PIN_INCORRECT')
    await page.unblock(certificate)
    for (const { command, description } of pinentry.asked()) {
      expect(command).toBe('CONFIRM')
      expect(description).toContain('bàn phím')
    }
  })
})
