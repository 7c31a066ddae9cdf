/**
 * Rules for names and sizes: what a file may be called, how long it may be, what it may export.
 * @module
 */
import path from 'node:path'
import ts from 'typescript'

const MAX_LINES = 400
const FORBIDDEN = ['util', 'utils', 'helper', 'manager', 'service', 'common', 'misc', 'base']
const KEBAB_CASE = /^[a-z0-9]+(-[a-z0-9]+)*$/

/**
 * Lists what is wrong with a source file, one sentence each.
 * @param file path from the root
 */
export function findNameFaults(file: string, text: string): string[] {
  const names = file.split('/').map((part) => part.split('.')[0] ?? '')
  const words = names.flatMap((name) => name.split('-'))
  const lines = text.split('\n').length - 1
  const isTest = file.startsWith('test/')
  return [
    ...names
      .filter((name) => name !== '' && !KEBAB_CASE.test(name))
      .map((name) => `${file}: ${name} is not kebab-case`),
    ...[...FORBIDDEN, ...(isTest ? [] : ['helpers'])]
      .filter((word) => words.includes(word))
      .map((word) => `${file}: the word ${word} says nothing`),
    ...(lines > MAX_LINES ? [`${file}: ${lines} lines, more than ${MAX_LINES}`] : []),
    ...findDeclarationFaults(file, text),
  ]
}

function findDeclarationFaults(file: string, text: string): string[] {
  if (!['.ts', '.js', '.mjs'].includes(path.extname(file))) return []
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true)
  const isPackageSource = /^packages\/[^/]+\/src\//.test(file)
  return source.statements.flatMap((statement) => [
    ...(isPackageSource && isDefaultExport(statement) ? [`${file}: has a default export`] : []),
    ...declaredNames(statement)
      .filter((name) => /(Manager|Service|Utils?|Helpers?)$/.test(name))
      .map((name) => `${file}: the name ${name} says nothing`),
  ])
}

function isDefaultExport(node: ts.Statement): boolean {
  if (ts.isExportAssignment(node)) return true
  if (ts.isExportDeclaration(node) && node.exportClause && ts.isNamedExports(node.exportClause)) {
    return node.exportClause.elements.some(({ name }) => name.text === 'default')
  }
  const modifiers = ts.canHaveModifiers(node) ? (ts.getModifiers(node) ?? []) : []
  return modifiers.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword)
}

function declaredNames(node: ts.Statement): string[] {
  if (ts.isVariableStatement(node)) {
    return node.declarationList.declarations.flatMap(({ name }) =>
      ts.isIdentifier(name) ? [name.text] : [],
    )
  }
  const isNamed =
    ts.isClassDeclaration(node) ||
    ts.isFunctionDeclaration(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node)
  return isNamed && node.name ? [node.name.text] : []
}
