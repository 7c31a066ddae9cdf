/**
 * The tables of SECURITY.md: who tries what, what stands in the way, and which tests prove it.
 *
 * ```
 * | it tries to | what stands in the way | test |
 * | …           | …                      | `a.test.ts` “one of its tests”, “another”; `b.test.ts` “…” |
 * ```
 * @module
 */

/** One line of a table. */
export interface Defence {
  readonly attack: string
  readonly proofs: readonly Proof[]
  /** What the cell says besides. */
  readonly rest: string
}

/** Tests of one file, by their titles or the names of their cases. */
export interface Proof {
  readonly file: string
  readonly titles: readonly string[]
}

const HEADING = '| it tries to |'
const PROOF = /`([^`]+)` (“[^”]+”(?:, “[^”]+”)*)/g

/** Reads all tables of defences. */
export function parseDefences(markdown: string): Defence[] {
  const defences: Defence[] = []
  let isInTable = false
  for (const line of markdown.split('\n')) {
    if (line.startsWith(HEADING)) isInTable = true
    else if (!line.startsWith('|')) isInTable = false
    else if (isInTable && !/^\|[-\s|]+$/.test(line)) defences.push(parseRow(line))
  }
  return defences
}

function parseRow(line: string): Defence {
  const cells = line.split('|').map((cell) => cell.trim())
  const cell = cells[3] ?? ''
  const proofs = [...cell.matchAll(PROOF)].map(([, file = '', titles = '']) => ({
    file,
    titles: [...titles.matchAll(/“([^”]+)”/g)].map(([, title = '']) => title),
  }))
  const rest = cell
    .replace(PROOF, '')
    .replace(/`[^`]*`/g, '')
    .replace(/;/g, '')
    .trim()
  return { attack: cells[1] ?? '', proofs, rest }
}

/**
 * Finds what a defence lacks.
 * @param read the text of a file of the project, undefined where there is none
 */
export function findUnproven(
  { attack, proofs, rest }: Defence,
  read: (file: string) => string | undefined,
): string[] {
  const faults = proofs.flatMap(({ file, titles }) => {
    const text = read(file)
    if (text === undefined) return [`${file} is not there`]
    if (!file.endsWith('.test.ts')) return [`${file} is no test`]
    const missing = titles.filter((title) => !isTitleIn(text, title))
    return missing.map((title) => `${file} has no test “${title}”`)
  })
  if (proofs.length === 0) faults.push('names no test')
  if (rest !== '') faults.push(`says more than tests: ${rest}`)
  return faults.map((fault) => `${attack}: ${fault}`)
}

/** A title stands in quotes of its own; a name of a case too. */
function isTitleIn(text: string, title: string): boolean {
  return [`'`, '`', '"'].some((quote) => text.includes(`${quote}${title}${quote}`))
}
