/** The doctor on this machine, as a person runs it: what it finds, and what it must not say. */
import { once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { hostname, tmpdir, userInfo } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findModules } from '../../packages/bridge/src/token/discovery/find-modules.ts'
import { runBridge, startBridge } from '../helpers/bridge-process.ts'
import { OTHER_UID, canBeOther, shareBridge } from '../helpers/other-user.ts'
import { findClosedPort } from '../helpers/scripted-bridge.ts'
import { type SoftHsm, canUseSoftHsm, createSoftHsm } from '../helpers/softhsm.ts'

interface Shown {
  readonly id: string
  readonly state: string
  readonly text: string
  readonly remedy?: string
  readonly personal?: readonly string[]
}

const ownModules = findModules().map(({ realPath }) => realPath)
const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

/** A person of their own: home, settings and state. */
let home = ''
let env: Record<string, string | undefined> = {}
beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), 'nguyen-thi-lan-'))
  cleanups.push(() => rmSync(home, { recursive: true }))
  const [config, state] = [path.join(home, 'config'), path.join(home, 'state')]
  for (const folder of [config, state]) mkdirSync(folder, { mode: 0o700 })
  writeSettings({})
  env = { HOME: home, XDG_CONFIG_HOME: config, XDG_STATE_HOME: state, LC_ALL: 'C.UTF-8' }
})

/** The modules of this machine are left in peace: each costs a process, and another test looks at them. */
function writeSettings(settings: {
  modules?: readonly string[]
  moduls?: readonly string[]
}): void {
  const wanted = (settings.modules ?? []).map((file) => realpathSync(file))
  const ignoreModules = ownModules.filter((file) => !wanted.includes(file))
  const folder = path.join(home, 'config', 'trien')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  writeFileSync(path.join(folder, 'bridge.json'), JSON.stringify({ ignoreModules, ...settings }), {
    mode: 0o600,
  })
}

async function look(...args: string[]): Promise<{ code: number | null; shown: Shown[] }> {
  const { code, stdout } = await runBridge(['doctor', '--json', ...args], env)
  return { code, shown: (JSON.parse(stdout) as { findings: Shown[] }).findings }
}

const find = (shown: readonly Shown[], id: string): Shown | undefined =>
  shown.find((finding) => finding.id === id)

describe('doctor', () => {
  it('says that no bridge runs, what to do, and fails', async () => {
    const port = await findClosedPort()
    const { code, shown } = await look('--port', String(port))
    expect(code).toBe(1)
    expect(find(shown, 'ports.none')).toMatchObject({
      state: 'bad',
      remedy: expect.stringContaining('trien-bridge serve'),
    })
    for (const { id, state, remedy } of shown) {
      if (state === 'bad' || state === 'warning') expect(remedy, id).toMatch(/\.|:/)
    }
  })

  it('knows a bridge by its greeting, which asks nobody', async () => {
    const bridge = await startBridge({ env })
    cleanups.push(() => bridge.stop())
    const { shown } = await look('--port', String(bridge.port))
    expect(find(shown, 'ports.bridge')).toMatchObject({ state: 'good' })
    expect(find(shown, 'ports.none')).toBeUndefined()
    expect(bridge.stderr()).not.toMatch(/refused|unexpected/)
  })

  it('tells a program that is no bridge from one, even where it never answers', async () => {
    const server = createServer()
    server.listen({ host: '127.0.0.1', port: 0 })
    await once(server, 'listening')
    cleanups.push(() => server.close())
    const { port } = server.address() as { port: number }
    const { shown } = await look('--port', String(port))
    expect(find(shown, `ports.${port}`)).toMatchObject({ state: 'warning' })
    expect(find(shown, 'ports.none')).toMatchObject({ state: 'bad' })
  })

  it.runIf(canBeOther())('tells the bridge of another user from ours', async () => {
    const shared = shareBridge()
    cleanups.push(() => shared.remove())
    const bridge = await startBridge({ uid: OTHER_UID, cli: shared.cli })
    cleanups.push(() => bridge.stop())
    const { shown } = await look('--port', String(bridge.port))
    expect(find(shown, `ports.${bridge.port}`)).toMatchObject({
      state: 'warning',
      text: expect.stringContaining('another user'),
    })
  })

  it('speaks Vietnamese where the system does, and where it is told to', async () => {
    env['LC_ALL'] = 'vi_VN.UTF-8'
    const { stdout } = await runBridge(['doctor'], env)
    expect(stdout).toMatch(/lỗi, \d+ chú ý\n$/)
    const english = await runBridge(['doctor', '--language', 'en'], env)
    expect(english.stdout).toMatch(/bad, \d+ warnings\n$/)
  })

  it('names a wrong settings file only to who may know', async () => {
    writeSettings({ moduls: [] })
    const { shown } = await look()
    expect(find(shown, 'settings.files')).toMatchObject({ state: 'bad' })
    expect(JSON.stringify(shown)).not.toContain(home)
    const { shown: full } = await look('--full')
    expect(find(full, 'settings.files')?.personal?.[0]).toContain(home)
  })

  it('names a folder that others may reach', async () => {
    mkdirSync(path.join(home, 'state', 'trien'))
    chmodSync(path.join(home, 'state', 'trien'), 0o755)
    const { shown } = await look()
    expect(find(shown, 'state.folder')).toMatchObject({ state: 'bad' })
  })
})

describe.runIf(canUseSoftHsm())('doctor, with a token', () => {
  let hsm: SoftHsm
  beforeEach(() => {
    hsm = createSoftHsm()
    cleanups.push(() => hsm.close())
    env = { ...env, ...hsm.env }
  })

  it('tells of module, token and certificates, and says nothing that may not be pasted', async () => {
    hsm.addToken('Văn thư Lan', [])
    hsm.addKey('Văn thư Lan', '01', hsm.authority.issue('P-256', 'Lan', 20))
    writeSettings({ modules: [hsm.modulePath] })
    const origin = 'https://dichvucong.example'
    mkdirSync(path.join(home, 'state', 'trien'), { mode: 0o700 })
    const records = [{ origin, granted: '2026-11-01', lastUsed: '2026-11-02' }]
    const consents = path.join(home, 'state', 'trien', 'origins.json')
    writeFileSync(consents, JSON.stringify(records), { mode: 0o600 })

    const { shown: full } = await look('--full')
    expect(find(full, `modules.${path.basename(hsm.modulePath)}`)).toMatchObject({ state: 'good' })
    expect(find(full, 'tokens.1')).toMatchObject({ state: 'good' })
    expect(find(full, 'certificates.1.1')).toMatchObject({
      state: 'warning',
      text: expect.stringContaining('expires in'),
    })
    const [holder = '', numbers = ''] = find(full, 'certificates.1.1')?.personal ?? []
    const [label = ''] = find(full, 'tokens.1')?.personal ?? []
    expect(label).toContain('Văn thư Lan')
    const secrets = [
      ...[home, path.basename(home), 'Văn thư Lan', origin, 'dichvucong'],
      ...holder.split(', ').flatMap((part) => part.split('=').slice(1)),
      ...[numbers.split(',')[0] ?? '', label.split(', ').at(-1) ?? ''],
      ...[hostname(), userInfo().username].map(
        (name) => new RegExp(`(?<![\\w-])${name}(?![\\w-])`),
      ),
    ]
    expect(secrets.length).toBeGreaterThan(8)
    for (const language of ['vi', 'en']) {
      for (const form of [[], ['--json']]) {
        const { stdout, stderr } = await runBridge(['doctor', '--language', language, ...form], env)
        for (const secret of secrets) {
          if (typeof secret === 'string') {
            expect(secret).not.toBe('')
            expect(stdout + stderr).not.toContain(secret)
          } else expect(stdout + stderr).not.toMatch(secret)
        }
      }
    }
  })
})
