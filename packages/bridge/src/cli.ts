/**
 * argv → verb.
 * @module
 */
import { journal } from './commands/journal.ts'
import { origins } from './commands/origins.ts'
import { serve } from './commands/serve.ts'
import { tokens } from './commands/tokens.ts'
import { HELP, USAGE } from './commands/usage.ts'
import { CommandFailure } from './failure.ts'
import { logFailure, logUnexpected } from './log.ts'
import { VERSION } from './version.ts'

const COMMANDS: Readonly<Record<string, (args: readonly string[]) => Promise<void>>> = {
  journal,
  serve,
  tokens,
  origins,
}

async function main(args: readonly string[]): Promise<void> {
  const [verb, ...rest] = args
  if (verb === undefined) {
    process.stderr.write(USAGE)
    process.exitCode = 2
  } else if (verb === '--help' || verb === '-h' || rest.includes('--help')) {
    process.stdout.write(USAGE + HELP)
  } else if (verb === '--version') {
    process.stdout.write(`${VERSION}\n`)
  } else {
    const command = Object.hasOwn(COMMANDS, verb) ? COMMANDS[verb] : undefined
    if (command === undefined) {
      throw new CommandFailure(`no such command: ${verb}`, 'trien-bridge --help')
    }
    await command(rest)
  }
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
