/**
 * The whole path without a browser: sdk, socket, bridge, prompt, token host, SoftHSM2. Each way in which it can go
 * wrong ends in its own code, and the next signature works.
 */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Bridge, connect } from '@trien/sdk/bridge'
import { signCms } from '@trien/sdk/cms'
import { signJson } from '@trien/sdk/jades'
import { signPdf } from '@trien/sdk/pades'
import { signXml } from '@trien/sdk/xades'
import { codeOf } from '../helpers/code-of.ts'
import { type BridgeProcess, startBridge } from '../helpers/bridge-process.ts'
import { getChildProcess, isRunning } from '../helpers/child-processes.ts'
import { PORTAL, pageSocket } from '../helpers/page-socket.ts'
import { tableFile } from '../helpers/pdf-file.ts'
import { type ScriptedPinentry, createScriptedPinentry } from '../helpers/scripted-pinentry.ts'
import { type SoftHsm, canUseSoftHsm, createSoftHsm } from '../helpers/softhsm.ts'
import {
  type TroubledModule,
  buildTroubledModule,
  canBuildTroubledModule,
} from '../helpers/troubled-module.ts'

const DOCUMENT = new TextEncoder().encode('Đơn đề nghị cấp bản sao trích lục khai sinh')
const LABEL = { name: 'đơn.txt', mediaType: 'text/plain' }
const CAN_RUN = canUseSoftHsm() && canBuildTroubledModule()

describe.runIf(CAN_RUN)('a signature through sdk, bridge, prompt and token', () => {
  let hsm: SoftHsm
  let troubled: TroubledModule
  let pinentry: ScriptedPinentry
  let bridge: BridgeProcess
  const pages: Bridge[] = []

  const start = (port = 0): Promise<BridgeProcess> =>
    startBridge({
      args: ['--module', troubled.modulePath, '--pinentry', pinentry.program, '--port', `${port}`],
      env: { ...hsm.env, ...troubled.env, ...pinentry.env, LC_ALL: 'C.UTF-8' },
    })

  beforeAll(async () => {
    hsm = createSoftHsm()
    hsm.addToken('mot', ['RSA-2048'])
    troubled = buildTroubledModule(hsm.folder, hsm.modulePath)
    pinentry = createScriptedPinentry()
    bridge = await start()
  })
  afterAll(async () => {
    await bridge?.stop()
    pinentry?.remove()
    hsm?.close()
  })
  beforeEach(() => {
    pinentry.answer({ pin: hsm.pin })
    troubled.setTrouble(undefined)
  })
  afterEach(() => pages.splice(0).forEach((page) => page.close()))

  function open(): Bridge {
    const page = connect({ ports: [bridge.port], webSocket: pageSocket() })
    pages.push(page)
    return page
  }

  async function sign(page: Bridge, signal?: AbortSignal): Promise<Uint8Array> {
    const [certificate] = await page.listCertificates()
    const signer = page.signer(certificate!)
    return signCms(DOCUMENT, { signer, document: LABEL, ...(signal && { signal }) })
  }

  /** Resolves when the dialog that asks the PIN is open, counted from now. */
  function nextQuestion(): Promise<unknown> {
    return pinentry.untilCount('asked', pinentry.asked().length + 1)
  }

  const untilDialogsAreGone = (): Promise<unknown> =>
    pinentry.untilCount('ended', pinentry.asked().length)

  /** Consent to the list is asked once per origin and bridge; after it every dialog is one that asks the PIN. */
  async function consent(page: Bridge): Promise<void> {
    await page.listCertificates()
  }

  test('ends in a CMS that openssl accepts, after a dialog that says who signs what', async () => {
    const page = open()
    const cms = await sign(page)
    const file = (name: string) => path.join(hsm.folder, name)
    writeFileSync(file('đơn.txt'), DOCUMENT)
    writeFileSync(file('đơn.p7s'), cms)
    execFileSync(
      'openssl',
      ['cms', '-verify', '-cades', '-binary', '-inform', 'DER', '-in', file('đơn.p7s')].concat(
        ['-content', file('đơn.txt'), '-CAfile', hsm.authority.certificateFile],
        ['-purpose', 'any', '-out', file('verified')],
      ),
      { stdio: 'pipe' },
    )
    const { command, description } = pinentry.asked().at(-1)!
    expect(command).toBe('GETPIN')
    for (const shown of [new URL(PORTAL).host, LABEL.name, 'Người ký thử', 'mot']) {
      expect(description).toContain(shown)
    }
  })

  test('in any format says to the person what it says of its signer, and nothing where it says nothing', async () => {
    const page = open()
    const [certificate] = await page.listCertificates()
    const signer = page.signer(certificate!)
    const claims = {
      commitment: 'approval',
      place: { city: 'Huế' },
      roles: ['KT. CHỦ TỊCH'],
    } as const
    const calls = {
      cms: () => signCms(DOCUMENT, { signer, claims }),
      xml: () => signXml(new TextEncoder().encode('<đơn/>'), { signer, claims }),
      json: () => signJson(DOCUMENT, { signer, claims }),
      pdf: () => signPdf(tableFile(), { signer, claims }),
    }
    for (const [format, sign] of Object.entries(calls)) {
      await sign()
      const place = format === 'pdf' ? '' : '; ký tại “Huế”'
      expect(pinentry.asked().at(-1)!.description?.replaceAll('\n', ' ')).toContain(
        `Chữ ký ghi thêm: bạn phê duyệt nội dung; với tư cách “KT. CHỦ TỊCH”${place}.`,
      )
    }
    await sign(page)
    expect(pinentry.asked().at(-1)!.description).not.toContain('ghi thêm')
  })

  test('a wrong PIN', async () => {
    const page = open()
    await consent(page)
    pinentry.answer({ pin: '000000' })
    const asked = pinentry.asked().length
    expect(await codeOf(sign(page))).toBe('TOKEN_PIN_INCORRECT')
    expect(pinentry.asked()).toHaveLength(asked + 1)
    pinentry.answer({ pin: hsm.pin })
    expect(await codeOf(sign(page))).toBe('signed')
  })

  test('a prompt that the person cancels', async () => {
    const page = open()
    await consent(page)
    pinentry.answer({ getpin: 'cancel' })
    expect(await codeOf(sign(page))).toBe('USER_CANCELLED')
    pinentry.answer({ pin: hsm.pin })
    expect(await codeOf(sign(page))).toBe('signed')
  })

  test('a page that cancels while the prompt is open', async () => {
    const page = open()
    await consent(page)
    pinentry.answer({ getpin: 'hang' })
    const controller = new AbortController()
    const asked = nextQuestion()
    const signing = codeOf(sign(page, controller.signal))
    await asked
    controller.abort()
    expect(await signing).toBe('USER_CANCELLED')
    await untilDialogsAreGone()
    pinentry.answer({ pin: hsm.pin })
    expect(await codeOf(sign(page))).toBe('signed')
  })

  test('a page that is closed while the prompt is open: the prompt goes away', async () => {
    const page = open()
    await consent(page)
    pinentry.answer({ getpin: 'hang' })
    const asked = nextQuestion()
    const signing = codeOf(sign(page))
    await asked
    page.close()
    expect(await signing).toBe('BRIDGE_CLOSED')
    await untilDialogsAreGone()
    pinentry.answer({ pin: hsm.pin })
    expect(await codeOf(sign(open()))).toBe('signed')
  })

  test('two tabs at once: one after the other, a dialog for each', async () => {
    const [left, right] = [open(), open()]
    await consent(left)
    const asked = pinentry.asked().length
    expect(await Promise.all([codeOf(sign(left)), codeOf(sign(right))])).toEqual([
      'signed',
      'signed',
    ])
    expect(pinentry.asked()).toHaveLength(asked + 2)
  })

  test('a token host that is killed in the middle of a signature', async () => {
    const page = open()
    await consent(page)
    troubled.setTrouble('hang')
    const signing = codeOf(sign(page))
    await troubled.untilEntered()
    process.kill(getChildProcess(bridge.pid, 'token-host'), 'SIGKILL')
    expect(await signing).toBe('TOKEN_DRIVER_CRASHED')
    troubled.setTrouble(undefined)
    expect(await codeOf(sign(page))).toBe('signed')
  })

  test('a page that is closed in the middle of a signature', async () => {
    const page = open()
    await consent(page)
    troubled.setTrouble('hang')
    const signing = codeOf(sign(page))
    await troubled.untilEntered()
    page.close()
    expect(await signing).toBe('BRIDGE_CLOSED')
    troubled.setTrouble(undefined)
    expect(await codeOf(sign(open()))).toBe('signed')
  })

  test('a token that is pulled out in the middle of a signature', async () => {
    const page = open()
    await consent(page)
    troubled.setTrouble('removed')
    expect(await codeOf(sign(page))).toBe('TOKEN_REMOVED')
    troubled.setTrouble(undefined)
    expect(await codeOf(sign(page))).toBe('signed')
  })

  test('a bridge that is restarted under an open page, which keeps its signer', async () => {
    const page = open()
    const [certificate] = await page.listCertificates()
    const signer = page.signer(certificate!)
    pinentry.answer({ getpin: 'hang' })
    const asked = nextQuestion()
    const signing = codeOf(signCms(DOCUMENT, { signer }))
    await asked
    await bridge.stop('SIGKILL')
    expect(await signing).toBe('BRIDGE_CLOSED')
    pinentry.answer({ pin: hsm.pin })
    const before = pinentry.asked().length
    bridge = await start(bridge.port)
    expect(await codeOf(signCms(DOCUMENT, { signer }))).toBe('signed')
    // The new bridge asks anew whether the page may see certificates.
    const commands = pinentry.asked().map(({ command }) => command)
    expect(commands.slice(before)).toEqual(['CONFIRM', 'GETPIN'])
  })

  test('a bridge that is stopped leaves no process behind', async () => {
    const page = open()
    await consent(page)
    const host = getChildProcess(bridge.pid, 'token-host')
    await bridge.stop()
    expect(() => process.kill(host, 0)).toThrow(/ESRCH/)
    bridge = await start(bridge.port)
  })
  test('a bridge that is killed in the middle of a signature leaves no token host behind', async () => {
    const page = open()
    await consent(page)
    troubled.setTrouble('hang')
    const signing = codeOf(sign(page))
    await troubled.untilEntered()
    const host = getChildProcess(bridge.pid, 'token-host')
    await bridge.stop('SIGKILL')
    expect(await signing).toBe('BRIDGE_CLOSED')
    await expect.poll(() => isRunning(host), { timeout: 20_000 }).toBe(false)
    troubled.setTrouble(undefined)
    bridge = await start(bridge.port)
    expect(await codeOf(sign(page))).toBe('signed')
  })
})
