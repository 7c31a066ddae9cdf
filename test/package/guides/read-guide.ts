/**
 * The pages of docs/formats, as their reader and the tests see them.
 *
 * ```
 * <!-- judged: KIND LEVEL RESULT [DATA] -->      referees of KIND accept what the example exports as RESULT, at LEVEL, over
 *                                               what ./portal.js exports as DATA
 * <!-- options: FILE NAME … -->                 the table below it lists the properties of the interface NAME, or of what the
 *                                               function NAME takes first, and no other; of several NAMEs all together
 * ```
 * @module
 */
import { readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { ROOT } from '../walls/tracked-files.ts'

const FOLDER = path.join(ROOT, 'docs/formats')

/** What a page says of a result of its example. */
export interface Judged {
  readonly kind: string
  readonly level: string
  readonly result: string
  readonly data: string | undefined
}

/** What a page says of interfaces, or of what functions take. */
export interface OptionsTable {
  /** From the repository's top. */
  readonly file: string
  readonly names: readonly string[]
  /** First cells of the rows. */
  readonly listed: readonly string[]
}

export interface Guide {
  readonly name: string
  readonly text: string
  /** A whole module. */
  readonly example: string
  readonly judged: readonly Judged[]
  readonly options: readonly OptionsTable[]
}

/** Reads all pages. @throws where one has not exactly one example */
export function readGuides(): readonly Guide[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.md'))
    .map((file) => readGuide(file))
}

function readGuide(file: string): Guide {
  const text = readFileSync(path.join(FOLDER, file), 'utf8')
  const blocks = text.split('```js example\n').slice(1)
  const example = blocks[0]?.split('\n```')[0]
  if (example === undefined || blocks.length !== 1) throw new Error(`${file} has not one example`)
  const judged = [...text.matchAll(/<!-- judged: (\S+) (\S+) (\S+)(?: (\S+))? -->/g)].map(
    ([, kind = '', level = '', result = '', data]) => ({ kind, level, result, data }),
  )
  const options = [...text.matchAll(/<!-- options: (\S+) (.+?) -->\n+((?:\|.*\n)+)/g)].map(
    ([, file = '', names = '', table = '']) => ({
      ...{ file, names: names.split(' '), listed: firstCells(table) },
    }),
  )
  return { name: file, text, example, judged, options }
}

/** Names in backticks that the rows of a table start with; one row may name several. */
function firstCells(table: string): readonly string[] {
  return table
    .trim()
    .split('\n')
    .slice(2)
    .flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)])
    .map(([, name]) => name ?? '')
}
