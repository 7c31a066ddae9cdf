import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { NO_PIN_MEMORY, createPinMemory } from './pin-memory.ts'

const token = { manufacturer: 'Feitian', serial: '5401A2' }
const other = { manufacturer: 'Feitian', serial: '5401A3' }

describe('the memory of wrong PINs', () => {
  let home: string
  let folder: string
  beforeEach(() => {
    home = mkdtempSync(path.join(tmpdir(), 'trien-memory-'))
    folder = path.join(home, 'trien')
  })
  afterEach(() => rmSync(home, { recursive: true, force: true }))
  const open = () => createPinMemory(() => folder)
  const file = () => path.join(folder, 'wrong-pins.json')

  it('counts by token, outlives the bridge, and forgets at the right one', () => {
    open().noteWrong(token, 'pin')
    open().noteWrong(token, 'pin')
    open().noteWrong(other, 'pin')
    open().noteWrong(token, 'puk')
    expect(open().countWrong(token, 'pin')).toBe(2)
    expect(open().countWrong(other, 'pin')).toBe(1)
    expect(open().countWrong(token, 'puk')).toBe(1)
    open().forget(token, 'pin')
    expect(open().countWrong(token, 'pin')).toBe(0)
    expect(open().countWrong(other, 'pin')).toBe(1)
  })

  it('is for this person alone and names no token', () => {
    open().noteWrong(token, 'pin')
    expect(statSync(file()).mode & 0o777).toBe(0o600)
    expect(readFileSync(file(), 'utf8')).not.toMatch(/5401A2|Feitian/)
  })

  it('makes no file before a PIN was wrong', () => {
    expect(open().countWrong(token, 'pin')).toBe(0)
    open().forget(token, 'pin')
    expect(existsSync(folder)).toBe(false)
  })

  it('stays small, and keeps what was wrong last', () => {
    const memory = open()
    for (let serial = 0; serial < 100; serial++) {
      memory.noteWrong({ manufacturer: 'M'.repeat(500), serial: String(serial) }, 'pin')
    }
    expect(statSync(file()).size).toBeLessThan(8_000)
    expect(memory.countWrong({ manufacturer: 'M'.repeat(500), serial: '99' }, 'pin')).toBe(1)
    expect(memory.countWrong({ manufacturer: 'M'.repeat(500), serial: '0' }, 'pin')).toBe(0)
  })

  it.each([
    ['no JSON', '{'],
    ['another version', '{"version":2,"wrong":[]}'],
    ['records of another shape', '{"version":1,"wrong":[{"token":"x","count":-1},null,7]}'],
    ['too much', 'x'.repeat(20_000)],
  ])('takes a file with %s for none, and goes on', (_, text) => {
    open().noteWrong(token, 'pin')
    writeFileSync(file(), text)
    expect(open().countWrong(token, 'pin')).toBe(0)
    open().noteWrong(token, 'pin')
    expect(open().countWrong(token, 'pin')).toBe(1)
  })

  it('fails for nobody where the file or the folder cannot be used', () => {
    open().noteWrong(token, 'pin')
    chmodSync(file(), 0o666)
    expect(open().countWrong(token, 'pin')).toBe(0)
    writeFileSync(path.join(home, 'taken'), '')
    const memory = createPinMemory(() => path.join(home, 'taken'))
    memory.noteWrong(token, 'pin')
    expect(memory.countWrong(token, 'pin')).toBe(0)
  })

  it('is none at all for the demo', () => {
    NO_PIN_MEMORY.noteWrong(token, 'pin')
    expect(NO_PIN_MEMORY.countWrong(token, 'pin')).toBe(0)
  })
})
