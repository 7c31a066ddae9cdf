/**
 * docs/protocol.md, written from the source of `wire/`: its messages, their shapes and comments, and the limits.
 * @module
 */
import { readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import ts from 'typescript'
import { ROOT } from '../walls/tracked-files.ts'

const WIRE = 'packages/sdk/src/wire'
const NOT_MESSAGES = [
  'codec.ts',
  'index.ts',
  'limits.ts',
  'message-types.ts',
  'messages.ts',
  'shape.ts',
]
/** A value up to this length is a word, a longer one is shown where it is used. */
const MAX_WORD = 200

/** One `const name = value` of a source file. */
interface Constant {
  readonly name: string
  readonly comment: string
  readonly value: string
  readonly isExported: boolean
}

/** Writes the page. */
export function encodeProtocolPage(): string {
  const limits = readConstants('limits.ts')
  const messages = listMessageFiles()
    .flatMap(readConstants)
    .filter(({ value }) => value.includes('method:'))
  return [
    '# The wire, protocol 1',
    '',
    'Written from `packages/sdk/src/wire`, the contract that page and bridge both import; regenerate with',
    '`npx vitest run --project package documents -u`. Do not edit.',
    '',
    'JSON-RPC 2.0 over a WebSocket at `ws://127.0.0.1:PORT/v1`, subprotocol `trien.v1`, one message a text frame, binary',
    'values base64url without padding. Where the person installed a certificate for it, the bridge listens for `wss://` as',
    'well, at a port that lies SECURE_ABOVE; only pages that are kept from `ws://` go there. A failed request is answered with',
    '`error.data.code`, a code of the catalogue in the README; `error.message` is for logs. Unknown fields are ignored, so',
    'that a newer peer may add some.',
    '',
    '## Messages',
    ...messages.flatMap(({ name, comment, value }) => [
      '',
      `### ${name}`,
      '',
      comment,
      '',
      '```ts',
      value,
      '```',
    ]),
    '',
    '## Words used above',
    '',
    ...readWords().map(({ name, value }) => `- \`${name}\` is \`${value}\``),
    '',
    '## Limits',
    '',
    '| name | value | |',
    '|---|---|---|',
    ...limits.map(({ name, comment, value }) => `| \`${name}\` | \`${value}\` | ${comment} |`),
    '',
  ].join('\n')
}

/** The files that messages stand in, `hello` first, then by name. */
function listMessageFiles(): string[] {
  const isFirst = (file: string): number => Number(file === 'hello.ts')
  return readdirSync(path.join(ROOT, WIRE))
    .filter((file) => !NOT_MESSAGES.includes(file) && !file.endsWith('.test.ts'))
    .sort((left, right) => isFirst(right) - isFirst(left) || left.localeCompare(right))
}

/** The short shapes that messages are made of, one line for all of one name and value. */
function readWords(): Constant[] {
  const words = ['message-types.ts', ...listMessageFiles()]
    .flatMap(readStatements)
    .filter(({ value }) => !value.includes('method:') && value.length <= MAX_WORD)
  return words.filter(({ name, value }, index) => {
    const first = words.findIndex((word) => word.name === name && word.value === value)
    return first === index
  })
}

/** What a file exports, each with the longer shapes that it uses. */
function readConstants(file: string): Constant[] {
  const all = readStatements(file)
  const long = all.filter(({ isExported, value }) => !isExported && value.length > MAX_WORD)
  return all
    .filter(({ isExported }) => isExported)
    .map((constant) => {
      const used = long.filter(({ name }) => new RegExp(`\\b${name}\\b`).test(constant.value))
      const parts = [constant.value, ...used.map(({ name, value }) => `${name}: ${value}`)]
      return { ...constant, value: parts.join('\n\n') }
    })
}

function readStatements(file: string): Constant[] {
  const text = readFileSync(path.join(ROOT, WIRE, file), 'utf8')
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true)
  return source.statements.filter(ts.isVariableStatement).flatMap((statement) => {
    const [declaration] = statement.declarationList.declarations
    if (declaration?.initializer === undefined) return []
    const isExported =
      statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false
    const name = declaration.name.getText(source)
    const value = plainText(declaration.initializer, source)
    return [{ name, comment: commentOf(statement), value, isExported }]
  })
}

/** The value as written, without the type that follows it. */
function plainText(node: ts.Expression, source: ts.SourceFile): string {
  const bare = ts.isSatisfiesExpression(node) || ts.isAsExpression(node) ? node.expression : node
  return bare === node ? bare.getText(source) : plainText(bare, source)
}

function commentOf(statement: ts.Statement): string {
  return ts
    .getJSDocCommentsAndTags(statement)
    .map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? '')
    .join(' ')
    .replaceAll('\n', ' ')
}
