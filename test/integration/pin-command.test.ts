/**
 * `trien-bridge tokens change-pin` and `unblock`: the person asks from the command line, and goes the way of a page's
 * request. The tokens are SoftHSM2, whose SO PIN stands for the PUK; the pinentry is scripted.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { connect } from '@trien/sdk/bridge'
import { signCms } from '@trien/sdk/cms'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { codeOf } from '../helpers/code-of.ts'
import { runBridge, startBridge } from '../helpers/bridge-process.ts'
import { pageSocket } from '../helpers/page-socket.ts'
import { type ScriptedPinentry, createScriptedPinentry } from '../helpers/scripted-pinentry.ts'
import { SO_PIN, type SoftHsm, canUseSoftHsm, createSoftHsm } from '../helpers/softhsm.ts'

const NEW_PIN = '86420-mới'
const [NOW, PUK, NEW, AGAIN] = ['Mã PIN hiện tại:', 'Mã PUK:', 'Mã PIN mới:', 'Nhập lại:']

describe.runIf(canUseSoftHsm())('a PIN from the command line', () => {
  const state = mkdtempSync(path.join(tmpdir(), 'trien-command-'))
  let hsm: SoftHsm
  let pinentry: ScriptedPinentry
  let env: Record<string, string>
  let serial: string

  beforeAll(async () => {
    hsm = createSoftHsm()
    hsm.addToken('mot', ['P-256'])
    hsm.addToken('hai', [])
    pinentry = createScriptedPinentry()
    env = { ...hsm.env, ...pinentry.env, XDG_STATE_HOME: state, LC_ALL: 'vi_VN.UTF-8' }
    const { stdout } = await runBridge(['tokens', '--json', '--module', hsm.modulePath], env)
    const [report] = JSON.parse(stdout) as { tokens: { label: string; serial: string }[] }[]
    serial = report!.tokens.find(({ label }) => label === 'mot')!.serial
  })
  beforeEach(() => pinentry.clear())
  afterAll(() => {
    pinentry?.remove()
    hsm?.close()
    rmSync(state, { recursive: true, force: true })
  })

  const run = (...words: string[]) => {
    const found = ['--module', hsm.modulePath, '--pinentry', pinentry.program]
    return runBridge(['tokens', ...words, ...found], env)
  }
  const type = (pins: Record<string, string>): void => pinentry.answer({ pins })
  const isPin = (pin: string): boolean => {
    const login = ['--login', '--pin', pin, '--token-label', 'mot', '--list-objects']
    try {
      execFileSync('pkcs11-tool', ['--module', hsm.modulePath, ...login], {
        env: { ...process.env, ...hsm.env },
        stdio: 'ignore',
      })
      return true
    } catch {
      return false
    }
  }

  test('is not asked before the token is named, and nobody picks one', async () => {
    const { code, stderr } = await run('change-pin')
    expect(code).toBe(1)
    expect(stderr).toContain('có 2 thiết bị; hãy nói rõ thiết bị nào')
    expect(stderr).toContain(`trien-bridge tokens change-pin "${serial}"`)
    expect((await run('change-pin', 'ba')).stderr).toContain('không có thiết bị nào')
    expect(pinentry.asked()).toEqual([])
  })

  test('is changed in the prompt, which says who asks and for which token', async () => {
    type({ [NOW]: hsm.pin, [NEW]: NEW_PIN, [AGAIN]: NEW_PIN })
    const { code, stdout, stderr } = await run('change-pin', serial)
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: '',
      stderr: 'trien-bridge: đã đổi mã PIN của thiết bị mot\n',
    })
    const asked = pinentry.asked()
    expect(asked.map(({ prompt }) => prompt)).toEqual([NOW, NEW, AGAIN])
    for (const { description } of asked) {
      expect(description).toContain('Lệnh trien-bridge trên máy này')
      expect(description).toContain(`mot, số ${serial}`)
    }
    expect([isPin(hsm.pin), isPin(NEW_PIN)]).toEqual([false, true])
  })

  test('stays as it was where the old one is wrong or the person cancels', async () => {
    type({ [NOW]: 'wrong-old', [NEW]: '4711-neu', [AGAIN]: '4711-neu' })
    const wrong = await run('change-pin', 'mot')
    expect([wrong.code, wrong.stderr]).toEqual([
      1,
      expect.stringMatching(/^trien-bridge: mã PIN không đúng\nhint: Kiểm tra lại mã PIN/),
    ])
    pinentry.answer({ getpin: 'cancel' })
    const cancelled = await run('change-pin', 'mot', '--language', 'en')
    expect([cancelled.code, cancelled.stderr]).toEqual([
      1,
      expect.stringContaining('you cancelled; the PIN is as it was'),
    ])
    // A wrong PIN counts, whoever asked for it.
    expect(pinentry.asked().at(-1)!.error).toContain('One wrong entry so far')
    expect(isPin(NEW_PIN)).toBe(true)
  })

  test('is set anew by the PUK', async () => {
    type({ [PUK]: SO_PIN, [NEW]: hsm.pin, [AGAIN]: hsm.pin })
    const { code, stderr } = await run('unblock', 'mot')
    expect([code, stderr]).toEqual([0, 'trien-bridge: đã mở khóa thiết bị mot và đặt mã PIN mới\n'])
    expect(isPin(hsm.pin)).toBe(true)
  })

  test('is left alone while a page has something signed with the token', async () => {
    const args = ['--module', hsm.modulePath, '--pinentry', pinentry.program]
    const bridge = await startBridge({ args, env })
    const page = connect({ ports: [bridge.port], webSocket: pageSocket() })
    try {
      const certificate = (await page.listCertificates())[0]!
      pinentry.answer({ getpin: 'hang' })
      const controller = new AbortController()
      const signing = codeOf(
        signCms(new Uint8Array(1), {
          signer: page.signer(certificate),
          signal: controller.signal,
        }),
      )
      await pinentry.untilCount('asked', 2)
      const { code, stderr } = await run('change-pin', 'mot')
      expect([code, stderr]).toEqual([
        1,
        expect.stringMatching(/^trien-bridge: chương trình ký đang bận\nhint: /),
      ])
      expect(pinentry.asked()).toHaveLength(2)
      controller.abort()
      expect(await signing).toBe('USER_CANCELLED')
      type({ [NOW]: hsm.pin, [NEW]: NEW_PIN, [AGAIN]: NEW_PIN })
      expect(await run('change-pin', 'mot')).toMatchObject({ code: 0 })
    } finally {
      page.close()
      await bridge.stop()
    }
  })

  test('leaves in the journal that this command line asked', async () => {
    const { stdout } = await runBridge(['journal', '--json'], env)
    const rows = (JSON.parse(stdout) as Record<string, unknown>[]).filter(
      ({ deed }) => deed !== 'sign',
    )
    expect(rows.map(({ deed, origin, result }) => [deed, origin, result])).toEqual([
      ['change-pin', null, 'done'],
      ['change-pin', null, 'TOKEN_PIN_INCORRECT'],
      ['change-pin', null, 'USER_CANCELLED'],
      ['unblock', null, 'done'],
      ['change-pin', null, 'done'],
    ])
    expect((await runBridge(['journal', 'verify'], env)).code).toBe(0)
    const csv = (await runBridge(['journal', '--csv'], env)).stdout
    expect(csv.match(/,change-pin,,,.*,mot,[0-9a-f]+,done\r$/gm)).toHaveLength(2)
    expect((await runBridge(['journal', 'summary'], env)).stdout).toMatch(
      /this command line {2}mot \([0-9a-f]+\) {2}change the PIN: done 2, not done 2\n/,
    )
    for (const secret of [hsm.pin, SO_PIN, NEW_PIN]) expect(stdout).not.toContain(secret)
  })
})
