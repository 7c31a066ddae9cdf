/**
 * What an interface of the sdk is made of, with all that it extends, as TypeScript sees it.
 * @module
 */
import path from 'node:path'
import ts from 'typescript'
import { ROOT } from '../walls/tracked-files.ts'

const SDK = path.join(ROOT, 'packages/sdk')

/**
 * Lists the properties of some interfaces or object types.
 * @param wanted files from the repository's top, with the names that each exports
 * @throws where a name is not exported
 */
export function listProperties(
  wanted: readonly { readonly file: string; readonly name: string }[],
): readonly (readonly string[])[] {
  const config = ts.getParsedCommandLineOfConfigFile(
    path.join(SDK, 'tsconfig.json'),
    {},
    {
      ...ts.sys,
      onUnRecoverableConfigFileDiagnostic: (problem) => {
        throw new Error(ts.flattenDiagnosticMessageText(problem.messageText, '\n'))
      },
    },
  )
  const files = wanted.map(({ file }) => path.join(ROOT, file))
  const program = ts.createProgram(files, config?.options ?? {})
  const checker = program.getTypeChecker()
  return wanted.map(({ file, name }) => {
    const source = program.getSourceFile(path.join(ROOT, file))
    const module = source && checker.getSymbolAtLocation(source)
    const symbol = module && checker.getExportsOfModule(module).find((one) => one.name === name)
    if (symbol === undefined) throw new Error(`${file} exports no ${name}`)
    return checker
      .getDeclaredTypeOfSymbol(symbol)
      .getProperties()
      .map((property) => property.name)
  })
}
