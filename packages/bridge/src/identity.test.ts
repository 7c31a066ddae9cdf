import {
  chmodSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findIdentity, openIdentity } from './identity.ts'
import { StateFolderError } from './state-folder.ts'

const BYTES = Buffer.from('một dòng')
let folder = ''
const file = (): string => path.join(folder, 'identity.key')
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'trien-identity-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

describe('the identity key', () => {
  it('is not made by looking for it', () => {
    expect(findIdentity(folder)).toBeUndefined()
    expect(readdirSync(folder)).toEqual([])
  })

  it('is made once, for its owner alone, and nothing is left beside it', () => {
    const signature = openIdentity(folder).sign('test', BYTES)
    const key = readFileSync(file())
    expect(openIdentity(folder).isSignedBy('test', BYTES, signature)).toBe(true)
    expect(readFileSync(file())).toEqual(key)
    expect(readdirSync(folder)).toEqual(['identity.key'])
    if (process.platform !== 'win32') expect(statSync(file()).mode & 0o777).toBe(0o600)
  })

  it('signs for one purpose: a signature of another context, bytes or key is none', () => {
    const identity = openIdentity(folder)
    const signature = identity.sign('test', BYTES)
    expect(signature).toHaveLength(64)
    expect(identity.isSignedBy('other', BYTES, signature)).toBe(false)
    expect(identity.isSignedBy('test', Buffer.from('khác'), signature)).toBe(false)
    rmSync(file())
    expect(openIdentity(folder).isSignedBy('test', BYTES, signature)).toBe(false)
  })

  it.runIf(process.platform !== 'win32').each([0o640, 0o604, 0o620, 0o602])(
    'is refused with mode %o',
    (mode) => {
      openIdentity(folder)
      chmodSync(file(), mode)
      expect(() => openIdentity(folder)).toThrow(
        expect.objectContaining({ hint: `chmod 600 ${file()}` }),
      )
    },
  )

  it('is refused where it is a link, no key, or a key of another kind, and not replaced', () => {
    const other = path.join(folder, 'other')
    writeFileSync(other, 'x', { mode: 0o600 })
    symlinkSync(other, file())
    expect(() => openIdentity(folder)).toThrow(StateFolderError)
    rmSync(file())
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    for (const text of ['', 'x', privateKey.export({ type: 'pkcs8', format: 'pem' })]) {
      writeFileSync(file(), text, { mode: 0o600 })
      expect(() => openIdentity(folder)).toThrow(StateFolderError)
      expect(readFileSync(file(), 'utf8')).toBe(text)
    }
  })

  it('shows each origin another key, always the same, and signs for that origin and port alone', () => {
    const challenge = Buffer.alloc(32, 7)
    const identity = openIdentity(folder)
    const portal = identity.forOrigin('https://portal.gov.test')
    const other = identity.forOrigin('https://other.gov.test')
    expect(portal.publicKey).toHaveLength(32)
    expect(portal.publicKey).toEqual(
      openIdentity(folder).forOrigin('https://portal.gov.test').publicKey,
    )
    expect(portal.publicKey).not.toEqual(other.publicKey)

    const x = Buffer.from(portal.publicKey).toString('base64url')
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
    const signed = (port: number): Buffer =>
      Buffer.concat([Buffer.from(`trien hello 1\nhttps://portal.gov.test\n${port}\n`), challenge])
    const signature = portal.answer(27480, challenge)
    expect(verify(null, signed(27480), key, signature)).toBe(true)
    expect(verify(null, signed(27481), key, signature)).toBe(false)
    expect(verify(null, signed(27480), key, other.answer(27480, challenge))).toBe(false)
  })
})
