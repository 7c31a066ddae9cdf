import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CommandFailure } from '../failure.ts'
import { type System, describePlace } from '../settings/place.ts'
import { describeAutostart } from './autostart.ts'
import { putAutostart, removeAutostart } from './install.ts'
import { writeLaunchAgent } from './launch-agent.ts'
import { findLaunchCommand } from './launch-command.ts'
import type { InstallMachine, Run } from './machine.ts'
import { writeUnit } from './systemd-unit.ts'

const COMMAND = ['/opt/node', '/opt/trien/cli.js', 'serve']
let home = ''
beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), 'trien-install-'))
})
afterEach(() => {
  rmSync(home, { recursive: true })
})

function machine(system: System, run: Run): InstallMachine {
  return { place: describePlace({ system, home, env: {} }), uid: 1000, run }
}

const listFiles = (): string[] =>
  readdirSync(home, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(home, path.join(entry.parentPath, entry.name)))
    .sort()

/** Remembers every command, and fails those that `refuses` names. */
function recorder(refuses: (command: string) => boolean = () => false): {
  run: Run
  ran: string[]
} {
  const ran: string[] = []
  const run: Run = async (...command) => {
    ran.push(command.join(' '))
    return refuses(command.join(' ')) ? undefined : '252'
  }
  return { run, ran }
}

/** A registry of one key, as reg.exe shows it. */
function registry(): { run: Run; values: Map<string, string> } {
  const values = new Map<string, string>()
  const run: Run = async (program, verb = '', key = '', ...options) => {
    expect(program).toBe('reg.exe')
    const name = options[options.indexOf('/v') + 1] ?? ''
    const value = values.get(name)
    if (verb === 'add') values.set(name, options[options.indexOf('/d') + 1] ?? '')
    else if (value === undefined) return undefined
    else if (verb === 'delete') values.delete(name)
    return `\r\n${key}\r\n    ${name}    REG_SZ    ${value ?? ''}\r\n\r\n`
  }
  return { run, values }
}

describe('a machine with a systemd of the person', () => {
  it('gets a unit and an entry, once, and loses both', async () => {
    const { run, ran } = recorder()
    const on = machine('linux', run)
    const autostart = await describeAutostart(on, COMMAND)
    expect((await putAutostart(autostart, on)).changed).toHaveLength(2)
    expect(listFiles()).toEqual([
      '.config/autostart/trien-bridge.desktop',
      '.config/systemd/user/trien-bridge.service',
    ])
    expect(ran.slice(1)).toEqual([
      'systemctl --user daemon-reload',
      'systemctl --user enable trien-bridge.service',
      'systemctl --user restart trien-bridge.service',
    ])
    ran.length = 0
    expect(await putAutostart(autostart, on)).toEqual({ changed: [], failed: [] })
    expect(ran).toEqual([])

    await removeAutostart(await describeAutostart(on, ['another version']), on)
    expect(listFiles()).toEqual([])
    expect(ran.slice(1)).toEqual([
      'systemctl --user disable --now trien-bridge.service',
      'systemctl --user daemon-reload',
    ])
    ran.length = 0
    expect(await removeAutostart(autostart, on)).toEqual({ changed: [], failed: [] })
    expect(ran).toEqual([])
  })

  it('is told what failed, and is put right by the next time', async () => {
    const { run } = recorder((command) => command.includes('restart'))
    const on = machine('linux', run)
    const autostart = await describeAutostart(on, COMMAND)
    expect((await putAutostart(autostart, on)).failed).toEqual([
      ['systemctl', '--user', 'restart', 'trien-bridge.service'],
    ])
    writeFileSync(autostart.items[0]?.name ?? '', 'of an older version')
    expect((await putAutostart(autostart, on)).changed).toEqual([autostart.items[0]?.name])
    expect(readFileSync(autostart.items[0]?.name ?? '', 'utf8')).toBe(writeUnit(COMMAND))
  })
})

describe('macOS', () => {
  it('gets a launch agent, whose words are escaped', async () => {
    const { run, ran } = recorder()
    const on = machine('darwin', run)
    const autostart = await describeAutostart(on, COMMAND)
    await putAutostart(autostart, on)
    expect(listFiles()).toEqual(['Library/LaunchAgents/trien.bridge.plist'])
    expect(ran.at(-1)).toMatch(/^launchctl bootstrap gui\/1000 .*trien\.bridge\.plist$/)
    await removeAutostart(autostart, on)
    expect(listFiles()).toEqual([])
    expect(ran.at(-1)).toBe('launchctl bootout gui/1000/trien.bridge')
    expect(writeLaunchAgent(['/A & <B>/node'])).toContain(
      '<string>/A &amp; &lt;B&gt;/node</string>',
    )
  })
})

describe('Windows', () => {
  it('gets a value of the Run key, once, and loses it', async () => {
    const { run, values } = registry()
    const on = machine('windows', run)
    const words = ['C:\\Program Files\\nodejs\\node.exe', 'C:\\trien\\cli.js', 'serve']
    const autostart = await describeAutostart(on, words)
    expect((await putAutostart(autostart, on)).changed).toHaveLength(1)
    const value = '"C:\\Program Files\\nodejs\\node.exe" C:\\trien\\cli.js serve'
    expect(values).toEqual(new Map([['Trien', value]]))
    expect((await putAutostart(autostart, on)).changed).toEqual([])
    expect((await removeAutostart(autostart, on)).changed).toHaveLength(1)
    expect(values.size).toBe(0)
    expect((await removeAutostart(autostart, on)).changed).toEqual([])
  })
})

describe('the command that is started', () => {
  it('is this very program, by the files behind every link', () => {
    expect(findLaunchCommand({ execPath: '/n/node', script: import.meta.filename })).toEqual([
      '/n/node',
      import.meta.filename,
      'serve',
    ])
    const packaged = { execPath: '/opt/trien/trien-bridge', script: '/opt/trien/trien-bridge' }
    expect(findLaunchCommand(packaged)).toEqual(['/opt/trien/trien-bridge', 'serve'])
  })

  it('is none that npx will have removed tomorrow', () => {
    const execPath = '/home/lan/.npm/_npx/1/node_modules/.bin/trien-bridge'
    expect(() => findLaunchCommand({ execPath, script: undefined })).toThrow(CommandFailure)
  })
})
