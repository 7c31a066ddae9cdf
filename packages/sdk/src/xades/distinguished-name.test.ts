import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseCertificate } from '../asn1/certificate.ts'
import { encodeDistinguishedName } from './distinguished-name.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'trien-name-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function openssl(...args: readonly string[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(execFileSync('openssl', args, { stdio: ['ignore', 'pipe', 'ignore'] }))
}

describe('a distinguished name', () => {
  it.each([
    ['plain', '/C=VN/O=Sở Tài chính/CN=Nguyễn Văn Á'],
    ['of a space alone', '/O= /CN=  '],
    ['with spaces around', '/O= a /CN=  b  '],
    ['with what has a meaning', '/O=#a,b+c"d\\\\e<f>g;h/CN=i#'],
  ])('%s is what openssl makes of it', (_, subject) => {
    const file = path.join(folder, 'certificate.der')
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
    const where = ['-keyout', path.join(folder, 'key.pem'), '-outform', 'DER']
    const name = ['-utf8', '-subj', subject]
    const der = openssl('req', '-x509', ...key, ...where, ...name)
    writeFileSync(file, der)
    const form = 'esc_2253,utf8,sep_comma_plus,dn_rev,sname'
    const said = openssl('x509', '-in', file, '-noout', '-subject', '-nameopt', form)
    const expected = new TextDecoder()
      .decode(said)
      .replace(/^subject=/, '')
      .replace(/\n$/, '')
    const written = encodeDistinguishedName(parseCertificate(der).subjectDer)
    expect(written).toBe(expected)
  })
})
