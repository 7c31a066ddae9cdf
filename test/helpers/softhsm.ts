/**
 * SoftHSM2: a real PKCS#11 module whose tokens lie in a temporary folder.
 *
 * The module reads SOFTHSM2_CONF when it starts; give `env` to each process that shall see these tokens.
 * @module
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type IssuedKey, type KeyKind, type TestAuthority, createTestAuthority } from './pki.ts'
import { hasTools } from './tools.ts'

export const USER_PIN = '135790'
export const SO_PIN = '24681357'

/** Where distributions put the module; the first that exists. */
export const SOFTHSM_MODULE =
  [
    '/usr/lib/softhsm/libsofthsm2.so',
    '/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so',
    '/usr/lib64/softhsm/libsofthsm.so',
    '/usr/local/lib/softhsm/libsofthsm2.so',
    '/opt/homebrew/lib/softhsm/libsofthsm2.so',
  ].find((file) => existsSync(file)) ?? '/usr/lib/softhsm/libsofthsm2.so'

export interface SoftToken {
  readonly label: string
  /** By kind; the CKA_ID is the index in hexadecimal, from 01. */
  readonly keys: readonly IssuedKey[]
}

export interface SoftHsm {
  readonly folder: string
  readonly modulePath: string
  readonly pin: string
  /** What a process needs in its environment to see the tokens. */
  readonly env: { readonly SOFTHSM2_CONF: string }
  readonly authority: TestAuthority
  /**
   * Makes one more token with a fresh key and certificate of each kind, and the authority's certificate. A process
   * that has already loaded the module does not see it.
   */
  addToken(label: string, kinds?: readonly KeyKind[]): SoftToken
  /** Writes a key and certificate that exist already, for one person with the same certificate on two tokens. */
  addKey(label: string, id: string, key: IssuedKey): void
  /**
   * Writes a fresh key that wants the PIN for each signature, and its certificate, but no public key: as PIV cards
   * have it.
   */
  addAlwaysAuthenticateKey(label: string, id: string, kind: KeyKind): IssuedKey
  /** Removes all of it. */
  close(): void
}

/** Tells whether a SoftHSM can be made here; prints what is missing. */
export function canUseSoftHsm(): boolean {
  return hasTools('softhsm2-util', 'pkcs11-tool', 'openssl', SOFTHSM_MODULE)
}

/**
 * Makes an empty set of tokens and an authority.
 * @param mechanisms names of the only mechanisms that the tokens offer; all where left out
 */
export function createSoftHsm(mechanisms: readonly string[] = []): SoftHsm {
  const folder = mkdtempSync(path.join(tmpdir(), 'trien-softhsm-'))
  const configFile = path.join(folder, 'softhsm2.conf')
  mkdirSync(path.join(folder, 'tokens'))
  const settings = [
    `directories.tokendir = ${path.join(folder, 'tokens')}`,
    'objectstore.backend = file',
    'log.level = ERROR',
    'slots.removable = true',
    `slots.mechanisms = ${mechanisms.length === 0 ? 'ALL' : mechanisms.join(',')}`,
  ]
  writeFileSync(configFile, `${settings.join('\n')}\n`)
  const env = { SOFTHSM2_CONF: configFile }
  const run = (program: string, ...args: string[]): void => {
    execFileSync(program, args, {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
  }
  const authority = createTestAuthority(folder)

  function writeObject(label: string, file: string, ...more: string[]): void {
    const login = ['--token-label', label, '--login', '--pin', USER_PIN]
    run('pkcs11-tool', '--module', SOFTHSM_MODULE, ...login, '--write-object', file, ...more)
  }

  function addKey(label: string, id: string, key: IssuedKey): void {
    const names = ['--id', id, '--label', key.kind]
    run('softhsm2-util', '--import', key.keyFile, '--token', label, '--pin', USER_PIN, ...names)
    writeObject(label, key.certificateFile, '--type', 'cert', ...names)
  }

  return {
    folder,
    modulePath: SOFTHSM_MODULE,
    pin: USER_PIN,
    env,
    authority,
    addKey,
    addAlwaysAuthenticateKey(label, id, kind) {
      const key = authority.issue(kind, `${label}-${id}-${kind}`)
      const names = ['--id', id, '--label', kind]
      const usage = ['--usage-sign', '--always-auth']
      writeObject(label, key.keyFile, '--type', 'privkey', ...usage, ...names)
      writeObject(label, key.certificateFile, '--type', 'cert', ...names)
      return key
    },
    addToken(label, kinds = ['RSA-2048', 'RSA-3072', 'P-256', 'P-384']) {
      const pins = ['--pin', USER_PIN, '--so-pin', SO_PIN]
      run('softhsm2-util', '--init-token', '--free', '--label', label, ...pins)
      const keys = kinds.map((kind) => authority.issue(kind, `${label}-${kind}`))
      keys.forEach((key, index) => addKey(label, (index + 1).toString(16).padStart(2, '0'), key))
      writeObject(label, authority.certificateFile, '--type', 'cert', '--id', 'ca')
      return { label, keys }
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  }
}
