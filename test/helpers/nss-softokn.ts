/**
 * NSS's own software token: the database in which Firefox and Chromium keep a person's certificates. It wants to be told
 * where that database is, by parameters that other modules do not have.
 * @module
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type IssuedKey, createTestAuthority } from './pki.ts'
import { type TokenRig, runInside } from './token-rig.ts'
import { hasTools } from './tools.ts'

/** The system's copy: the one inside a browser's folder does not find its own parts. */
export const SOFTOKN_MODULE =
  [
    '/usr/lib/x86_64-linux-gnu/libsoftokn3.so',
    '/usr/lib/x86_64-linux-gnu/nss/libsoftokn3.so',
    '/usr/lib/aarch64-linux-gnu/libsoftokn3.so',
    '/usr/lib64/libsoftokn3.so',
    '/usr/lib/libsoftokn3.so',
  ].find((file) => existsSync(file)) ?? '/usr/lib/x86_64-linux-gnu/libsoftokn3.so'

const PIN = '135790'
const PLACE = { inside: [], env: {} }

/** Tells whether a database can be made here; prints what is missing. */
export function canUseSoftokn(): boolean {
  return hasTools('certutil', 'pk12util', 'openssl', SOFTOKN_MODULE)
}

/** Makes a database with one RSA and one EC key and their certificates. */
export async function createSoftokn(): Promise<TokenRig> {
  const folder = mkdtempSync(path.join(tmpdir(), 'trien-softokn-'))
  const authority = createTestAuthority(folder)
  const database = path.join(folder, 'database')
  const passwordFile = path.join(folder, 'password')
  mkdirSync(database)
  writeFileSync(passwordFile, `${PIN}\n`)
  await runInside(PLACE, ['certutil', '-N', '-d', `sql:${database}`, '-f', passwordFile])
  const keys: IssuedKey[] = []
  for (const kind of ['RSA-2048', 'P-256'] as const) {
    const key = authority.issue(kind, `softokn-${kind}`)
    const bundle = path.join(folder, `${kind}.p12`)
    const files = ['-in', key.certificateFile, '-inkey', key.keyFile, '-out', bundle]
    const secret = ['-passout', 'pass:bundle', '-name', kind]
    await runInside(PLACE, ['openssl', 'pkcs12', '-export', ...files, ...secret])
    const into = ['-d', `sql:${database}`, '-k', passwordFile]
    await runInside(PLACE, ['pk12util', '-i', bundle, ...into, '-W', 'bundle'])
    keys.push(key)
  }
  return {
    ...PLACE,
    modulePath: SOFTOKN_MODULE,
    parameters: `configdir='sql:${database}' certPrefix='' keyPrefix='' secmod='secmod.db' flags=readOnly`,
    pin: PIN,
    authority,
    keys,
    async close() {
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
