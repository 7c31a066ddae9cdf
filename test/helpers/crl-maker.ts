/**
 * Lists of revoked certificates by openssl, of every kind that RFC 5280 knows.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { PemPair } from './openssl-authorities.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** How a list is to differ from a plain one that is current and empty. */
export interface CrlWish {
  /** Serial numbers, upper-case hexadecimal. */
  readonly revoked?: readonly string[]
  /** Lines of an openssl section of extensions. */
  readonly extensions?: readonly string[]
  /** Seconds from now that it begins and ends. Default: a minute ago, in an hour. */
  readonly from?: number
  readonly to?: number
}

/** What makes lists. @param folder exists; the caller removes it */
export function createCrlMaker(folder: string, issuer: PemPair): (wish?: CrlWish) => Bytes {
  const work = mkdtempSync(path.join(folder, 'crl-'))
  return ({ revoked = [], extensions = [], from = -60, to = 3600 } = {}) => {
    const since = formatTime(-86_400)
    const index = revoked.map(
      (serial) => `R\t400101000000Z\t${since},keyCompromise\t${serial}\tunknown\t/CN=x\n`,
    )
    writeFileSync(path.join(work, 'index'), index.join(''))
    writeFileSync(path.join(work, 'cnf'), configuration(extensions))
    const openssl = (...args: readonly string[]): void => {
      execFileSync('openssl', args, { cwd: work, stdio: ['ignore', 'ignore', 'pipe'] })
    }
    openssl(
      ...['ca', '-config', 'cnf', '-name', 'crl', '-gencrl', '-out', 'crl.pem'],
      ...['-cert', issuer.certificateFile, '-keyfile', issuer.keyFile],
      ...['-crl_lastupdate', formatTime(from), '-crl_nextupdate', formatTime(to)],
      ...(extensions.length === 0 ? [] : ['-crlexts', 'extensions']),
    )
    openssl('crl', '-in', 'crl.pem', '-outform', 'DER', '-out', 'crl.der')
    return new Uint8Array(readFileSync(path.join(work, 'crl.der')))
  }
}

/** YYMMDDHHMMSSZ */
function formatTime(seconds: number): string {
  const time = new Date(Date.now() + seconds * 1000).toISOString()
  return `${time.replace(/\D/g, '').slice(2, 14)}Z`
}

const configuration = (extensions: readonly string[]): string => `[crl]
database=index
default_md=sha256
[extensions]
${extensions.join('\n')}
`
