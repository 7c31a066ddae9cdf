/**
 * argv of `install` and `uninstall`.
 * @module
 */
import { parseOptions } from '../config.ts'
import { CommandFailure } from '../failure.ts'

/** What `install` is asked to do. */
export interface InstallConfig {
  readonly dryRun: boolean
  /** Have what starts listen for wss, too. */
  readonly withTls: boolean
}

/** What `uninstall` is asked to do. */
export interface UninstallConfig {
  readonly dryRun: boolean
  /** Remove what the bridge remembers, too. */
  readonly all: boolean
  /** The journal and its key with it. */
  readonly withJournal: boolean
}

/** @throws {CommandFailure} naming the argument that is wrong */
export function parseInstallArguments(args: readonly string[]): InstallConfig {
  const values = parseOptions(args, {
    user: { type: 'boolean' },
    tls: { type: 'boolean' },
    'dry-run': { type: 'boolean' },
  })
  if (values.user !== true) {
    throw new CommandFailure('install needs --user', 'trien-bridge install --user')
  }
  return { dryRun: values['dry-run'] ?? false, withTls: values.tls ?? false }
}

/** @throws {CommandFailure} naming the argument that is wrong */
export function parseUninstallArguments(args: readonly string[]): UninstallConfig {
  const values = parseOptions(args, {
    user: { type: 'boolean' },
    all: { type: 'boolean' },
    'with-journal': { type: 'boolean' },
    'dry-run': { type: 'boolean' },
  })
  const { all = false, 'with-journal': withJournal = false } = values
  if (withJournal && !all) {
    throw new CommandFailure('--with-journal needs --all', 'trien-bridge uninstall --all')
  }
  return { all, withJournal, dryRun: values['dry-run'] ?? false }
}
