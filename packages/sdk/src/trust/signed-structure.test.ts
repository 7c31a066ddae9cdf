import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseCertificate } from '../asn1/certificate.ts'
import { isCertifiedBy } from './signed-structure.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'trien-pss-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A root that openssl signed. */
function makeRoot(...options: readonly string[]): Uint8Array<ArrayBuffer> {
  const key = ['-newkey', 'rsa:2048', '-nodes', '-keyout', path.join(folder, 'key.pem')]
  const padding = ['-sigopt', 'rsa_padding_mode:pss', ...options]
  const request = ['req', '-x509', ...key, '-subj', '/CN=PSS', ...padding, '-outform', 'DER']
  return new Uint8Array(execFileSync('openssl', request, { stdio: ['ignore', 'pipe', 'ignore'] }))
}

describe('isCertifiedBy', () => {
  it.each([
    ['as long as the hash', 'rsa_pss_saltlen:32'],
    ['that need not be said', 'rsa_pss_saltlen:20'],
    ['as long as the key has room for', 'rsa_pss_saltlen:222'],
    ['of nothing', 'rsa_pss_saltlen:0'],
  ])('knows PSS with a salt %s', async (_, salt) => {
    const root = makeRoot('-sigopt', salt)
    expect(await isCertifiedBy(root, parseCertificate(root))).toBe(true)
    root[root.length - 1]! ^= 1
    expect(await isCertifiedBy(root, parseCertificate(root))).toBe(false)
  })
})
