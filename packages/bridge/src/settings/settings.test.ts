import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { describePlace } from './place.ts'
import { parseSettings, readSettings } from './settings.ts'

const FILE = '/etc/trien/bridge.json'
const parse = (text: string) => parseSettings(text, FILE)

describe('the settings file', () => {
  it('may leave out any list', () => {
    expect(parse('{}')).toEqual({
      modules: [],
      ignoreModules: [],
      digestOrigins: [],
      timestampServers: [],
      internalHosts: [],
    })
    expect(parse('{"modules": ["/a.so", "C:\\\\v\\\\a.dll"]}')).toMatchObject({
      modules: [{ path: '/a.so' }, { path: 'C:\\v\\a.dll' }],
      ignoreModules: [],
      digestOrigins: [],
    })
    expect(parse('{"ignoreModules": ["/b.so"]}').ignoreModules).toEqual(['/b.so'])
  })

  it('may say what a module is to be started with', () => {
    const softokn = { path: '/n.so', parameters: "configdir='sql:/home/an/.pki/nssdb'" }
    expect(parse(JSON.stringify({ modules: ['/a.so', softokn] })).modules).toEqual([
      { path: '/a.so' },
      softokn,
    ])
  })

  it.each([
    ['', 'is no JSON'],
    ['{"modules": []', 'is no JSON'],
    ['[]', 'is no JSON object'],
    ['null', 'is no JSON object'],
    ['"/a.so"', 'is no JSON object'],
    ['{"module": []}', 'does not know "module"; it knows modules, ignoreModules, digestOrigins'],
    ['{"__proto__": []}', 'does not know "__proto__"'],
    ['{"modules": "/a.so"}', '"modules" is no list'],
    ['{"modules": [1]}', '"modules" holds 1, which is no absolute path'],
    ['{"modules": ["a.so"]}', '"modules" holds "a.so", which is no absolute path'],
    ['{"digestOrigins": ["portal.gov.vn"]}', '"digestOrigins" holds "portal.gov.vn", which is no'],
    ['{"digestOrigins": ["https://portal.gov.vn/"]}', '"digestOrigins" holds "https'],
    ['{"ignoreModules": ["/a\\u0000.so"]}', '"ignoreModules" holds "/a'],
    ['{"ignoreModules": [{"path": "/a.so"}]}', '"ignoreModules" holds {"path":"/a.so"}'],
    ['{"modules": [{"path": "/a.so"}]}', '"modules" holds {"path":"/a.so"}'],
    ['{"modules": [{"path": "a.so", "parameters": "x"}]}', '"modules" holds {"path":"a.so"'],
    ['{"modules": [{"path": "/a.so", "parameters": 1}]}', '"modules" holds {"path":"/a.so"'],
    ['{"modules": [{"path": "/a.so", "parameters": ""}]}', '"modules" holds {"path":"/a.so"'],
    ['{"modules": [{"path": "/a.so", "parameters": "a\\u0000b"}]}', '"modules" holds {"path"'],
    ['{"modules": [{"path": "/a.so", "parameters": "x", "pin": "1"}]}', '"modules" holds {"p'],
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

it('only the administrator says who may have bare digests signed', () => {
  const root = mkdtempSync(path.join(tmpdir(), 'trien-settings-'))
  const place = describePlace({ system: 'linux', root, home: path.join(root, 'home'), env: {} })
  const write = (folder: string, text: string): void => {
    mkdirSync(path.join(root, folder), { recursive: true, mode: 0o755 })
    writeFileSync(path.join(root, folder, 'bridge.json'), text, { mode: 0o644 })
  }
  write('etc/trien', '{"digestOrigins": ["https://portal.gov.vn"]}')
  write('home/.config/trien', '{"modules": ["/a.so"]}')
  expect(readSettings(place)).toMatchObject({ digestOrigins: ['https://portal.gov.vn'] })
  write('home/.config/trien', '{"digestOrigins": ["https://evil.test"]}')
  expect(() => readSettings(place)).toThrow('"digestOrigins" is for the administrator to say')
  rmSync(root, { recursive: true })
})
