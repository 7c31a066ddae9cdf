/**
 * Changing a PIN and unlocking a token from a page: everything is typed in the bridge's own prompt, and the page learns
 * no more than how it ended. The token is SoftHSM2, whose SO PIN stands for the PUK; the pinentry is scripted.
 */
import { readFileSync, readdirSync } from 'node:fs'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Bridge, type BridgeCertificate, connect } from '@trien/sdk/bridge'
import { signCms } from '@trien/sdk/cms'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { codeOf } from '../helpers/code-of.ts'
import { type BridgeProcess, runBridge, startBridge } from '../helpers/bridge-process.ts'
import { pageSocket } from '../helpers/page-socket.ts'
import { openPage } from '../helpers/raw-client.ts'
import { type ScriptedPinentry, createScriptedPinentry } from '../helpers/scripted-pinentry.ts'
import { SO_PIN, type SoftHsm, canUseSoftHsm, createSoftHsm } from '../helpers/softhsm.ts'

const DOCUMENT = new TextEncoder().encode('Quyết định')
const NEW_PIN = '86420-mới'
const [NOW, PUK, NEW, AGAIN] = ['Mã PIN hiện tại:', 'Mã PUK:', 'Mã PIN mới:', 'Nhập lại:']

describe.runIf(canUseSoftHsm())('a PIN from a page', () => {
  const state = mkdtempSync(path.join(tmpdir(), 'trien-change-'))
  let hsm: SoftHsm
  let pinentry: ScriptedPinentry
  let bridge: BridgeProcess
  let page: Bridge
  let certificate: BridgeCertificate

  beforeAll(async () => {
    hsm = createSoftHsm()
    hsm.addToken('mot', ['RSA-2048'])
    pinentry = createScriptedPinentry()
    bridge = await startBridge({
      args: ['--module', hsm.modulePath, '--pinentry', pinentry.program],
      env: { ...hsm.env, ...pinentry.env, XDG_STATE_HOME: state },
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
    rmSync(state, { recursive: true, force: true })
  })

  const sign = (pin: string): Promise<unknown> => {
    pinentry.answer({ pin })
    return codeOf(signCms(DOCUMENT, { signer: page.signer(certificate) }))
  }
  const type = (pins: Record<string, string>): void => pinentry.answer({ pins })

  test('is changed, after dialogs that say who asks and which token', async () => {
    type({ [NOW]: hsm.pin, [NEW]: NEW_PIN, [AGAIN]: NEW_PIN })
    await page.changePin(certificate)
    const asked = pinentry.asked()
    expect(asked.map(({ prompt }) => prompt)).toEqual([NOW, NEW, AGAIN])
    for (const { title, description } of asked) {
      expect(title).toBe('Trien – Đổi mã PIN')
      for (const shown of ['https://portal.gov.test', 'mot', certificate.token.serial]) {
        expect(description).toContain(shown)
      }
    }
    expect(await sign(hsm.pin)).toBe('TOKEN_PIN_INCORRECT')
    expect(await sign(NEW_PIN)).toBe('signed')
  })

  test('stays as it is where the old one was wrong, which counts as a try', async () => {
    type({ [NOW]: 'wrong-old', [NEW]: '4711-neu', [AGAIN]: '4711-neu' })
    expect(await codeOf(page.changePin(certificate))).toBe('TOKEN_PIN_INCORRECT')
    expect(await sign(NEW_PIN)).toBe('signed')
    expect(pinentry.asked().at(-1)!.error).toContain('sai 1 lần')
  })

  test('is not asked where the person cancels, and the token not touched', async () => {
    pinentry.answer({ getpin: 'cancel' })
    expect(await codeOf(page.changePin(certificate))).toBe('USER_CANCELLED')
    expect(await codeOf(page.unblock(certificate))).toBe('USER_CANCELLED')
    expect(await sign(NEW_PIN)).toBe('signed')
  })

  test('is set anew by the PUK, and a wrong PUK is no wrong PIN', async () => {
    type({ [PUK]: '00000000', [NEW]: hsm.pin, [AGAIN]: hsm.pin })
    expect(await codeOf(page.unblock(certificate))).toBe('TOKEN_PUK_INCORRECT')
    type({ [PUK]: SO_PIN, [NEW]: hsm.pin, [AGAIN]: hsm.pin })
    await page.unblock(certificate)
    expect(pinentry.asked()[0]!.title).toBe('Trien – Mở khóa thiết bị')
    expect(await sign(hsm.pin)).toBe('signed')
    expect(pinentry.asked().at(-1)!.error).toBeUndefined()
  })

  test('is not asked for an origin that may not list', async () => {
    const stranger = await openPage(bridge.port, 'https://stranger.test')
    const id = Buffer.from(certificate.id).toString('base64url')
    for (const [index, method] of ['token.changePin', 'token.unblock'].entries()) {
      stranger.sendJson({ jsonrpc: '2.0', id: index + 2, method, params: { certificate: id } })
      expect(await stranger.json()).toMatchObject({
        error: { data: { code: 'BRIDGE_ORIGIN_DENIED' } },
      })
    }
    stranger.destroy()
    expect(pinentry.asked()).toHaveLength(0)
  })

  test('leaves what happened in the journal, and never a secret anywhere', async () => {
    const { stdout, code } = await runBridge(['journal', '--json'], { XDG_STATE_HOME: state })
    expect(code).toBe(0)
    const rows = (JSON.parse(stdout) as Record<string, unknown>[]).filter(
      ({ deed }) => deed !== 'sign',
    )
    expect(rows.map(({ deed, result }) => [deed, result])).toEqual([
      ['change-pin', 'done'],
      ['change-pin', 'TOKEN_PIN_INCORRECT'],
      ['change-pin', 'USER_CANCELLED'],
      ['unblock', 'USER_CANCELLED'],
      ['unblock', 'TOKEN_PUK_INCORRECT'],
      ['unblock', 'done'],
    ])
    const folder = path.join(state, 'trien')
    const files = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(path.join(entry.parentPath, entry.name), 'utf8'))
    for (const text of [...files, bridge.stderr(), stdout]) {
      for (const secret of [hsm.pin, SO_PIN, NEW_PIN, 'wrong-old'])
        expect(text).not.toContain(secret)
    }
    const verify = await runBridge(['journal', 'verify'], { XDG_STATE_HOME: state })
    expect(verify.code).toBe(0)
  })
})
