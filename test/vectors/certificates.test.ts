/** Certificates that openssl makes: names in every string type, every kind of key, and each of them damaged. */
import { execFileSync } from 'node:child_process'
import { X509Certificate, createPublicKey } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { FormatError } from '@trien/sdk/errors'
import { parseCertificate } from '../../packages/sdk/src/asn1/certificate.ts'
import { findKeyUsage } from '../../packages/sdk/src/asn1/key-extensions.ts'
import { describeCertificate } from '../../packages/sdk/src/sign/describe-certificate.ts'
import { parseName } from '../../packages/sdk/src/asn1/name.ts'
import { readDer } from '../../packages/sdk/src/asn1/reader.ts'
import { hasTools } from '../helpers/tools.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'trien-certificates-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Wish {
  /** `string_mask` of openssl: which string types names may use. */
  readonly mask?: string
  readonly subject?: string
  readonly key?: readonly string[]
  readonly extensions?: readonly string[]
  readonly more?: readonly string[]
}

const SUBJECT =
  '/C=VN/ST=Thừa Thiên Huế/L=Huế/O=Sở Tài nguyên và Môi trường/CN=Nguyễn Thị Ánh Nguyệt'
const EC = ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256']
let count = 0

function make({
  mask = 'utf8only',
  subject = SUBJECT,
  key = EC,
  extensions = [],
  more = [],
}: Wish) {
  const file = (ending: string) => path.join(folder, `${count}.${ending}`)
  count += 1
  writeFileSync(file('cnf'), `[req]\nstring_mask=${mask}\ndistinguished_name=name\n[name]\n`)
  const args = [
    ...['req', '-x509', '-utf8', '-nodes', '-config', file('cnf'), '-subj', subject],
    ...['-newkey', ...key, '-keyout', file('key'), '-out', file('pem'), '-days', '30'],
    ...extensions.flatMap((extension) => ['-addext', extension]),
    ...more,
  ]
  execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] })
  const judge = new X509Certificate(readFileSync(file('pem')))
  return { der: new Uint8Array(judge.raw), judge }
}

const nameIn = (nameDer: Uint8Array) => parseName(readDer(nameDer, 'name'))

describe.runIf(hasTools('openssl'))('a certificate of openssl', () => {
  it.each([
    ['UTF8String', 'utf8only', 0x0c],
    ['BMPString', 'MASK:0x800', 0x1e],
  ])('has a Vietnamese name in %s', (_, mask, tag) => {
    const { der } = make({ mask, subject: '/CN=Nguyễn Thị Ánh Nguyệt' })
    const { subjectDer } = parseCertificate(der)
    expect(subjectDer).toContain(tag)
    expect(nameIn(subjectDer)).toEqual({ commonName: 'Nguyễn Thị Ánh Nguyệt' })
  })

  it.each([
    ['TeletexString', 'MASK:0x4', 0x14],
    ['PrintableString', 'MASK:0x2', 0x13],
  ])('has an ASCII name in %s', (_, mask, tag) => {
    const { der } = make({ mask, subject: '/CN=Nguyen Thi A' })
    const { subjectDer } = parseCertificate(der)
    expect(subjectDer).toContain(tag)
    expect(nameIn(subjectDer)).toEqual({ commonName: 'Nguyen Thi A' })
  })

  it('tells every attribute that a page may show', () => {
    const subject = `${SUBJECT}/OU=Phòng Đất đai/title=Giám đốc/serialNumber=0123/UID=MST:0100109106/emailAddress=a@b.vn/GN=Ánh/SN=Nguyễn`
    const { subjectDer, issuerDer } = parseCertificate(make({ subject }).der)
    expect(nameIn(subjectDer)).toEqual({
      country: 'VN',
      province: 'Thừa Thiên Huế',
      locality: 'Huế',
      organization: 'Sở Tài nguyên và Môi trường',
      organizationalUnit: 'Phòng Đất đai',
      commonName: 'Nguyễn Thị Ánh Nguyệt',
      title: 'Giám đốc',
      serialNumber: '0123',
      userId: 'MST:0100109106',
      emailAddress: 'a@b.vn',
      givenName: 'Ánh',
      surname: 'Nguyễn',
    })
    expect(nameIn(issuerDer)).toEqual(nameIn(subjectDer))
  })

  it('is shown composed, and without characters that turn or hide text', () => {
    const decomposed = 'Nguyễn'.normalize('NFD')
    const { der } = make({ subject: `/CN=${decomposed} \u202EnâV` })
    expect(describeCertificate(der).holder).toBe('Nguyễn \uFFFDnâV')
  })

  it('is read as Node reads it', () => {
    const { der, judge } = make({})
    const certificate = parseCertificate(der)
    const spki = judge.publicKey.export({ type: 'spki', format: 'der' })
    expect(Buffer.from(certificate.spkiDer)).toEqual(spki)
    expect(certificate.serialNumberHex).toBe(judge.serialNumber)
    expect(certificate.notBefore).toEqual(new Date(judge.validFrom))
    expect(certificate.notAfter).toEqual(new Date(judge.validTo))
    expect(findKeyUsage(der)).toBeUndefined()
  })

  it('is read once, and read right even where somebody wrote to what was read', () => {
    const { der } = make({})
    const first = parseCertificate(der)
    expect(parseCertificate(der).subjectDer).toBe(first.subjectDer)
    first.certificateDer.fill(0)
    expect(Buffer.from(parseCertificate(der).certificateDer)).toEqual(Buffer.from(der))
    expect(() => parseCertificate(first.certificateDer)).toThrowError(FormatError)
  })

  it('may be valid beyond 2049', () => {
    const { der, judge } = make({ more: ['-days', '20000'] })
    expect(parseCertificate(der).notAfter.getUTCFullYear()).toBeGreaterThan(2050)
    expect(parseCertificate(der).notAfter).toEqual(new Date(judge.validTo))
  })

  it.each([
    [['digitalSignature', 'nonRepudiation'], true],
    [['nonRepudiation'], true],
    [['keyCertSign', 'cRLSign'], false],
    [['keyAgreement', 'decipherOnly'], false],
  ])('says %j of its key', (usages, signsDocuments) => {
    const { der } = make({ extensions: [`keyUsage=critical,${usages.join(',')}`] })
    expect(findKeyUsage(der)).toEqual(usages)
    expect(describeCertificate(der).signsDocuments).toBe(signsDocuments)
  })

  const rsaNames = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512']
  const pss = (...options: readonly string[]) => [
    'rsa-pss',
    ...['rsa_keygen_bits:2048', ...options].flatMap((option) => ['-pkeyopt', option]),
  ]
  it.each([
    ['RSA-2048', ['rsa:2048'], { type: 'RSA', modulusBits: 2048 }, rsaNames],
    ['RSA-2047', ['rsa:2047'], { type: 'RSA', modulusBits: 2047 }, rsaNames],
    [
      'P-384',
      ['ec', '-pkeyopt', 'ec_paramgen_curve:P-384'],
      { type: 'EC', curve: 'P-384' },
      ['ES384'],
    ],
    [
      'P-521',
      ['ec', '-pkeyopt', 'ec_paramgen_curve:P-521'],
      { type: 'EC', curve: 'P-521' },
      ['ES512'],
    ],
    ['brainpool', ['ec', '-pkeyopt', 'ec_paramgen_curve:brainpoolP256r1'], undefined, []],
    ['explicit curve', [...EC, '-pkeyopt', 'ec_param_enc:explicit'], undefined, []],
    ['Ed25519', ['ed25519'], undefined, []],
    ['PSS only', pss(), { type: 'RSA', modulusBits: 2048 }, rsaNames.slice(3)],
    [
      'PSS pinned to SHA-384',
      pss('rsa_pss_keygen_md:sha384', 'rsa_pss_keygen_mgf1_md:sha384', 'rsa_pss_keygen_saltlen:48'),
      { type: 'RSA', modulusBits: 2048 },
      ['PS384'],
    ],
    [
      'PSS pinned to a longer salt',
      pss(
        'rsa_pss_keygen_md:sha256',
        'rsa_pss_keygen_mgf1_md:sha256',
        'rsa_pss_keygen_saltlen:100',
      ),
      { type: 'RSA', modulusBits: 2048 },
      [],
    ],
  ])('allows its %s key the algorithms that fit', (_, key, description, algorithms) => {
    const certificate = parseCertificate(make({ key }).der)
    expect(certificate.key).toEqual(description)
    expect(certificate.algorithms).toEqual(algorithms)
  })

  it('gives WebCrypto a PSS key that it can import', async () => {
    const { der, judge } = make({
      key: pss('rsa_pss_keygen_md:sha256', 'rsa_pss_keygen_mgf1_md:sha256'),
    })
    const { spkiDer } = parseCertificate(der)
    const parameters = { name: 'RSA-PSS', hash: 'SHA-256' }
    const key = await crypto.subtle.importKey('spki', spkiDer, parameters, true, ['verify'])
    const modulus = (await crypto.subtle.exportKey('jwk', key)).n
    expect(judge.publicKey.asymmetricKeyType).toBe('rsa-pss')
    const plain = createPublicKey({ key: Buffer.from(spkiDer), format: 'der', type: 'spki' })
    expect(plain.export({ format: 'jwk' })['n']).toBe(modulus)
  })

  it('is refused at every length but its own', () => {
    const { der } = make({ extensions: ['keyUsage=digitalSignature'] })
    for (let length = 0; length < der.length; length++) {
      expect(() => parseCertificate(der.subarray(0, length))).toThrowError(FormatError)
    }
    expect(() => parseCertificate(Buffer.concat([der, Buffer.of(0)]))).toThrowError(FormatError)
  })

  it('is read or refused, never anything else, with any one byte changed', () => {
    const { der } = make({ extensions: ['keyUsage=digitalSignature'] })
    for (let at = 0; at < der.length; at++) {
      for (const flip of [0x01, 0x80, 0xff]) {
        const changed = new Uint8Array(der)
        changed[at]! ^= flip
        try {
          describeCertificate(changed)
        } catch (error) {
          expect(error, `byte ${at} ^ ${flip}`).toMatchObject({ code: 'FORMAT_MALFORMED' })
        }
      }
    }
  })
})
