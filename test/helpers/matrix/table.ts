/**
 * The matrix as a table, on a terminal and in docs/conformance.md.
 * @module
 */
import type { Referee } from '../referees/index.ts'
import { type Cell, type Container, levelOf } from './container.ts'
import { type Ruling, markOf } from './judge.ts'

type Rulings = ReadonlyMap<Cell, readonly Ruling[]>

/**
 * The matrix as rows of text, those put together that differ in nothing but key and algorithm:
 * container, level, keys with their algorithms, and a column a referee.
 */
function rowsOf(rulings: Rulings, referees: readonly Referee[]): readonly string[][] {
  const rows = new Map<string, { start: string[]; keys: Map<string, string[]>; marks: string[] }>()
  for (const [cell, found] of rulings) {
    const { container, key, algorithm } = cell
    const start = [container.name, levelOf(cell)]
    const marks = referees.map(({ name }) => markOf(found.find((one) => one.referee === name)))
    const same = [...start, ...marks].join('\t')
    const row = rows.get(same) ?? { start, keys: new Map<string, string[]>(), marks }
    rows.set(same, row)
    row.keys.set(key, [...(row.keys.get(key) ?? []), algorithm])
  }
  return [...rows.values()].map(({ start, keys, marks }) => [
    ...start,
    [...keys].map(([key, algorithms]) => `${key} ${algorithms.join(' ')}`).join(', '),
    ...marks,
  ])
}

const headOf = (referees: readonly Referee[]): string[] => [
  ...['container', 'level', 'signed by'],
  ...referees.map(({ name }) => name),
]

/** The matrix for a terminal. `-`: does not judge such a container; `cannot`: does not know the algorithm. */
export function formatMatrix(rulings: Rulings, referees: readonly Referee[]): string {
  const rows = [headOf(referees), ...rowsOf(rulings, referees)]
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  return rows
    .map((row) =>
      row
        .map((text, column) => text.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/**
 * The matrix as a page of Markdown: nothing in it changes from one run to the next while what is found does not.
 * @param containers all, in order; the rows of those that were not judged are taken from the page as it was
 * @throws where rows would have to be kept of a table with other columns
 */
export function formatConformancePage(
  rulings: Rulings,
  referees: readonly Referee[],
  { containers, before }: { readonly containers: readonly Container[]; readonly before: string },
): string {
  const head = lineOf(headOf(referees))
  const fresh = rowsOf(rulings, referees).map(lineOf)
  const kept = before.split('\n')
  const judged = new Set([...rulings.keys()].map(({ container }) => container.name))
  const rows = containers.flatMap(({ name }) =>
    (judged.has(name) ? fresh : kept).filter((row) => row.startsWith(`| ${name} |`)),
  )
  if (judged.size < containers.length && !kept.includes(head))
    throw new Error('other referees: run all')
  const rule = lineOf(headOf(referees).map(() => '---'))
  return [PREFACE, head, rule, ...rows, '', GAPS, ...gapsOf(containers), ''].join('\n')
}

/** Why cells are not there, a line for all containers of one reason. */
function gapsOf(containers: readonly Container[]): readonly string[] {
  const byReason = new Map<string, string[]>()
  for (const { name, gap } of containers) {
    if (gap !== undefined) byReason.set(gap, [...(byReason.get(gap) ?? []), name])
  }
  return [...byReason].map(([gap, names]) => `- ${names.join(', ')}: ${gap}.`)
}

const lineOf = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`

const GAPS = `## What has no row, or fewer

No PDF is counter-signed: a signature in a PDF must not hold a counter-signature (EN 319 142-1 §6.3). No Office file is: its
packages have no place for one that readers know.
`

const PREFACE = `# What others say of our signatures

Written by \`test/conformance/matrix.test.ts\` from what it found, and compared with it at each run. Each row stands for files
that were signed one by each algorithm: at B-B by tokens of SoftHSM2 behind the bridge (on P-521 by a key in memory), above
it by the same keys in memory, for no level changes what is signed. Every referee of its kind judged each file, and a copy of
it with one byte of what was signed changed.

\`yes\`: accepts the file and refuses the copy. \`syntax\`: accepts the file; knows nothing of signatures. \`cannot\`: refuses it,
and OpenSSL's own signature by this algorithm too. \`below\`: judges the signature that is counter-signed, and nothing that
counter-signs it. \`-\`: judges no such container. DSS and BouncyCastle demand the level exactly. At least three referees say
\`yes\` to every file.

Whose code they are: DSS reads CMS by BouncyCastle and XML by Apache Santuario, which is the JDK's too, and POI's; pyHanko, lxml
and jwcrypto verify values by OpenSSL, and lxml follows references by a script of ours; LibreOffice has libxmlsec1, with NSS;
pdfsig has NSS. \`test/conformance/counter-signatures.test.ts\` spoils counter-signatures themselves, for those who say \`yes\` to them.

\`npx vitest run --project conformance matrix -u\` writes this page anew; with \`TRIEN_MATRIX='PDF,CMS detached'\` in the environment only the
rows of these containers.
`
