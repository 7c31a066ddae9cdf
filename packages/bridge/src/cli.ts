/**
 * argv → verb.
 * @module
 */
import { doctor } from './commands/doctor.ts'
import { install, uninstall } from './commands/install.ts'
import { journal } from './commands/journal.ts'
import { origins } from './commands/origins.ts'
import { policy } from './commands/policy.ts'
import { serve } from './commands/serve.ts'
import { tls } from './commands/tls.ts'
import { tokens } from './commands/tokens.ts'
import { HELP, USAGE, writeAllHelp } from './commands/usage.ts'
import { CommandFailure } from './failure.ts'
import { logFailure, logUnexpected } from './log.ts'
import { VERSION } from './version.ts'

const COMMANDS: Readonly<Record<string, (args: readonly string[]) => Promise<void>>> = {
  doctor,
  install,
  uninstall,
  policy,
  journal,
  serve,
  tokens,
  origins,
  tls,
}
const ASKS_HELP: readonly string[] = ['--help', '-h']

async function main(args: readonly string[]): Promise<void> {
  const [verb, ...rest] = args
  if (verb === undefined) {
    process.stderr.write(USAGE)
    process.exitCode = 2
  } else if (verb === 'help' || ASKS_HELP.includes(verb)) {
    process.stdout.write(rest[0] === undefined ? writeAllHelp() : findOf(HELP, rest[0]))
  } else if (verb === '--version') {
    process.stdout.write(`${VERSION}\n`)
  } else if (rest.some((word) => ASKS_HELP.includes(word))) {
    process.stdout.write(findOf(HELP, verb))
  } else {
    await findOf(COMMANDS, verb)(rest)
  }
}

function findOf<T>(table: Readonly<Record<string, T>>, verb: string): T {
  const found = Object.hasOwn(table, verb) ? table[verb] : undefined
  if (found !== undefined) return found
  throw new CommandFailure(`no such command: ${verb}`, 'trien-bridge --help')
}

try {
  await main(process.argv.slice(2))
} catch (error) {
  process.exitCode = 1
  if (error instanceof CommandFailure) logFailure(error.message, error.hint)
  else {
    logUnexpected('starting', error)
    logFailure('the bridge could not go on', 'trien-bridge --help')
  }
}
