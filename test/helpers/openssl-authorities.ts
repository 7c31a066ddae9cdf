/**
 * OpenSSL as who answers for the certificates of one authority, without a network between.
 */
import { execFileSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Authorities } from '@trien/sdk/types'

type Bytes = Uint8Array<ArrayBuffer>

/** PEM files of a key and its certificate. */
export interface PemPair {
  readonly certificateFile: string
  readonly keyFile: string
}

/** What became of a certificate. */
export interface Revoked {
  readonly since: Date
  /** By OpenSSL's names, for example `keyCompromise`. */
  readonly reason: string
}

/** What is told apart: by whom OCSP answers are signed, and what became of whom. */
export interface AnsweringAuthority {
  readonly issuer: PemPair
  /** Default: the issuer itself. */
  readonly responder?: PemPair
  /** By serial number, upper-case hexadecimal; undefined where it is good. */
  readonly issued: ReadonlyMap<string, Revoked | undefined>
}

/** Serial number as OpenSSL's index has it. */
export function serialOf(certificateDer: Uint8Array): string {
  return new X509Certificate(certificateDer).serialNumber
}

/** Asks for lists alone, and for one but once: it holds for a day, and made anew where a second ends it would be another. */
export function withOneList({ issuers, crl }: Authorities): Authorities {
  let list: ReturnType<NonNullable<Authorities['crl']>> | undefined
  return {
    issuers: issuers!,
    crl: (certificate, question) => (list ??= crl!(certificate, question)),
  }
}

/** What answers; each time anew, with the request's nonce. @param folder exists; the caller removes it */
export function openOpensslAuthorities(folder: string, authority: AnsweringAuthority): Authorities {
  const work = mkdtempSync(path.join(folder, 'authority-'))
  const { issuer, responder = issuer, issued } = authority
  const openssl = (...args: readonly string[]): void => {
    execFileSync('openssl', args, { cwd: work, stdio: ['ignore', 'ignore', 'pipe'] })
  }
  const read = (name: string): Bytes => new Uint8Array(readFileSync(path.join(work, name)))
  const write = (name: string, data: Uint8Array | string): void =>
    writeFileSync(path.join(work, name), data)
  const writeIndex = (): void => write('index', [...issued].map(formatEntry).join(''))
  const ownDer = new Uint8Array(new X509Certificate(readFileSync(issuer.certificateFile)).raw)
  write('crl.cnf', CONFIG)

  return {
    async ocsp(_, request) {
      writeIndex()
      write('request', request)
      openssl(
        ...['ocsp', '-index', 'index', '-CA', issuer.certificateFile, '-reqin', 'request'],
        ...['-rsigner', responder.certificateFile, '-rkey', responder.keyFile],
        ...['-ndays', '1', '-respout', 'answer'],
      )
      return read('answer')
    },
    async crl() {
      writeIndex()
      openssl(
        ...['ca', '-config', 'crl.cnf', '-name', 'crl', '-gencrl', '-out', 'crl.pem'],
        ...['-cert', issuer.certificateFile, '-keyfile', issuer.keyFile],
      )
      openssl('crl', '-in', 'crl.pem', '-outform', 'DER', '-out', 'crl.der')
      return read('crl.der')
    },
    issuers: async (certificate) => (Buffer.from(certificate).equals(ownDer) ? [] : [ownDer]),
  }
}

function formatEntry([serial, revoked]: [string, Revoked | undefined]): string {
  const state = revoked === undefined ? 'V' : 'R'
  const since = revoked && `${formatTime(revoked.since)},${revoked.reason}`
  return `${state}\t400101000000Z\t${since ?? ''}\t${serial}\tunknown\t/CN=${serial}\n`
}

/** YYMMDDHHMMSSZ */
function formatTime(time: Date): string {
  return `${time.toISOString().replace(/\D/g, '').slice(2, 14)}Z`
}

const CONFIG = `[crl]
database=index
default_md=sha256
default_crl_days=7
`
