/**
 * A root, an authority below it and what they issued, by openssl in a folder; each certificate names addresses of one web
 * server. With it, requests to such servers, their answers, and openssl's word on both.
 */
import { execFileSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { TSA_EXTENSIONS, createOpensslTsa } from './openssl-tsa.ts'
import type { IssuedKey } from './pki.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** How many certificates the authority revoked: its list is larger than a frame. */
const REVOKED = 9_000

export interface CertificationAuthority {
  file(name: string): string
  /** DER of `root`, `issuing`, `signer`, `colleague`, `deputy`, `far`, `tsa` or `stranger`. */
  certificate(name: string): Bytes
  /** The key pair that shall be on a token. */
  readonly signer: IssuedKey
  /** Questions, DER. */
  timestampRequest(text: string): Bytes
  ocspRequest(name: string, options?: { readonly nonce?: boolean }): Bytes
  /** Answers, as the servers give them. */
  timestampAnswer(request: Uint8Array): Bytes
  ocspAnswer(request: Uint8Array, days?: number): Bytes
  /** DER; PEM where the root's is asked for, as Vietnam's is served. */
  crl(issuer: 'issuing' | 'root'): Bytes
  /** Certificates in a CMS that signs nothing. */
  bag(...names: readonly string[]): Bytes
  /** Throws where openssl does not accept the answer. */
  verifyTimestamp(answer: Uint8Array, request: Uint8Array): void
  verifyOcsp(answer: Uint8Array, name: string): void
  verifyCrl(crl: Uint8Array): void
}

/** @param address of the web server, `http://127.0.0.1:port` */
export function createCertificationAuthority(
  folder: string,
  address: string,
): CertificationAuthority {
  const file = (name: string): string => path.join(folder, name)
  const openssl = (...args: readonly string[][]): void => {
    execFileSync('openssl', args.flat(), { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
  }
  const write = (name: string, bytes: Uint8Array): string => {
    writeFileSync(file(name), bytes)
    return file(name)
  }
  const read = (name: string): Bytes => new Uint8Array(readFileSync(file(name)))

  writeFileSync(file('ca.cnf'), configuration(address))
  for (const [name, issuer, extensions] of ISSUED) issue(name, issuer, extensions)
  writeIndex()

  function issue(name: string, issuer: string | undefined, extensions: string): void {
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
    const subject = ['-utf8', '-subj', `/C=VN/O=Trien thử/CN=${name}`]
    openssl(
      ['req', '-new', ...key, '-keyout', `${name}.key`, '-config', 'ca.cnf', ...subject],
      issuer === undefined
        ? ['-x509', '-days', '30', '-extensions', extensions, '-out', `${name}.pem`]
        : ['-out', `${name}.csr`],
    )
    if (issuer === undefined) return
    openssl(
      ['x509', '-req', '-in', `${name}.csr`, '-CA', `${issuer}.pem`, '-CAkey', `${issuer}.key`],
      ['-CAcreateserial', '-days', '20', '-sha256', '-extfile', 'ca.cnf'],
      ['-extensions', extensions, '-out', `${name}.pem`],
    )
  }

  /** What `openssl ca` and `openssl ocsp` know of the authority's certificates. */
  function writeIndex(): void {
    const good = ['signer', 'colleague'].map((name) => {
      const { serialNumber } = new X509Certificate(readFileSync(file(`${name}.pem`)))
      return `V\t400101000000Z\t\t${serialNumber}\tunknown\t/CN=${name}\n`
    })
    const revoked = Array.from({ length: REVOKED }, (_, index) => {
      const serial = (0xabc000 + index).toString(16).toUpperCase()
      return `R\t400101000000Z\t260101000000Z,superseded\t${serial}\tunknown\t/CN=${serial}\n`
    })
    writeFileSync(file('issuing.index'), [...good, ...revoked].join(''))
    writeFileSync(file('root.index'), '')
  }

  return {
    file,
    certificate: (name) =>
      new Uint8Array(new X509Certificate(readFileSync(file(`${name}.pem`))).raw),
    get signer() {
      return {
        kind: 'P-256' as const,
        keyFile: file('signer.key'),
        certificateFile: file('signer.pem'),
        certificate: this.certificate('signer'),
      }
    },
    timestampRequest(text) {
      writeFileSync(file('text'), text)
      openssl(['ts', '-query', '-data', 'text', '-sha256', '-cert', '-out', 'question.tsq'])
      return read('question.tsq')
    },
    ocspRequest(name, { nonce = false } = {}) {
      openssl(
        ['ocsp', '-issuer', 'issuing.pem', '-cert', `${name}.pem`, '-reqout', 'question.ocsp'],
        nonce ? [] : ['-no_nonce'],
      )
      return read('question.ocsp')
    },
    timestampAnswer: createOpensslTsa(folder, {
      certificate: file('tsa.pem'),
      key: file('tsa.key'),
      chain: file('root.pem'),
    }),
    ocspAnswer(request, days = 1) {
      write('asked.ocsp', request)
      openssl(
        ['ocsp', '-index', 'issuing.index', '-CA', 'issuing.pem', '-reqin', 'asked.ocsp'],
        ['-rsigner', 'issuing.pem', '-rkey', 'issuing.key', '-respout', 'answer.ocsp'],
        days === 0 ? [] : ['-ndays', `${days}`],
      )
      return read('answer.ocsp')
    },
    crl(issuer) {
      openssl([
        'ca',
        '-config',
        'ca.cnf',
        '-name',
        `ca_${issuer}`,
        '-gencrl',
        '-out',
        `${issuer}.crl`,
      ])
      if (issuer === 'root') return read('root.crl')
      openssl(['crl', '-in', 'issuing.crl', '-outform', 'DER', '-out', 'issuing.crl.der'])
      return read('issuing.crl.der')
    },
    bag(...names) {
      openssl(
        ['crl2pkcs7', '-nocrl', '-outform', 'DER', '-out', 'bag.p7b'],
        names.flatMap((name) => ['-certfile', `${name}.pem`]),
      )
      return read('bag.p7b')
    },
    verifyTimestamp(answer, request) {
      write('judged.tsr', answer)
      write('judged.tsq', request)
      openssl(
        ['ts', '-verify', '-in', 'judged.tsr', '-queryfile', 'judged.tsq'],
        ['-CAfile', 'root.pem'],
      )
    },
    verifyOcsp(answer, name) {
      write('judged.ocsp', answer)
      openssl(
        ['ocsp', '-respin', 'judged.ocsp', '-issuer', 'issuing.pem', '-cert', `${name}.pem`],
        ['-CAfile', 'root.pem', '-verify_other', 'issuing.pem', '-no_nonce'],
      )
    },
    verifyCrl(crl) {
      write('judged.crl', crl)
      openssl(['crl', '-inform', 'DER', '-in', 'judged.crl', '-CAfile', 'issuing.pem', '-noout'])
    },
  }
}

/** Name, issuer, extensions. */
const ISSUED: readonly (readonly [string, string | undefined, string])[] = [
  ['root', undefined, 'root'],
  ['issuing', 'root', 'issuing'],
  ['signer', 'issuing', 'signer'],
  ['colleague', 'issuing', 'signer'],
  // Another authority of the same root, and whom it certifies.
  ['deputy', 'root', 'deputy'],
  ['far', 'deputy', 'signer'],
  ['tsa', 'root', 'tsa'],
  // Whoever makes a certificate by himself.
  ['stranger', undefined, 'signer'],
]

const configuration = (address: string): string => `[req]
distinguished_name=name
string_mask=utf8only
[name]
[root]
basicConstraints=critical,CA:TRUE
keyUsage=critical,keyCertSign,cRLSign
subjectKeyIdentifier=hash
[issuing]
basicConstraints=critical,CA:TRUE
keyUsage=critical,keyCertSign,cRLSign,digitalSignature
subjectKeyIdentifier=hash
authorityInfoAccess=caIssuers;URI:${address}/root.crt
crlDistributionPoints=URI:${address}/root.crl
[deputy]
basicConstraints=critical,CA:TRUE
keyUsage=critical,keyCertSign,cRLSign
[signer]
basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature,nonRepudiation
authorityInfoAccess=OCSP;URI:${address}/ocsp,caIssuers;URI:${address}/issuing.p7b
crlDistributionPoints=URI:ldap://directory.example/cn=ca,URI:${address}/issuing.crl
1.2.840.113583.1.1.9.1=ASN1:SEQUENCE:acrobat
[acrobat]
version=INTEGER:1
location=IMP:6,IA5STRING:${address}/tsa
${TSA_EXTENSIONS}authorityInfoAccess=caIssuers;URI:${address}/root.crt
crlDistributionPoints=URI:${address}/root.crl
[ca]
default_ca=ca_issuing
${['issuing', 'root']
  .map(
    (name) => `[ca_${name}]
database=${name}.index
certificate=${name}.pem
private_key=${name}.key
default_md=sha256
default_crl_days=7
`,
  )
  .join('')}`
