/**
 * A root, an issuing CA below it and signers below that, by openssl in a folder: a chain as real issuers have it, where
 * the issuing CA must travel with the signature and the root must not.
 */
import { execFileSync } from 'node:child_process'
import { X509Certificate, createPrivateKey } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { TimestampSource } from '@trien/sdk/types'
import { TSA_EXTENSIONS, openTimestampSource } from './openssl-tsa.ts'

export interface IssuedSigner {
  readonly certificate: Uint8Array<ArrayBuffer>
  /** DER. */
  readonly pkcs8: Uint8Array<ArrayBuffer>
}

export interface ThreeTierPki {
  /** PEM of the root alone. */
  readonly rootFile: string
  /** The issuing CA, then the root. */
  readonly chain: readonly Uint8Array<ArrayBuffer>[]
  /** A time stamping authority that the issuing CA certified. */
  readonly timestamp: TimestampSource
  /** @param newKey what follows `openssl req -newkey` */
  issue(name: string, newKey: readonly string[]): IssuedSigner
}

const CONFIG = `[req]
distinguished_name=name
string_mask=utf8only
[name]
[ca]
basicConstraints=critical,CA:TRUE
keyUsage=critical,keyCertSign,cRLSign
subjectKeyIdentifier=hash
[signer]
basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature,nonRepudiation
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid
${TSA_EXTENSIONS}`

/** Makes root and issuing CA in a folder that exists; the caller removes it. */
export function createThreeTierPki(folder: string): ThreeTierPki {
  const file = (name: string) => path.join(folder, name)
  const subject = (name: string) => ['-utf8', '-subj', `/C=VN/O=Trien thử/CN=${name}`]
  const config = file('three-tier.cnf')
  writeFileSync(config, CONFIG)
  const issue = (name: string, issuer: string, extensions: string, newKey: readonly string[]) => {
    openssl([
      ...['req', '-new', '-nodes', '-newkey', ...newKey, '-config', config, ...subject(name)],
      ...['-keyout', file(`${name}.key`), '-out', file(`${name}.csr`)],
    ])
    openssl([
      ...['x509', '-req', '-in', file(`${name}.csr`), '-CAcreateserial', '-days', '2', '-sha256'],
      ...['-CA', file(`${issuer}.pem`), '-CAkey', file(`${issuer}.key`), '-extfile', config],
      ...['-extensions', extensions, '-out', file(`${name}.pem`)],
    ])
  }
  openssl([
    ...['req', '-x509', '-nodes', '-newkey', 'rsa:2048', '-config', config, '-extensions', 'ca'],
    ...[...subject('Gốc'), '-days', '3', '-keyout', file('root.key'), '-out', file('root.pem')],
  ])
  issue('issuing', 'root', 'ca', ['rsa:2048'])
  issue('tsa', 'issuing', 'tsa', ['ec', '-pkeyopt', 'ec_paramgen_curve:P-384'])
  return {
    rootFile: file('root.pem'),
    chain: [readDer(file('issuing.pem')), readDer(file('root.pem'))],
    timestamp: openTimestampSource(folder, {
      certificate: file('tsa.pem'),
      key: file('tsa.key'),
      chain: file('issuing.pem'),
    }),
    issue(name, newKey) {
      issue(name, 'issuing', 'signer', newKey)
      const key = createPrivateKey(readFileSync(file(`${name}.key`)))
      return {
        certificate: readDer(file(`${name}.pem`)),
        pkcs8: new Uint8Array(key.export({ type: 'pkcs8', format: 'der' })),
      }
    },
  }
}

function readDer(pemFile: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(new X509Certificate(readFileSync(pemFile)).raw)
}

function openssl(args: readonly string[]): void {
  execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] })
}
