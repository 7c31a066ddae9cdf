import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createTlsIdentity } from './authority.ts'
import { authorityFile, findTlsIdentity, removeTlsIdentity, writeTlsIdentity } from './identity.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'trien-tls-'))
})
afterEach(() => rmSync(folder, { recursive: true }))
const file = (): string => path.join(folder, 'tls.pem')

test('is read as it was written, the key for its owner alone', () => {
  expect(findTlsIdentity(folder)).toBeUndefined()
  const written = createTlsIdentity()
  writeTlsIdentity(folder, written)
  const read = findTlsIdentity(folder)
  expect(read?.leaf.raw).toEqual(written.leaf.raw)
  expect(read?.authority.raw).toEqual(written.authority.raw)
  expect(statSync(file()).mode & 0o777).toBe(0o600)
  expect(readFileSync(authorityFile(folder), 'utf8')).toBe(written.authority.toString())
  expect(readFileSync(file(), 'utf8').match(/PRIVATE KEY-----/g)).toHaveLength(2)
})

test('is refused where others may read it', () => {
  writeTlsIdentity(folder, createTlsIdentity())
  chmodSync(file(), 0o640)
  expect(() => findTlsIdentity(folder)).toThrow('others may reach')
})

test.each([
  ['no PEM', () => 'x'],
  ['a key of another', (text: string) => text.replace(/^[^]*?END PRIVATE KEY-----\n/, otherKey())],
  ['one certificate', (text: string) => text.slice(0, text.lastIndexOf('-----BEGIN'))],
])('is refused where it holds %s', (_, change) => {
  writeTlsIdentity(folder, createTlsIdentity())
  writeFileSync(file(), change(readFileSync(file(), 'utf8')))
  expect(() => findTlsIdentity(folder)).toThrow('cannot be read')
})

test('is removed whole', () => {
  writeTlsIdentity(folder, createTlsIdentity())
  expect(removeTlsIdentity(folder)).toBe(true)
  expect(findTlsIdentity(folder)).toBeUndefined()
  expect(removeTlsIdentity(folder)).toBe(false)
})

function otherKey(): string {
  return String(createTlsIdentity().key.export({ type: 'pkcs8', format: 'pem' }))
}
