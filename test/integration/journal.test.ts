/**
 * The journal as a running bridge writes it and `trien-bridge journal` reads it: a page, a scripted pinentry, SoftHSM2.
 */
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Bridge, connect } from '@trien/sdk/bridge'
import { signCms } from '@trien/sdk/cms'
import { isSigningError } from '@trien/sdk/errors'
import { type BridgeProcess, runBridge, startBridge } from '../helpers/bridge-process.ts'
import { PORTAL, pageSocket } from '../helpers/page-socket.ts'
import { type ScriptedPinentry, createScriptedPinentry } from '../helpers/scripted-pinentry.ts'
import { type SoftHsm, canUseSoftHsm, createSoftHsm } from '../helpers/softhsm.ts'

const DOCUMENT = new TextEncoder().encode('Tờ trình')
const LABEL = { name: '=tờ trình\u{202E}.txt', mediaType: 'text/plain' }
/** A PIN that is nowhere else, so that it can be looked for. */
const WRONG_PIN = '97531864'

interface Row {
  readonly origin: string
  readonly result: string
  readonly signed: number
  readonly documents: readonly { name: string; digest: { algorithm: string; hex: string } }[]
  readonly certificate: { id: string; holder: string }
  readonly token: { label: string; serial: string }
}

describe.runIf(canUseSoftHsm())('the journal of a running bridge', () => {
  let hsm: SoftHsm
  let pinentry: ScriptedPinentry
  let stateHome = ''
  const bridges: BridgeProcess[] = []
  const pages: Bridge[] = []

  beforeAll(() => {
    hsm = createSoftHsm()
    hsm.addToken('mot', ['P-256'])
    pinentry = createScriptedPinentry()
  })
  afterAll(() => {
    pinentry?.remove()
    hsm?.close()
  })
  beforeEach(() => {
    stateHome = mkdtempSync(path.join(tmpdir(), 'trien-journal-'))
    pinentry.answer({ pin: hsm.pin })
  })
  afterEach(async () => {
    pages.splice(0).forEach((page) => page.close())
    await Promise.all(bridges.splice(0).map((bridge) => bridge.stop()))
    rmSync(stateHome, { recursive: true })
  })

  const folder = (): string => path.join(stateHome, 'trien', 'journal')
  const journal = (...args: string[]) =>
    runBridge(['journal', ...args], { XDG_STATE_HOME: stateHome })

  async function start(...args: string[]): Promise<BridgeProcess> {
    const bridge = await startBridge({
      args: ['--pinentry', pinentry.program, ...args],
      env: { ...hsm.env, ...pinentry.env, XDG_STATE_HOME: stateHome, LC_ALL: 'C.UTF-8' },
    })
    bridges.push(bridge)
    return bridge
  }
  const startReal = (): Promise<BridgeProcess> => start('--module', hsm.modulePath)

  function open(bridge: BridgeProcess): Bridge {
    const page = connect({ ports: [bridge.port], webSocket: pageSocket() })
    pages.push(page)
    return page
  }

  async function signOn(page: Bridge): Promise<string> {
    const [certificate] = await page.listCertificates()
    const signer = page.signer(certificate!)
    return signCms(DOCUMENT, { signer, document: LABEL }).then(
      () => 'signed',
      (error: unknown) => (isSigningError(error) ? error.code : String(error)),
    )
  }

  async function rows(): Promise<Row[]> {
    const { code, stdout } = await journal('--json')
    expect(code).toBe(0)
    return JSON.parse(stdout) as Row[]
  }

  test('signed, wrong PIN, cancelled: once each, with who, what and how it ended', async () => {
    const bridge = await startReal()
    const page = open(bridge)
    expect(await signOn(page)).toBe('signed')
    pinentry.answer({ pin: WRONG_PIN })
    expect(await signOn(page)).toBe('TOKEN_PIN_INCORRECT')
    pinentry.answer({ getpin: 'cancel' })
    expect(await signOn(page)).toBe('USER_CANCELLED')
    expect(await bridge.stop()).toBe(0)

    const written = await rows()
    expect(written.map(({ result, signed }) => [result, signed])).toEqual([
      ['signed', 1],
      ['TOKEN_PIN_INCORRECT', 0],
      ['USER_CANCELLED', 0],
    ])
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', DOCUMENT))
    expect(written[0]).toMatchObject({
      origin: PORTAL,
      documents: [
        {
          name: '=tờ trình\u{FFFD}.txt',
          digest: { algorithm: 'SHA-256', hex: Buffer.from(digest).toString('hex') },
        },
      ],
      certificate: { holder: expect.stringContaining('mot') },
      token: { label: 'mot' },
    })
    expect(await journal('verify')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^whole: 6 lines in 1 file; the last is [0-9a-f]{64}\n$/),
    })
    const kept = readdirSync(folder()).map((name) =>
      readFileSync(path.join(folder(), name), 'utf8'),
    )
    for (const secret of [hsm.pin, WRONG_PIN, 'Tờ trình']) {
      expect(kept.join('')).not.toContain(secret)
    }
  })

  test('is exported, counted, and a changed byte is found where it is', async () => {
    const page = open(await startReal())
    await signOn(page)
    await signOn(page)
    const csv = await journal('--csv')
    expect(csv.stdout.split('\r\n')).toHaveLength(4)
    expect(csv.stdout).toContain(`,'=tờ trình\u{FFFD}.txt,`)
    expect((await journal('summary')).stdout).toMatch(
      /^\d{4}-\d\d {2}https:\/\/portal\.gov\.test {2}.+ {2}signed 2, not signed 0\n$/,
    )
    const shown = await journal()
    expect(shown).toMatchObject({ code: 0, stderr: '' })
    expect(shown.stdout.match(/^ {2}signed/gm)).toHaveLength(2)

    const file = path.join(folder(), '000001.jsonl')
    writeFileSync(
      file,
      readFileSync(file, 'utf8').replace('"result":"signed"', '"result":"sygned"'),
    )
    const verified = await journal('verify')
    expect(verified.code).toBe(1)
    expect(verified.stdout).toBe(
      'BREAK  000001.jsonl:2  was changed, or was not signed by this installation\n',
    )
    expect(verified.stderr).toMatch(/breaks in 1 place\nhint: /)
    expect((await journal()).stderr).toContain('this journal is damaged')
    const json = JSON.parse((await journal('verify', '--json')).stdout) as { whole: boolean }
    expect(json.whole).toBe(false)
  })

  test('goes on in the next bridge, also in two at once', async () => {
    const first = await startReal()
    await signOn(open(first))
    await first.stop()
    const [second, third] = [await startReal(), await startReal()]
    const [left, right] = [open(second), open(third)]
    expect(await Promise.all([signOn(left), signOn(right)])).toEqual(['signed', 'signed'])
    expect(await rows()).toHaveLength(3)
    expect((await journal('verify')).stdout).toContain('whole: 6 lines')
  })

  test('a bridge that is killed while it asks leaves what was asked, and how it ended unknown', async () => {
    const bridge = await startReal()
    const page = open(bridge)
    await page.listCertificates()
    pinentry.answer({ getpin: 'hang' })
    const asked = pinentry.untilCount('asked', pinentry.asked().length + 1)
    const signing = signOn(page)
    await asked
    expect(await rows()).toMatchObject([{ result: 'unknown' }])
    await bridge.stop('SIGKILL')
    expect(await signing).toBe('BRIDGE_CLOSED')
    expect(await rows()).toMatchObject([{ result: 'unknown', signed: 0 }])
    expect((await journal('verify')).code).toBe(0)
  })

  test('that cannot be written refuses before the person is asked, and says why to who runs it', async () => {
    const bridge = await startReal()
    const page = open(bridge)
    await page.listCertificates()
    const asked = pinentry.asked().length
    mkdirSync(path.join(stateHome, 'trien'), { recursive: true, mode: 0o700 })
    writeFileSync(folder(), '')
    expect(await signOn(page)).toBe('BRIDGE_JOURNAL')
    expect(pinentry.asked()).toHaveLength(asked)
    expect(bridge.stderr()).toMatch(
      /the journal cannot be written, so nothing is signed: .+\nhint: /,
    )
    rmSync(folder())
    expect(await signOn(page)).toBe('signed')
  })

  test('is not kept of the demo’s token, and is empty before the first signature', async () => {
    const page = open(await start('--demo'))
    expect(await signOn(page)).not.toBe('')
    expect(readdirSync(stateHome)).toEqual([])
    expect(await journal('--json')).toMatchObject({
      code: 0,
      stdout: '[]\n',
      stderr: expect.stringContaining('no journal yet'),
    })
    expect(readdirSync(stateHome)).toEqual([])
  })
})
