/**
 * Walks the imports of a tree of packages and holds them against the law.
 * @module
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import path from 'node:path'
import type { Law } from './law.ts'
import { readImports } from './read-imports.ts'

/** One file names another file of the tree, or a package from outside. */
interface Edge {
  readonly from: string
  readonly line: number
  readonly to:
    | { readonly kind: 'file'; readonly file: string }
    | { readonly kind: 'package'; readonly name: string }
    | { readonly kind: 'problem'; readonly problem: string }
}

const SOURCE = /\.(ts|js|mjs)$/
const TEST = /\.test\.ts$/

/** Lists source files below `packages/X/src` as `X/path/in/src.ts`; tests beside the source are bound by no wall. */
export function listSources(root: string): string[] {
  const packages = path.join(root, 'packages')
  return readdirSync(packages).flatMap((name) => {
    const folder = path.join(packages, name, 'src')
    if (!existsSync(folder)) return []
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => SOURCE.test(file) && !TEST.test(file))
      .map((file) => `${name}/${file.split(path.sep).join('/')}`)
      .sort()
  })
}

/**
 * Lists everything in a tree that the law forbids, one sentence each; empty where the house stands as drawn.
 * @param root a folder that holds `packages/X/src` and `packages/X/package.json`
 */
export function findTrespasses(root: string, law: Law): string[] {
  const files = listSources(root)
  const edges = files.flatMap((file) => readEdges(root, file, new Set(files)))
  return [
    ...files.filter((file) => pieceOf(file, law) === undefined).map(homeless),
    ...edges.flatMap((edge) => judge(edge, law)),
    ...findCircles(fileGraph(edges)).map((circle) => `circle of files: ${circle.join(' → ')}`),
    ...findCircles(pieceGraph(edges, law)).map(
      (circle) => `circle of pieces: ${circle.join(' → ')}`,
    ),
  ]
}

const homeless = (file: string): string => `${file}: belongs to no piece of the law`

/** The piece a file belongs to: the longest declared name that its path starts with, at a whole word. */
export function pieceOf(file: string, law: Law): string | undefined {
  const stem = file.replace(SOURCE, '')
  return [...law.keys()]
    .filter((piece) => stem === piece || stem.startsWith(`${piece}/`))
    .sort((a, b) => b.length - a.length)[0]
}

function readEdges(root: string, from: string, files: ReadonlySet<string>): Edge[] {
  const [pkg = '', ...rest] = from.split('/')
  const text = readFileSync(path.join(root, 'packages', pkg, 'src', ...rest), 'utf8')
  return readImports(from, text).map(({ specifier, line }) => {
    if (specifier === undefined) {
      return { from, line, to: { kind: 'problem', problem: 'imports a computed name' } }
    }
    return { from, line, to: resolve(root, from, specifier, files) }
  })
}

function resolve(
  root: string,
  from: string,
  specifier: string,
  files: ReadonlySet<string>,
): Edge['to'] {
  if (specifier.startsWith('.') || specifier.startsWith('/')) {
    const file = path.posix.join(path.posix.dirname(from), specifier)
    if (file.split('/')[0] !== from.split('/')[0]) {
      return { kind: 'problem', problem: `reaches out of its package by path: ${specifier}` }
    }
    if (!files.has(file)) return { kind: 'problem', problem: `names no source file: ${specifier}` }
    return { kind: 'file', file }
  }
  if (specifier.startsWith('node:') || isBuiltin(specifier)) {
    return { kind: 'package', name: 'node:' }
  }
  const [scope = '', name = '', ...subpath] = specifier.split('/')
  const packageName = scope.startsWith('@') ? `${scope}/${name}` : scope
  const inside = scope === '@trien' ? ownSource(root, name, subpath.join('/')) : undefined
  if (inside !== undefined) return { kind: 'file', file: inside }
  return { kind: 'package', name: packageName }
}

/** Where a subpath of one of our packages has its source, by the package's own `exports`. */
function ownSource(root: string, name: string, subpath: string): string | undefined {
  const file = path.join(root, 'packages', name, 'package.json')
  if (!existsSync(file)) return undefined
  const { exports = {} } = JSON.parse(readFileSync(file, 'utf8')) as {
    exports?: Record<string, string | { 'trien-source'?: string }>
  }
  const entry = exports[subpath === '' ? '.' : `./${subpath}`]
  const source = typeof entry === 'object' ? entry['trien-source'] : undefined
  return source === undefined ? undefined : `${name}/${source.replace('./src/', '')}`
}

function judge({ from, line, to }: Edge, law: Law): string[] {
  const piece = pieceOf(from, law)
  const rule = piece === undefined ? undefined : law.get(piece)
  if (rule === undefined) return []
  if (to.kind === 'problem') return [`${from}:${line}: ${to.problem}`]
  if (to.kind === 'package') {
    return rule.packages.has(to.name) ? [] : [`${from}:${line}: ${piece} may not use ${to.name}`]
  }
  const target = pieceOf(to.file, law)
  if (target === undefined || target === piece || rule.pieces.has(target)) return []
  return [`${from}:${line}: ${piece} may not import ${target}`]
}

type Graph = ReadonlyMap<string, ReadonlySet<string>>

function fileGraph(edges: readonly Edge[]): Graph {
  return graphOf(edges.map(({ from, to }) => [from, to.kind === 'file' ? to.file : undefined]))
}

function pieceGraph(edges: readonly Edge[], law: Law): Graph {
  return graphOf(
    edges.map(({ from, to }) => {
      const [a, b] = [pieceOf(from, law), to.kind === 'file' ? pieceOf(to.file, law) : undefined]
      return [a ?? from, a === b ? undefined : b]
    }),
  )
}

function graphOf(pairs: readonly (readonly [string, string | undefined])[]): Graph {
  const graph = new Map<string, Set<string>>()
  for (const [from, to] of pairs) {
    const targets = graph.get(from) ?? new Set<string>()
    if (to !== undefined) targets.add(to)
    graph.set(from, targets)
  }
  return graph
}

/** One circle for each way back that a depth-first walk meets; empty exactly where the graph has no circle. */
function findCircles(graph: Graph): string[][] {
  const done = new Set<string>()
  const trail: string[] = []
  const circles: string[][] = []
  const visit = (node: string): void => {
    const start = trail.indexOf(node)
    if (start !== -1) circles.push([...trail.slice(start), node])
    if (start !== -1 || done.has(node)) return
    trail.push(node)
    for (const next of graph.get(node) ?? []) visit(next)
    trail.pop()
    done.add(node)
  }
  for (const node of graph.keys()) visit(node)
  return circles
}
