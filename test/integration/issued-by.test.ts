/** Which certificates the relay takes for issued by another, of all that openssl can make. */
import { execFileSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseCertificateFields } from '../../packages/bridge/src/der/certificate-fields.ts'
import { isIssuedBy } from '../../packages/bridge/src/relay/issued-by.ts'
import { hasTools } from '../helpers/tools.ts'

const CONFIG = `[req]
distinguished_name=name
[name]
[ca]
basicConstraints=critical,CA:TRUE
keyUsage=critical,keyCertSign,cRLSign
[ca_without_usage]
basicConstraints=critical,CA:TRUE
[ca_that_signs_no_certificates]
basicConstraints=critical,CA:TRUE
keyUsage=critical,cRLSign
[person]
basicConstraints=critical,CA:FALSE
[nobody]
subjectKeyIdentifier=hash
`

const RSA = ['rsa:2048']
const EC = (curve: string): string[] => ['ec', '-pkeyopt', `ec_paramgen_curve:${curve}`]
const PSS = ['-sigopt', 'rsa_padding_mode:pss', '-sigopt', 'rsa_pss_saltlen:digest']

describe.runIf(hasTools('openssl'))('issued by', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'trien-issued-'))
    writeFileSync(path.join(folder, 'ca.cnf'), CONFIG)
    writeFileSync(path.join(folder, 'person.cnf'), '[person]\nbasicConstraints=critical,CA:FALSE\n')
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const openssl = (...args: string[]): void => {
    execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
  }
  const fieldsOf = (name: string) =>
    parseCertificateFields(new X509Certificate(readFileSync(path.join(folder, name))).raw)

  function makeIssuer(key: readonly string[], extensions = 'ca', name = 'CA'): void {
    openssl(
      ...['req', '-x509', '-newkey', ...key, '-nodes', '-keyout', 'ca.key', '-out', 'ca.pem'],
      ...['-config', 'ca.cnf', '-extensions', extensions, '-subj', `/CN=${name}`, '-days', '2'],
    )
  }

  function issue(...how: readonly string[]): void {
    openssl(
      ...['req', '-new', '-newkey', ...EC('P-256'), '-nodes', '-keyout', 'person.key'],
      ...['-config', 'ca.cnf', '-subj', '/CN=An', '-out', 'person.csr'],
    )
    openssl(
      ...['x509', '-req', '-in', 'person.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-days', '2'],
      ...['-CAcreateserial', '-extfile', 'person.cnf', '-extensions', 'person', ...how],
      ...['-out', 'person.pem'],
    )
  }

  const isIssued = (): boolean => isIssuedBy(fieldsOf('person.pem'), fieldsOf('ca.pem'))

  test.each<[string, readonly string[], readonly string[]]>([
    ['RSA with SHA-256', RSA, ['-sha256']],
    ['RSA with SHA-512', RSA, ['-sha512']],
    ['RSA-PSS with SHA-256', RSA, ['-sha256', ...PSS]],
    ['RSA-PSS with SHA-384', RSA, ['-sha384', ...PSS]],
    [
      'a key for RSA-PSS alone',
      ['rsa-pss', '-pkeyopt', 'rsa_keygen_bits:2048'],
      ['-sha256', ...PSS],
    ],
    ['P-256', EC('P-256'), ['-sha256']],
    ['P-384', EC('P-384'), ['-sha384']],
    ['P-521', EC('P-521'), ['-sha512']],
  ])('is seen with %s', (_, key, how) => {
    makeIssuer(key)
    issue(...how)
    expect(isIssued()).toBe(true)
    expect(isIssuedBy(fieldsOf('ca.pem'), fieldsOf('person.pem'))).toBe(false)
    expect(isIssuedBy(fieldsOf('person.pem'), fieldsOf('person.pem'))).toBe(false)
  })

  test('is not believed of SHA-1, in which a stranger may write what he likes', () => {
    makeIssuer(RSA)
    issue('-sha1')
    expect(isIssued()).toBe(false)
  })

  test('is not said of another authority by the same name', () => {
    makeIssuer(RSA)
    issue('-sha256')
    makeIssuer(RSA)
    expect(isIssued()).toBe(false)
  })

  test('is not said of the same key by another name', () => {
    makeIssuer(RSA)
    issue('-sha256')
    openssl(
      ...['req', '-x509', '-key', 'ca.key', '-out', 'ca.pem', '-config', 'ca.cnf', '-days', '2'],
      ...['-extensions', 'ca', '-subj', '/CN=Another'],
    )
    expect(isIssued()).toBe(false)
  })

  test.each(['person', 'nobody', 'ca_that_signs_no_certificates'])(
    'is not said of who may not issue: %s',
    (extensions) => {
      makeIssuer(EC('P-256'), extensions)
      issue('-sha256')
      expect(isIssued()).toBe(false)
    },
  )

  test('is said of an authority whose key has no usage written', () => {
    makeIssuer(EC('P-256'), 'ca_without_usage')
    issue('-sha256')
    expect(isIssued()).toBe(true)
  })

  test('is not said where any octet of the certificate was changed', () => {
    makeIssuer(EC('P-256'))
    issue('-sha256')
    const issuer = fieldsOf('ca.pem')
    const { raw } = new X509Certificate(readFileSync(path.join(folder, 'person.pem')))
    for (let index = 0; index < raw.length; index++) {
      const changed = Uint8Array.from(raw)
      changed[index]! ^= 1
      let issued = false
      try {
        issued = isIssuedBy(parseCertificateFields(changed), issuer)
      } catch {
        // Not even DER any more.
      }
      expect(issued, `octet ${index}`).toBe(false)
    }
  })
})
