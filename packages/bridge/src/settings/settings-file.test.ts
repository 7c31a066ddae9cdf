import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { describePlace } from './place.ts'
import { listSettingsFiles } from './settings-file.ts'
import { readSettings } from './settings.ts'

describe.runIf(process.platform !== 'win32')('the settings files of a machine', () => {
  let root = ''
  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), 'trien-settings-'))
  })
  afterEach(() => {
    rmSync(root, { recursive: true })
  })
  const place = () =>
    describePlace({ system: 'linux', root, home: path.join(root, 'home/an'), env: {} })

  function write(index: number, text: string): string {
    const file = listSettingsFiles(place())[index] ?? ''
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o755 })
    writeFileSync(file, text)
    chmodSync(file, 0o644)
    return file
  }

  it('are read together, and need not be there', () => {
    expect(readSettings(place())).toMatchObject({ modules: [], ignoreModules: [] })
    write(0, '{"modules": ["/all.so"]}')
    write(1, '{"modules": ["/mine.so"], "ignoreModules": ["/all.so"]}')
    expect(readSettings(place())).toMatchObject({
      modules: [{ path: '/all.so' }, { path: '/mine.so' }],
      ignoreModules: ['/all.so'],
    })
  })

  it.each([0o664, 0o646])('are refused where others may write: %o', (mode) => {
    const file = write(1, '{}')
    chmodSync(file, mode)
    expect(() => readSettings(place())).toThrow(`${file}: others may write to it`)
    chmodSync(file, 0o600)
    chmodSync(path.dirname(file), 0o777)
    expect(() => readSettings(place())).toThrow('trien: others may write to it')
  })

  it('are refused where they are no small file', () => {
    const file = write(0, ' '.repeat(70_000))
    expect(() => readSettings(place())).toThrow(`${file}: is no small file`)
    rmSync(file)
    mkdirSync(file)
    expect(() => readSettings(place())).toThrow(`${file}: is no small file`)
  })

  it('are where each system keeps such files', () => {
    const windows = {
      system: 'windows',
      env: { APPDATA: 'C:\\U\\An', ProgramData: 'C:\\P' },
    } as const
    expect(listSettingsFiles(describePlace(windows))).toEqual([
      'C:\\P\\trien\\bridge.json',
      'C:\\U\\An\\trien\\bridge.json',
    ])
    const own = (env: Record<string, string>) =>
      listSettingsFiles(describePlace({ system: 'linux', home: '/home/an', env }))[1]
    expect(own({ XDG_CONFIG_HOME: '/x' })).toBe('/x/trien/bridge.json')
    expect(own({ XDG_CONFIG_HOME: 'x' })).toBe('/home/an/.config/trien/bridge.json')
  })
})
