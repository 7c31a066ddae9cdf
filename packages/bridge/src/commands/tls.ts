/**
 * `trien-bridge tls`: has this person's browsers believe the bridge's own certificate, for pages that may open only
 * wss; shows where they do, and takes it back. Nothing of it happens by itself.
 * @module
 */
import { parseTlsArguments } from '../config/tls.ts'
import { CommandFailure } from '../failure.ts'
import { log } from '../log.ts'
import { StateFolderError, findStateFolder, openStateFolder } from '../state-folder.ts'
import { findTrustStores } from '../tls/find-stores.ts'
import {
  RENEW_BEFORE_MS,
  type TlsIdentity,
  authorityFile,
  endOf,
  findTlsIdentity,
  nameOf,
} from '../tls/identity.ts'
import { wordPolicies } from '../tls/policies.ts'
import { type TlsState, inspectTls } from '../tls/inspect.ts'
import { type TrustRow, trustEverywhere } from '../tls/trust.ts'
import { removeTls } from './tls-removal.ts'

const CERTUTIL_HINT = 'apt install libnss3-tools, then again: trien-bridge tls install'

/** @throws {CommandFailure} */
export async function tls(args: readonly string[]): Promise<void> {
  const config = parseTlsArguments(args)
  try {
    if (config.deed === 'install') await install(config.renew)
    else if (config.deed === 'remove') await remove()
    else if (config.deed === 'policy') printPolicies()
    else printState(await inspectTls(), config.json)
  } catch (cause) {
    if (cause instanceof StateFolderError) {
      throw new CommandFailure(cause.message, cause.hint, { cause })
    }
    throw cause
  }
}

async function install(renew: boolean): Promise<void> {
  const { stores, missing } = findTrustStores()
  if (missing !== undefined) throw new CommandFailure('needs certutil', CERTUTIL_HINT)
  const folder = openStateFolder()
  log('browsers of this account will believe one authority more, for localhost, 127.0.0.1 and ::1')
  const known = renew ? undefined : findCurrent(folder)
  const rows =
    known === undefined
      ? await makeAnew(folder, stores)
      : await trustEverywhere(stores, known, authorityFile(folder))
  printRows(rows)
  if (!rows.some((row) => row.trusted)) {
    throw new CommandFailure('no browser could be told', 'trien-bridge tls policy')
  }
  log('restart the browsers that are open; then: trien-bridge serve --tls')
}

async function makeAnew(
  folder: string,
  stores: Parameters<typeof trustEverywhere>[0],
): Promise<readonly TrustRow[]> {
  // A bridge that only serves holds no code that makes certificates.
  const { replaceTlsIdentity } = await import('../tls/replace.ts')
  const some = (rows: readonly TrustRow[]): boolean => rows.some((row) => row.trusted)
  const { identity, rows } = await replaceTlsIdentity(folder, stores, some)
  if (identity !== undefined) log(`made “${nameOf(identity.authority)}”; its key is destroyed`)
  return rows
}

function findCurrent(folder: string): TlsIdentity | undefined {
  const known = findTlsIdentity(folder)
  const isCurrent = known !== undefined && endOf(known).getTime() - Date.now() > RENEW_BEFORE_MS
  return isCurrent ? known : undefined
}

async function remove(): Promise<void> {
  const wasThere = await removeTls()
  log(
    wasThere ? 'removed the certificate and its key; no browser believes it' : 'nothing to remove',
  )
}

function printPolicies(): void {
  const folder = findStateFolder()
  const identity = findTlsIdentity(folder)
  if (identity === undefined) {
    throw new CommandFailure('there is no certificate yet', 'trien-bridge tls install')
  }
  for (const { file, content } of wordPolicies(identity.authority, authorityFile(folder))) {
    process.stdout.write(`${file}\n${JSON.stringify(content, null, 2)}\n\n`)
  }
}

function printState(state: TlsState, json: boolean): void {
  if (json) {
    process.stdout.write(`${JSON.stringify(state, null, 2)}\n`)
    return
  }
  if (!state.installed) {
    log('not installed; pages reach the bridge by ws alone')
    return
  }
  process.stdout.write(`${state.authority}\n  ends       ${state.notAfter.slice(0, 10)}\n`)
  printRows(state.places)
  for (const policy of state.policies) process.stdout.write(`  policy     ${policy}\n`)
}

function printRows(rows: readonly TrustRow[]): void {
  for (const { place, readers, trusted, problem } of rows) {
    const why = problem === undefined ? '' : `: ${problem}`
    process.stdout.write(
      `  ${trusted ? 'trusted    ' : 'not trusted'} ${place} (${readers})${why}\n`,
    )
  }
}
