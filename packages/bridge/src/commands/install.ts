/**
 * `trien-bridge install` and `uninstall`: start at login, and no longer. Needs no administrator, and refuses to be one.
 * @module
 */
import {
  type UninstallConfig,
  parseInstallArguments,
  parseUninstallArguments,
} from '../config/install.ts'
import { CommandFailure } from '../failure.ts'
import { type Autostart, type Command, describeAutostart } from '../install/autostart.ts'
import { type Done, putAutostart, removeAutostart } from '../install/install.ts'
import { findLaunchCommand } from '../install/launch-command.ts'
import { describeInstallMachine } from '../install/machine.ts'
import { countJournal, listState, removeState } from '../install/state.ts'
import { log } from '../log.ts'
import { StateFolderError, findStateFolder } from '../state-folder.ts'
import { listTls, removeTls } from './tls-removal.ts'

/** @throws {CommandFailure} */
export async function install(args: readonly string[]): Promise<void> {
  const { dryRun, withTls } = parseInstallArguments(args)
  assertOwnPerson()
  const machine = describeInstallMachine()
  const command = [...findLaunchCommand(), ...(withTls ? ['--tls'] : [])]
  const autostart = await describeAutostart(machine, command)
  if (dryRun) {
    printPlan(autostart)
    return
  }
  const done = await putAutostart(autostart, machine)
  if (done.changed.length === 0) {
    log('already starts at login; nothing was changed')
    return
  }
  tell(done, 'wrote')
  const isRunning = autostart.startsNow && done.failed.length === 0
  log(isRunning ? 'runs, and starts at each login' : 'starts at your next login')
}

/** @throws {CommandFailure} */
export async function uninstall(args: readonly string[]): Promise<void> {
  const config = parseUninstallArguments(args)
  assertOwnPerson()
  const machine = describeInstallMachine()
  // Where it lies does not hang on what it starts: another version's is removed as well.
  const autostart = await describeAutostart(machine, [process.execPath])
  const stateFolder = findStateFolder()
  if (config.dryRun) {
    const states = await Promise.all(autostart.items.map((item) => item.look()))
    const there = autostart.items.filter((_, index) => states[index] !== 'absent')
    const more = config.all ? [...(await listTls()), ...listAll(stateFolder, config)] : []
    print([...there.map(({ name }) => name), ...more])
    return
  }
  const done = await removeAutostart(autostart, machine)
  if (done.changed.length === 0) log('does not start at login; nothing was changed')
  else tell(done, 'removed')
  if (!config.all) return
  if (await removeTls()) log('no browser believes the certificate for wss any more')
  forget(stateFolder, config)
}

/** With sudo, the files would lie in the administrator's home, or in the person's and belong to the administrator. */
function assertOwnPerson(): void {
  if (process.getuid?.() !== 0 || process.env['SUDO_UID'] === undefined) return
  throw new CommandFailure('must not be run by sudo', 'run it again as yourself, without sudo')
}

function listAll(stateFolder: string, { withJournal }: UninstallConfig): string[] {
  return listState(stateFolder, withJournal).map((name) => `${stateFolder}/${name}`)
}

function forget(stateFolder: string, { withJournal }: UninstallConfig): void {
  try {
    const lines = countJournal(stateFolder)
    const names = listState(stateFolder, withJournal)
    if (names.length > 0) log(`forgets for good: ${names.join(', ')}`)
    if (lines !== undefined) {
      log(
        withJournal
          ? `the journal is lost, ${lines} lines: what was signed can no longer be shown from here`
          : `keeps the journal, ${lines} lines, and its key in ${stateFolder}`,
      )
    }
    removeState(stateFolder, withJournal)
  } catch (error) {
    if (error instanceof StateFolderError) throw new CommandFailure(error.message, error.hint)
    throw error
  }
}

function tell({ changed, failed }: Done, deed: string): void {
  for (const name of changed) log(`${deed} ${name}`)
  for (const command of failed) log(`this command failed: ${command.join(' ')}`)
}

function printPlan({ items, start }: Autostart): void {
  const commands = start.map((command: Command) => command.join(' '))
  print([
    ...items.flatMap(({ name, content }) => [`# ${name}`, content.trimEnd(), '']),
    ...commands,
  ])
}

function print(lines: readonly string[]): void {
  process.stdout.write(lines.map((line) => `${line}\n`).join(''))
}
