/**
 * OpenSSL as a time stamping authority, without a network between.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { TimestampSource } from '@trien/sdk/types'

const CONFIG = `[tsa]
serial=serial
signer_digest=sha256
default_policy=1.2.3.4.1
digests=sha256,sha384,sha512
accuracy=secs:1
ess_cert_id_alg=sha256
`

/** Section `tsa` of an openssl configuration: the extensions of an authority's certificate (RFC 3161 §2.3). */
export const TSA_EXTENSIONS = `[tsa]
basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature
extendedKeyUsage=critical,timeStamping
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid
`

/** PEM files. */
export interface TsaFiles {
  readonly certificate: string
  readonly key: string
  /** Sent along. */
  readonly chain: string
}

/** What answers. @param folder exists; the caller removes it */
export function createOpensslTsa(
  folder: string,
  files: TsaFiles,
): (request: Uint8Array) => Uint8Array<ArrayBuffer> {
  const work = mkdtempSync(path.join(folder, 'tsa-'))
  writeFileSync(path.join(work, 'tsa.cnf'), CONFIG)
  return (request) => {
    writeFileSync(path.join(work, 'request'), request)
    execFileSync(
      'openssl',
      [
        ...['ts', '-reply', '-queryfile', 'request', '-config', 'tsa.cnf', '-section', 'tsa'],
        ...['-signer', files.certificate, '-inkey', files.key, '-chain', files.chain],
        ...['-out', 'answer'],
      ],
      { cwd: work, stdio: ['ignore', 'ignore', 'pipe'] },
    )
    return new Uint8Array(readFileSync(path.join(work, 'answer')))
  }
}

/** The same as a source of time stamps. */
export function openTimestampSource(folder: string, files: TsaFiles): TimestampSource {
  const answer = createOpensslTsa(folder, files)
  return async (request) => answer(request)
}
