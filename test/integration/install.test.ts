/** The bridge put into a person's home and taken out again, in a home of its own. */
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  watch,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { writeDesktopEntry } from '../../packages/bridge/src/install/desktop-entry.ts'
import { writeUnit } from '../../packages/bridge/src/install/systemd-unit.ts'
import { createJournal } from '../../packages/bridge/src/journal/journal.ts'
import { runBridge } from '../helpers/bridge-process.ts'
import { hasTools } from '../helpers/tools.ts'

/** What a path may hold, and every format treats in its own way. */
const NASTY = '/opt/Ứng dụng 100%/it\'s "$HOME"\\y `z`/cli.js'

let home = ''
let env: Record<string, string | undefined> = {}
beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), 'trien-home-'))
  mkdirSync(path.join(home, 'run'), { mode: 0o700 })
  env = {
    HOME: home,
    // Where no systemd of this person answers.
    XDG_RUNTIME_DIR: path.join(home, 'run'),
    DBUS_SESSION_BUS_ADDRESS: undefined,
    XDG_CONFIG_HOME: undefined,
    XDG_STATE_HOME: undefined,
    SUDO_UID: undefined,
  }
})
afterEach(() => {
  rmSync(home, { recursive: true })
})

const listFiles = (): string[] =>
  readdirSync(home, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(home, path.join(entry.parentPath, entry.name)))
    // A driver of this machine keeps a file of its own in every home that it sees.
    .filter((file) => !file.startsWith('.tpm2_pkcs11'))
    .sort()
const ENTRY = '.config/autostart/trien-bridge.desktop'
const run = (...args: string[]) => runBridge(args, env)

describe.runIf(process.platform === 'linux')('install and uninstall', () => {
  it('print what they would do, and do nothing', async () => {
    const { code, stdout } = await run('install', '--user', '--dry-run')
    expect(code).toBe(0)
    expect(stdout).toContain(`# ${path.join(home, ENTRY)}\n[Desktop Entry]`)
    expect(listFiles()).toEqual([])
  })

  it('put an entry there once, and take it away wholly', async () => {
    expect(await run('install', '--user')).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('starts at your next login'),
    })
    expect(listFiles()).toEqual([ENTRY])
    const file = path.join(home, ENTRY)
    expect(readFileSync(file, 'utf8')).toMatch(/^Exec="[^"]*node" "[^"]*cli\.js" "serve"$/m)
    if (existsSync('/usr/bin/desktop-file-validate')) {
      execFileSync('/usr/bin/desktop-file-validate', [file])
    }

    const { mtimeMs } = statSync(file)
    expect((await run('install', '--user')).stderr).toContain('nothing was changed')
    expect(statSync(file).mtimeMs).toBe(mtimeMs)
    const doctor = await run('doctor', '--json', '--language', 'en')
    expect(doctor.stdout).toContain('Trien starts whenever you log in.')

    await run('install', '--user', '--tls')
    expect(readFileSync(file, 'utf8')).toContain(' "serve" "--tls"\n')
    const again = await run('doctor', '--json', '--language', 'en')
    expect(again.stdout).toContain('Trien starts whenever you log in.')

    expect((await run('uninstall', '--dry-run')).stdout).toBe(`${file}\n`)
    expect(await run('uninstall')).toMatchObject({ code: 0 })
    expect(listFiles()).toEqual([])
    expect(await run('uninstall')).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('nothing was changed'),
    })
  })

  it('refuse to guess for whom, and to be run by sudo', async () => {
    expect(await run('install')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('hint: trien-bridge install --user'),
    })
    if (process.getuid?.() !== 0) return
    env['SUDO_UID'] = '1000'
    for (const verb of [['install', '--user'], ['uninstall']]) {
      expect(await run(...verb)).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('without sudo'),
      })
    }
    expect(listFiles()).toEqual([])
  })

  it('forget everything but the journal, and that too when told so', async () => {
    const state = path.join(home, '.local/state/trien')
    mkdirSync(state, { recursive: true, mode: 0o700 })
    await createJournal(() => state).append({ kind: 'recovered', trouble: 'torn-line' })
    writeFileSync(path.join(state, 'origins.json'), '[]', { mode: 0o600 })

    const kept = await run('uninstall', '--all')
    expect(kept.stderr).toContain('forgets for good: origins.json')
    expect(kept.stderr).toContain('keeps the journal, 1 lines')
    expect(readdirSync(state).sort()).toEqual(['identity.key', 'journal'])
    expect(await run('journal', 'verify')).toMatchObject({ code: 0 })

    expect((await run('uninstall', '--with-journal')).code).toBe(1)
    const lost = await run('uninstall', '--all', '--with-journal')
    expect(lost.stderr).toContain('the journal is lost, 1 lines')
    expect(existsSync(state)).toBe(false)
  })

  it('do not empty a folder that others may reach', async () => {
    const state = path.join(home, '.local/state/trien')
    mkdirSync(state, { recursive: true })
    writeFileSync(path.join(state, 'precious'), '')
    chmodSync(state, 0o777)
    expect(await run('uninstall', '--all')).toMatchObject({ code: 1 })
    expect(existsSync(path.join(state, 'precious'))).toBe(true)
  })
})

describe('what is written for the system', () => {
  it.runIf(hasTools('systemd-analyze'))('is a unit that systemd takes without a word', () => {
    const unit = path.join(home, 'trien-bridge.service')
    writeFileSync(unit, writeUnit([process.execPath, NASTY, 'serve']))
    const told = execFileSync('sh', ['-c', 'systemd-analyze --user verify "$1" 2>&1', '-', unit], {
      env: { ...process.env, HOME: home, XDG_RUNTIME_DIR: path.join(home, 'run') },
      encoding: 'utf8',
    })
    expect(told).toBe('')
  })

  it.runIf(hasTools('gio'))('is an entry that a desktop starts as it was meant', async () => {
    const [out, program] = [path.join(home, 'out'), path.join(home, 'a program')]
    writeFileSync(
      program,
      `#!/bin/sh\nprintf '%s\\n' "$@" > '${out}.new'\nmv '${out}.new' '${out}'\n`,
    )
    chmodSync(program, 0o755)
    const entry = path.join(home, 'trien-bridge.desktop')
    writeFileSync(entry, writeDesktopEntry([program, NASTY, 'serve'], false))
    const watcher = watch(home)
    const written = new Promise<void>((resolve) => {
      watcher.on('change', () => {
        if (existsSync(out)) resolve()
      })
    })
    execFileSync('gio', ['launch', entry])
    await written
    watcher.close()
    expect(readFileSync(out, 'utf8')).toBe(`${NASTY}\nserve\n`)
  })
})
