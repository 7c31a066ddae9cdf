/** Doubles stand for `security` and `certutil.exe`: nobody has run these stores on macOS or Windows yet. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createAuthority } from './authority.ts'
import { nameOf } from './identity.ts'
import { createKeychainStore, createWindowsStore } from './system-store.ts'
import { ToolError } from './tool.ts'

const authority = createAuthority().certificate
const name = nameOf(authority)
let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'trien-store-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** A program that writes down what it was given, one argument a line, and answers. */
function double(answer: string, code = 0): { program: string; calls: () => string[][] } {
  const [program, record] = [path.join(folder, 'program'), path.join(folder, 'record')]
  writeFileSync(path.join(folder, 'answer'), answer)
  writeFileSync(
    program,
    `#!/bin/sh\nfor word; do printf '%s\\n' "$word"; done >> '${record}'; echo == >> '${record}'
cat '${path.join(folder, 'answer')}'\nexit ${code}\n`,
  )
  chmodSync(program, 0o700)
  const calls = (): string[][] =>
    readFileSync(record, 'utf8')
      .split('==\n')
      .slice(0, -1)
      .map((call) => call.split('\n').slice(0, -1))
  return { program, calls }
}

describe('the login keychain of macOS', () => {
  const keychain = '/Users/an/Library/Keychains/login.keychain-db'

  test('is asked for ours alone, by the bytes of the certificates', async () => {
    const other = createAuthority().certificate
    const { program } = double(`${authority.toString()}${other.toString()}`)
    const store = createKeychainStore('/Users/an', program)
    expect(store.isSilent).toBe(false)
    expect(await store.list()).toEqual([name, nameOf(other)])
  })

  test('trusts for TLS alone, and forgets by hash', async () => {
    const { program, calls } = double(authority.toString())
    const store = createKeychainStore('/Users/an', program)
    await store.add(authority, '/a b/ca.pem')
    await store.remove(name)
    const hash = authority.fingerprint.replaceAll(':', '')
    expect(calls()).toEqual([
      ['add-trusted-cert', '-r', 'trustRoot', '-p', 'ssl', '-k', keychain, '/a b/ca.pem'],
      ['find-certificate', '-a', '-p', '-c', 'Trien for this computer only', keychain],
      ['delete-certificate', '-Z', hash, '-t', keychain],
    ])
  })
})

describe('the root store of Windows', () => {
  test('is the person’s own, and found by name', async () => {
    const { program, calls } = double(
      `Issuer: CN=${name}\r\nSubject: CN=${name}\r\nSubject: CN=Other\r\n`,
    )
    const store = createWindowsStore('C:\\Windows', program)
    expect(await store.list()).toEqual([name])
    await store.add(authority, 'C:\\a b\\ca.pem')
    await store.remove(name)
    expect(calls()).toEqual([
      ['-user', '-store', 'Root'],
      ['-user', '-addstore', 'Root', 'C:\\a b\\ca.pem'],
      ['-user', '-delstore', 'Root', name],
    ])
  })

  test('says that a program refused', async () => {
    const { program } = double('', 1)
    const store = createWindowsStore('C:\\Windows', program)
    await expect(store.add(authority, 'x')).rejects.toThrow(ToolError)
    await expect(createWindowsStore('C:\\Windows', '/nowhere').list()).rejects.toThrow(
      'does not start',
    )
  })
})
