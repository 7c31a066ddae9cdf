/** What `tls install` told browsers is taken back wholly, by `uninstall --all` as by `tls remove`. */
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runBridge } from '../helpers/bridge-process.ts'
import { certutil, makeDatabase } from '../helpers/nss-database.ts'
import { canHaveOwnFiles, wrapWithFiles } from '../helpers/own-files.ts'
import { hasTools } from '../helpers/tools.ts'

const FIREFOX_POLICIES = '/etc/firefox/policies/policies.json'

let home: string
let env: Record<string, string | undefined>
let state: string
const personal = (): string => path.join(home, '.pki/nssdb')
const profile = (): string => path.join(home, '.mozilla/firefox/ab12.default-esr')

beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), 'trien-home-'))
  state = path.join(home, 'state/trien')
  env = {
    HOME: home,
    XDG_STATE_HOME: path.join(home, 'state'),
    XDG_CONFIG_HOME: path.join(home, 'config'),
    // Where no systemd of this person answers.
    XDG_RUNTIME_DIR: home,
    DBUS_SESSION_BUS_ADDRESS: undefined,
    SUDO_UID: undefined,
  }
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

const run = (...args: readonly string[]): ReturnType<typeof runBridge> => runBridge(args, env)
const countIn = (place: string): number =>
  certutil(place, '-L').match(/Trien for this computer only/g)?.length ?? 0

describe.runIf(hasTools('certutil'))('uninstall --all', () => {
  beforeEach(async () => {
    makeDatabase(profile())
    expect(await run('tls', 'install')).toMatchObject({ code: 0 })
    expect([countIn(personal()), countIn(profile())]).toEqual([1, 1])
  })

  it('says what it would take back, takes it back, and has nothing more to do', async () => {
    await run('install', '--user', '--tls')
    const entry = path.join(home, 'config/autostart/trien-bridge.desktop')
    const plan = await run('uninstall', '--all', '--dry-run')
    expect(plan.stdout.split('\n')).toEqual(
      expect.arrayContaining([
        entry,
        `the certificate for wss in ${personal()} (Chromium, Chrome, Edge)`,
        `the certificate for wss in ${profile()} (Firefox)`,
        path.join(state, 'tls.pem'),
        path.join(state, 'tls-authority.pem'),
      ]),
    )
    expect([countIn(personal()), existsSync(entry)]).toEqual([1, true])

    const done = await run('uninstall', '--all')
    expect(done).toMatchObject({ code: 0, stderr: expect.stringContaining('no browser believes') })
    expect([countIn(personal()), countIn(profile())]).toEqual([0, 0])
    expect([existsSync(state), existsSync(entry)]).toEqual([false, false])

    expect((await run('uninstall', '--all', '--dry-run')).stdout).toBe('')
    const again = await run('uninstall', '--all')
    expect(again).toMatchObject({ code: 0, stderr: expect.not.stringContaining('wss') })
  })

  it.each<[string, () => void]>([
    ['is gone', () => rmSync(path.join(state, 'tls.pem'))],
    ['may be read by others', () => chmodSync(path.join(state, 'tls.pem'), 0o644)],
  ])('has browsers forget also where the file %s', async (_, spoil) => {
    spoil()
    expect(await run('uninstall', '--all')).toMatchObject({ code: 0 })
    expect([countIn(personal()), countIn(profile())]).toEqual([0, 0])
    expect(existsSync(state)).toBe(false)
  })

  it.runIf(canHaveOwnFiles())(
    'names the policy that only an administrator can take out',
    async () => {
      const policies = { Certificates: { Install: [path.join(state, 'tls-authority.pem')] } }
      const content = JSON.stringify({ policies })
      const inside = [wrapWithFiles(home, '/usr/bin/env', { [FIREFOX_POLICIES]: content })]
      const { code, stderr } = await runBridge(['uninstall', '--all'], env, inside)
      expect(code).toBe(0)
      expect(stderr).toContain(`${FIREFOX_POLICIES} still has it believed`)
      expect(existsSync(state)).toBe(false)
    },
  )
})
