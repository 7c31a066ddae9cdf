/**
 * `trien-bridge tokens`: what the modules have, on stdout; asks no PIN.
 * @module
 */
import { parseTokensArguments } from '../config.ts'
import { CommandFailure } from '../failure.ts'
import { chooseModules, openModule } from './sources.ts'
import { type ModuleReport, reportModule } from './tokens/report.ts'
import { printReports } from './tokens/print.ts'

/**
 * Prints all modules; the exit code is 1 where one of them cannot be used.
 * @throws {CommandFailure} where there is none, or a settings file is wrong
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
  const reports = await Promise.all(
    modules.map(async (module): Promise<ModuleReport> => {
      const source = openModule(module)
      try {
        return await reportModule(module, source)
      } finally {
        await source.close()
      }
    }),
  )
  printReports(reports, config)
  if (reports.some(({ failure }) => failure !== null)) process.exitCode = 1
}
