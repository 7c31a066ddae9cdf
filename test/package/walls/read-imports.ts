/**
 * Which modules a source file names, read from its syntax tree: static, dynamic, type-only, re-exports, `import('x')` types.
 * @module
 */
import ts from 'typescript'

/** One mention of another module. `specifier` is undefined where a dynamic import computes it. */
export interface Mention {
  readonly specifier: string | undefined
  /** From 1. */
  readonly line: number
}

/** Lists every module that a file names, in the order of the text. */
export function readImports(fileName: string, text: string): readonly Mention[] {
  const file = ts.createSourceFile(fileName, text, ts.ScriptTarget.Latest, true)
  const mentions: Mention[] = []
  const visit = (node: ts.Node): void => {
    const named = moduleNamedBy(node)
    if (named !== undefined) {
      const { line } = file.getLineAndCharacterOfPosition(node.getStart(file))
      const specifier = ts.isStringLiteralLike(named) ? named.text : undefined
      mentions.push({ specifier, line: line + 1 })
    }
    ts.forEachChild(node, visit)
  }
  visit(file)
  return mentions
}

/** The expression that names a module, where the node is an import of any kind. */
function moduleNamedBy(node: ts.Node): ts.Node | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier
  if (ts.isExternalModuleReference(node)) return node.expression
  if (ts.isImportTypeNode(node)) {
    return ts.isLiteralTypeNode(node.argument) ? node.argument.literal : node.argument
  }
  if (!ts.isCallExpression(node)) return undefined
  const isImport = node.expression.kind === ts.SyntaxKind.ImportKeyword
  const isRequire = ts.isIdentifier(node.expression) && node.expression.text === 'require'
  return isImport || isRequire ? (node.arguments[0] ?? node) : undefined
}
