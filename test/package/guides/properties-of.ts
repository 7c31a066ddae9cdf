/**
 * What an interface of the sdk is made of, with all that it extends, as TypeScript sees it.
 * @module
 */
import path from 'node:path'
import ts from 'typescript'
import { ROOT } from '../walls/tracked-files.ts'

const SDK = path.join(ROOT, 'packages/sdk')

/** Names that a file exports, from the repository's top. */
export interface Wanted {
  readonly file: string
  readonly names: readonly string[]
}

/**
 * Lists the properties of interfaces or object types, or of what functions take first: those of all names together.
 * @throws where a name is not exported
 */
export function listProperties(wanted: readonly Wanted[]): readonly (readonly string[])[] {
  const { checker, exportsOf } = openProgram(wanted.map(({ file }) => file))
  return wanted.map(({ file, names }) => {
    const properties = names.flatMap((name) => {
      const symbol = exportsOf(file).find((one) => one.name === name)
      if (symbol === undefined) throw new Error(`${file} exports no ${name}`)
      return typeOf(checker, symbol).getProperties()
    })
    return [...new Set(properties.map(({ name }) => name))]
  })
}

/** Lists the words that their properties may be, where they may be one of several. */
export function listValues(wanted: readonly Wanted[]): readonly string[] {
  const { checker, exportsOf } = openProgram(wanted.map(({ file }) => file))
  return wanted.flatMap(({ file, names }) =>
    exportsOf(file)
      .filter(({ name }) => names.includes(name))
      .flatMap((symbol) => typeOf(checker, symbol).getProperties())
      .flatMap((property) => wordsOf(checker.getTypeOfSymbol(property))),
  )
}

const wordsOf = (type: ts.Type): readonly string[] =>
  (type.isUnion() ? type.types : [])
    .filter((one) => one.isStringLiteral())
    .map(({ value }) => value)

/** Where each interface or object type is declared that a file exports: from the repository's top. */
export function listDeclared(
  file: string,
): readonly { readonly name: string; readonly file: string }[] {
  const { checker, exportsOf } = openProgram([file])
  return exportsOf(file).flatMap((symbol) => {
    const own = resolve(checker, symbol)
    const source = own.declarations?.[0]?.getSourceFile().fileName
    return source === undefined ? [] : [{ name: symbol.name, file: path.relative(ROOT, source) }]
  })
}

function openProgram(files: readonly string[]): {
  readonly checker: ts.TypeChecker
  readonly exportsOf: (file: string) => readonly ts.Symbol[]
} {
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
  const roots = files.map((file) => path.join(ROOT, file))
  const program = ts.createProgram(roots, config?.options ?? {})
  const checker = program.getTypeChecker()
  return {
    checker,
    exportsOf(file) {
      const source = program.getSourceFile(path.join(ROOT, file))
      const module = source && checker.getSymbolAtLocation(source)
      return module === undefined ? [] : checker.getExportsOfModule(module)
    },
  }
}

const resolve = (checker: ts.TypeChecker, symbol: ts.Symbol): ts.Symbol =>
  symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol

function typeOf(checker: ts.TypeChecker, symbol: ts.Symbol): ts.Type {
  const own = resolve(checker, symbol)
  if (!(own.flags & ts.SymbolFlags.Function)) return checker.getDeclaredTypeOfSymbol(own)
  const [signature] = checker.getTypeOfSymbol(own).getCallSignatures()
  const [first] = signature?.getParameters() ?? []
  if (first === undefined) throw new Error(`${symbol.name} takes nothing`)
  return checker.getTypeOfSymbol(first)
}
