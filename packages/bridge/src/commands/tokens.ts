/**
 * `trien-bridge tokens`: what the modules have, on stdout; asks no PIN. `change-pin` and `unblock` ask in the prompt.
 * @module
 */
import { parseTokensArguments } from '../config/tokens.ts'
import { CommandFailure } from '../failure.ts'
import type { FoundModule } from '../token/discovery/find-modules.ts'
import type { ModuleSource } from '../token/supervisor.ts'
import { chooseModules, openModule } from './sources.ts'
import { careForPin } from './tokens/pin-care.ts'
import { reportModule } from './tokens/report.ts'
import { printReports } from './tokens/print.ts'

/**
 * Prints all modules; the exit code is 1 where one of them cannot be used. Or cares for a PIN.
 * @throws {CommandFailure} where there is none, a settings file is wrong, or a PIN stays as it was
 */
export async function tokens(args: readonly string[]): Promise<void> {
  const config = parseTokensArguments(args)
  const modules = chooseModules(config)
  if (modules.length === 0) {
    throw new CommandFailure(
      'this computer has no PKCS#11 module that the bridge knows',
      'install the driver of your token, or name it: trien-bridge tokens --module /path/of/the/module.so',
    )
  }
  if (config.deed !== 'list') {
    await withSources(modules, (sources) => careForPin(config, sources))
    return
  }
  const reports = await Promise.all(
    modules.map((module) => withSources([module], ([source]) => reportModule(module, source))),
  )
  printReports(reports, config)
  if (reports.some(({ failure }) => failure !== null)) process.exitCode = 1
}

async function withSources<T, const Modules extends readonly FoundModule[]>(
  modules: Modules,
  use: (sources: { readonly [Index in keyof Modules]: ModuleSource }) => Promise<T>,
): Promise<T> {
  const sources = modules.map(openModule)
  try {
    return await use(sources as { readonly [Index in keyof Modules]: ModuleSource })
  } finally {
    await Promise.all(sources.map((source) => source.close()))
  }
}
