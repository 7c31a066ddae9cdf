import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { StateFolderError, findStateFolder, openStateFolder } from './state-folder.ts'

const home = '/home/an'

describe('the state folder', () => {
  it.each([
    ['linux', {}, '/home/an/.local/state/trien'],
    ['linux', { XDG_STATE_HOME: '/var/an' }, '/var/an/trien'],
    ['linux', { XDG_STATE_HOME: 'not/absolute' }, '/home/an/.local/state/trien'],
    ['linux', { XDG_STATE_HOME: '' }, '/home/an/.local/state/trien'],
    ['darwin', { XDG_STATE_HOME: '/x' }, '/home/an/Library/Application Support/Trien'],
    [
      'win32',
      { LOCALAPPDATA: 'C:\\Users\\an\\AppData\\Local' },
      'C:\\Users\\an\\AppData\\Local\\Trien',
    ],
  ] as const)('lies, on %s with %j, at %s', (platform, env, folder) => {
    expect(findStateFolder({ platform, env, home })).toBe(folder)
  })
})

describe.runIf(process.platform !== 'win32')('opening it', () => {
  let base = ''
  beforeEach(() => {
    base = mkdtempSync(path.join(tmpdir(), 'trien-state-'))
  })
  afterEach(() => {
    rmSync(base, { recursive: true, force: true })
  })

  it('makes it for its owner alone, once', () => {
    const folder = path.join(base, 'a', 'trien')
    expect(openStateFolder(folder)).toBe(folder)
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    expect(openStateFolder(folder)).toBe(folder)
  })

  it('refuses a folder that others may reach', () => {
    const folder = path.join(base, 'trien')
    mkdirSync(folder)
    chmodSync(folder, 0o750)
    expect(() => openStateFolder(folder)).toThrow(
      expect.objectContaining({
        message: `others may reach ${folder}`,
        hint: `chmod 700 ${folder}`,
      }),
    )
  })

  it('refuses a link, a file, and a place where none can be made', () => {
    const link = path.join(base, 'link')
    symlinkSync(base, link)
    expect(() => openStateFolder(link)).toThrow(StateFolderError)
    const file = path.join(base, 'file')
    writeFileSync(file, '')
    expect(() => openStateFolder(file)).toThrow(StateFolderError)
    expect(() => openStateFolder(path.join(file, 'trien'))).toThrow(/cannot make the folder/)
  })
})
