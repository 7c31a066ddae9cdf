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

/** PEM files. */
export interface TsaFiles {
  readonly certificate: string
  readonly key: string
  /** Sent along. */
  readonly chain: string
}

/** @param folder exists; the caller removes it */
export function createOpensslTsa(folder: string, files: TsaFiles): TimestampSource {
  const work = mkdtempSync(path.join(folder, 'tsa-'))
  writeFileSync(path.join(work, 'tsa.cnf'), CONFIG)
  return async (request) => {
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
