/**
 * The law of the house: the table in ARCHITECTURE.md that says which piece may import which, read as it stands there.
 * @module
 */

/** What one piece (a file or folder below `packages/X/src`) may name. */
export interface Rule {
  readonly floor: string
  /** Names of other pieces. */
  readonly pieces: ReadonlySet<string>
  /** Names of npm packages, or `node:`. */
  readonly packages: ReadonlySet<string>
}

/** Rules by piece, for example `sdk/asn1`. */
export type Law = ReadonlyMap<string, Rule>

/** The first line of the table; nothing else in the document looks like it. */
const HEADING = ['floor', 'pieces', 'may import', 'packages']

/**
 * Reads the table. A bare word under "may import" is a floor and stands for all its pieces; a name in backticks is
 * one piece or package.
 * @throws Error where there is no table, or a name is used that no row declares
 */
export function parseLaw(markdown: string): Law {
  const rows = tableRows(markdown)
  const floors = new Map<string, string[]>()
  for (const [floor = '', pieces = ''] of rows) {
    floors.set(floor, [...(floors.get(floor) ?? []), ...quoted(pieces)])
  }
  const law = new Map<string, Rule>()
  for (const [floor = '', names = '', mayImport = '', packages = ''] of rows) {
    const pieces = piecesNamedIn(mayImport, floors)
    for (const name of quoted(names)) {
      if (law.has(name)) throw new Error(`the law names ${name} twice`)
      law.set(name, { floor, pieces, packages: new Set(quoted(packages)) })
    }
  }
  return law
}

function piecesNamedIn(cell: string, floors: ReadonlyMap<string, string[]>): Set<string> {
  const declared = new Set([...floors.values()].flat())
  const wholeFloors = bare(cell).map((word) => {
    const members = floors.get(word)
    if (members === undefined) throw new Error(`the law names no floor ${word}`)
    return members
  })
  const unknown = quoted(cell).find((piece) => !declared.has(piece))
  if (unknown !== undefined) throw new Error(`the law names no piece ${unknown}`)
  return new Set([...quoted(cell), ...wholeFloors.flat()])
}

function tableRows(markdown: string): string[][] {
  const lines = markdown.split('\n').map(cells)
  const heading = lines.findIndex((line) => HEADING.every((word, index) => line?.[index] === word))
  if (heading === -1) throw new Error(`no table headed ${HEADING.join(' | ')}`)
  const end = lines.findIndex((line, index) => index > heading && line === undefined)
  return lines
    .slice(heading + 2, end === -1 ? lines.length : end)
    .filter((line) => line !== undefined)
}

function cells(line: string): string[] | undefined {
  const trimmed = line.trim()
  if (!trimmed.startsWith('|') || !trimmed.endsWith('|')) return undefined
  return trimmed
    .slice(1, -1)
    .split('|')
    .map((cell) => cell.trim())
}

/** `a` `b` c → a, b */
function quoted(cell: string): string[] {
  return cell.split('`').filter((_, index) => index % 2 === 1)
}

/** `a` `b` c → c */
function bare(cell: string): string[] {
  return cell
    .split('`')
    .filter((_, index) => index % 2 === 0)
    .flatMap((part) => part.split(/[\s,]+/))
    .filter((word) => word !== '' && word !== '–')
}
