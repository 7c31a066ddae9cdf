/**
 * A certificate authority of openssl in a temporary folder, made afresh for each suite: nothing is committed, nothing
 * expires.
 * @module
 */
import { execFileSync } from 'node:child_process'
import { X509Certificate, generateKeyPairSync } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Authorities, TimestampSource } from '@trien/sdk/types'
import { type Revoked, openOpensslAuthorities, serialOf } from './openssl-authorities.ts'
import { TSA_EXTENSIONS, openTimestampSource } from './openssl-tsa.ts'

/** A kind of key that Trien signs with. */
export const KEY_KINDS = ['RSA-2048', 'RSA-3072', 'P-256', 'P-384', 'P-521'] as const
export type KeyKind = (typeof KEY_KINDS)[number]

/** A key and its certificate, as files and as bytes. */
export interface IssuedKey {
  readonly kind: KeyKind
  /** PKCS #8, PEM. */
  readonly keyFile: string
  /** PEM. */
  readonly certificateFile: string
  readonly certificate: Uint8Array<ArrayBuffer>
}

export interface TestAuthority {
  readonly folder: string
  /** PEM of the self-signed certificate: what a validator must trust. */
  readonly certificateFile: string
  readonly certificate: Uint8Array<ArrayBuffer>
  /** PEM of the private key, for CRLs, OCSP and time stamps of other suites. */
  readonly keyFile: string
  /**
   * @param name file name without ending; also serves to tell certificates apart
   * @param days until it expires; left out, so many that nobody announces it
   */
  issue(kind: KeyKind, name: string, days?: number): IssuedKey
  /** Makes a time stamping authority that it certifies. */
  openTimestamps(): TimestampSource
  /**
   * Makes who answers for its certificates.
   * @param options.hasDeputy OCSP answers are signed by a responder that it certified, whose own status need not be asked
   */
  openAuthorities(options?: { readonly hasDeputy?: boolean }): Authorities
  /** Takes a certificate back. */
  revoke(key: Pick<IssuedKey, 'certificate'>, revoked?: Partial<Revoked>): void
}

const EXTENSIONS = `[ca]
basicConstraints=critical,CA:TRUE,pathlen:0
keyUsage=critical,keyCertSign,cRLSign
subjectKeyIdentifier=hash
[signer]
basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature,nonRepudiation
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid
[ocsp]
basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature
extendedKeyUsage=OCSPSigning
noCheck=ignored
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid
${TSA_EXTENSIONS}[req]
distinguished_name=name
[name]
`

/** Makes an authority inside a folder that exists; the caller removes the folder. */
export function createTestAuthority(folder: string, name = 'Trien Test CA'): TestAuthority {
  const config = path.join(folder, 'openssl.cnf')
  writeFileSync(config, EXTENSIONS)
  const keyFile = writeKey(folder, 'ca', 'RSA-2048')
  const certificateFile = path.join(folder, 'ca.pem')
  openssl(
    ['req', '-x509', '-new', '-key', keyFile, '-sha256', '-days', '90', '-utf8'],
    ['-subj', `/C=VN/O=Trien Test/CN=${name}`, '-config', config, '-extensions', 'ca'],
    ['-out', certificateFile],
  )
  const issued = new Map<string, Revoked | undefined>()
  function issue(kind: KeyKind, file: string, extensions: string, days: number): IssuedKey {
    const subject = `/C=VN/L=Hà Nội/O=Trien Test/CN=Người ký thử ${file}`
    const leafKey = writeKey(folder, file, kind)
    const request = path.join(folder, `${file}.csr`)
    const leaf = path.join(folder, `${file}.pem`)
    openssl(
      ['req', '-new', '-key', leafKey, '-utf8', '-subj', subject],
      ['-config', config, '-out', request],
    )
    openssl(
      ['x509', '-req', '-in', request, '-CA', certificateFile, '-CAkey', keyFile],
      ['-CAcreateserial', '-days', String(days), '-sha256', '-extfile', config],
      ['-extensions', extensions, '-out', leaf],
    )
    const certificate = readDer(leaf)
    issued.set(serialOf(certificate), undefined)
    return { kind, keyFile: leafKey, certificateFile: leaf, certificate }
  }

  return {
    folder,
    keyFile,
    certificateFile,
    certificate: readDer(certificateFile),
    issue: (kind, file, days = 60) => issue(kind, file, 'signer', days),
    openTimestamps() {
      const key = issue('P-256', 'tsa', 'tsa', 60)
      return openTimestampSource(folder, {
        certificate: key.certificateFile,
        key: key.keyFile,
        chain: certificateFile,
      })
    },
    openAuthorities({ hasDeputy = false } = {}) {
      const deputy = hasDeputy ? { responder: issue('P-256', 'ocsp', 'ocsp', 60) } : {}
      return openOpensslAuthorities(folder, {
        issuer: { certificateFile, keyFile },
        ...deputy,
        issued,
      })
    },
    revoke({ certificate }, { since = new Date(), reason = 'keyCompromise' } = {}) {
      issued.set(serialOf(certificate), { since, reason })
    },
  }
}

function writeKey(folder: string, name: string, kind: KeyKind): string {
  const { privateKey } = kind.startsWith('RSA')
    ? generateKeyPairSync('rsa', { modulusLength: Number(kind.slice(4)) })
    : generateKeyPairSync('ec', { namedCurve: kind })
  const file = path.join(folder, `${name}.key`)
  writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 })
  return file
}

function readDer(pemFile: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(new X509Certificate(readFileSync(pemFile)).raw)
}

function openssl(...args: readonly string[][]): void {
  execFileSync('openssl', args.flat(), { stdio: ['ignore', 'ignore', 'pipe'] })
}
