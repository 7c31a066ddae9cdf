import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { describePlace } from './place.ts'
import { listSettingsFiles, parseModuleSettings, readModuleSettings } from './settings-file.ts'

const FILE = '/etc/trien/bridge.json'
const parse = (text: string) => parseModuleSettings(text, FILE)

describe('the settings file', () => {
  it('may leave out either list', () => {
    expect(parse('{}')).toEqual({ modules: [], ignoreModules: [] })
    expect(parse('{"modules": ["/a.so", "C:\\\\v\\\\a.dll"]}')).toEqual({
      modules: ['/a.so', 'C:\\v\\a.dll'],
      ignoreModules: [],
    })
    expect(parse('{"ignoreModules": ["/b.so"]}').ignoreModules).toEqual(['/b.so'])
  })

  it.each([
    ['', 'is no JSON'],
    ['{"modules": []', 'is no JSON'],
    ['[]', 'is no JSON object'],
    ['null', 'is no JSON object'],
    ['"/a.so"', 'is no JSON object'],
    ['{"module": []}', 'does not know "module"; it knows modules and ignoreModules'],
    ['{"__proto__": []}', 'does not know "__proto__"'],
    ['{"modules": "/a.so"}', '"modules" is no list'],
    ['{"modules": [1]}', '"modules" holds 1, which is no absolute path'],
    ['{"modules": ["a.so"]}', '"modules" holds "a.so", which is no absolute path'],
    ['{"ignoreModules": ["/a\\u0000.so"]}', '"ignoreModules" holds "/a'],
  ])('that is wrong is refused with its name and the mistake: %s', (text, message) => {
    expect(() => parse(text)).toThrow(
      expect.objectContaining({
        name: 'CommandFailure',
        message: expect.stringContaining(`${FILE}: ${message}`),
        hint: expect.stringContaining('"modules"'),
      }),
    )
  })
})

it('a settings file with too long a list is refused', () => {
  const modules = Array.from({ length: 65 }, (_, index) => `/${index}.so`)
  expect(() => parse(JSON.stringify({ modules }))).toThrow('"modules" has more than 64 entries')
})

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
    expect(readModuleSettings(place())).toEqual({ modules: [], ignoreModules: [] })
    write(0, '{"modules": ["/all.so"]}')
    write(1, '{"modules": ["/mine.so"], "ignoreModules": ["/all.so"]}')
    expect(readModuleSettings(place())).toEqual({
      modules: ['/all.so', '/mine.so'],
      ignoreModules: ['/all.so'],
    })
  })

  it.each([0o664, 0o646])('are refused where others may write: %o', (mode) => {
    const file = write(1, '{}')
    chmodSync(file, mode)
    expect(() => readModuleSettings(place())).toThrow(`${file}: others may write to it`)
    chmodSync(file, 0o600)
    chmodSync(path.dirname(file), 0o777)
    expect(() => readModuleSettings(place())).toThrow('trien: others may write to it')
  })

  it('are refused where they are no small file', () => {
    const file = write(0, ' '.repeat(70_000))
    expect(() => readModuleSettings(place())).toThrow(`${file}: is no small file`)
    rmSync(file)
    mkdirSync(file)
    expect(() => readModuleSettings(place())).toThrow(`${file}: is no small file`)
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
