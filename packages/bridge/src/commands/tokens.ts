/**
 * `trien-bridge tokens`: what the modules have, on stdout; asks no PIN.
 * @module
 */
import { encodeHex } from '@trien/sdk/bytes'
import { isSigningError } from '@trien/sdk/errors'
import { type TokensConfig, parseTokensArguments } from '../config.ts'
import { CommandFailure } from '../failure.ts'
import { log } from '../log.ts'
import { plainLine } from '../plain-text.ts'
import { summarizeCertificate } from '../token/summary.ts'
import type { TokenCertificate, TokenSource } from '../token/types.ts'
import { openModules } from './sources.ts'

/** One certificate as it is printed. */
interface Row {
  readonly module: string
  readonly token: string
  readonly serial: string
  readonly pin: string
  readonly id: string
  readonly holder: string
  readonly issuer: string
  readonly notAfter: string
  readonly algorithms: readonly string[]
}

/** @throws {CommandFailure} where no module could be read */
export async function tokens(args: readonly string[]): Promise<void> {
  const config = parseTokensArguments(args)
  const sources = openModules(config)
  try {
    print(await listAll(sources), config)
  } finally {
    await Promise.all(sources.map((source) => source.close()))
  }
}

async function listAll(sources: readonly TokenSource[]): Promise<Row[]> {
  const rows: Row[] = []
  let failed = 0
  for (const source of sources) {
    try {
      const certificates = await source.listCertificates(new AbortController().signal)
      rows.push(...certificates.map((certificate) => describe(source, certificate)))
    } catch (error) {
      if (!isSigningError(error)) throw error
      failed += 1
      log(`${source.name}: ${error.message}`)
    }
  }
  if (failed < sources.length) return rows
  throw new CommandFailure(
    'no module could be read',
    'trien-bridge tokens --module /path/of/the/pkcs11/module.so',
  )
}

function describe(
  source: TokenSource,
  { id, certificate, algorithms, token }: TokenCertificate,
): Row {
  const { holder, issuer, notAfter } = summarizeCertificate(certificate)
  return {
    module: source.name,
    token: token.label,
    serial: token.serial,
    pin: token.pinState,
    id: encodeHex(id),
    holder,
    issuer,
    notAfter,
    algorithms,
  }
}

function print(rows: readonly Row[], { json }: TokensConfig): void {
  if (json) {
    process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`)
    return
  }
  if (rows.length === 0) log('no certificate with a private key is at hand')
  for (const row of rows) {
    const lines = [
      plainLine(row.holder),
      `  issued by  ${plainLine(row.issuer)}, expires ${row.notAfter.slice(0, 10)}`,
      `  token      ${plainLine(row.token)}, number ${plainLine(row.serial)}, PIN ${row.pin}`,
      `  module     ${row.module}`,
      `  signs      ${row.algorithms.join(' ')}`,
    ]
    process.stdout.write(`${lines.join('\n')}\n`)
  }
}
