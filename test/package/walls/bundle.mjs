// Bundles subpaths of the sdk as a portal's own build would: from their entry, minified, dependencies inside.
import { readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { nodeResolve } from '@rollup/plugin-node-resolve'
import terser from '@rollup/plugin-terser'
import { rollup } from 'rollup'
import { typescript } from '../../../rollup.config.js'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const sdk = path.join(root, 'packages', 'sdk')

/**
 * What a portal loads, by what it imports; `maxBytes` is the budget, gzip. The whole contract, `./wire`, is what a bridge
 * imports: of it a page holds the messages that it sends.
 */
export const LOADS = [
  { name: 'core', subpaths: ['./bridge', './errors'], maxBytes: 8_000 },
  { name: 'core + CMS', subpaths: ['./bridge', './errors', './cms'], maxBytes: 30_000 },
  {
    name: 'core + PAdES',
    subpaths: ['./bridge', './errors', './pades'],
    maxBytes: 45_000,
  },
  { name: 'core + batch', subpaths: ['./bridge', './errors', './batch'], maxBytes: 16_000 },
  // What XAdES takes comes when it is wanted: this is the price of CAdES in a container.
  { name: 'core + ASiC', subpaths: ['./bridge', './errors', './asic'], maxBytes: 24_000 },
  { name: 'core + XAdES', subpaths: ['./bridge', './errors', './xades'], maxBytes: 30_000 },
  { name: 'templates of visible signatures', subpaths: ['./appearance'], maxBytes: 8_000 },
  { name: 'the font of visible signatures', subpaths: ['./serif'], maxBytes: 20_000 },
]

/** Lists the subpaths that `packages/sdk/package.json` exports with a source. */
export function listSubpaths() {
  const { exports } = JSON.parse(readFileSync(path.join(sdk, 'package.json'), 'utf8'))
  return Object.keys(exports).filter((subpath) => typeof exports[subpath] === 'object')
}

/** @param {string} subpath as package.json spells it, for example `./cms` */
export function sourceOf(subpath) {
  const { exports } = JSON.parse(readFileSync(path.join(sdk, 'package.json'), 'utf8'))
  return path.join(sdk, exports[subpath]['trien-source'])
}

/**
 * Bundles everything that some entries export.
 * @param {readonly string[]} entries absolute paths of source files
 * @param {{ minify?: boolean }} options false where only the modules count: it takes most of the time
 * @returns {Promise<{ modules: string[], startModules: string[], startBytes: number, onDemandBytes: number }>} what is
 *   inside, and what of it loads at once: files of ours as `sdk/pdf/lexer.ts`, others as the package's name; sizes are gzip,
 *   of what loads at once and on demand
 */
export async function bundle(entries, { minify = true } = {}) {
  const build = await rollup({
    input: 'entry',
    external: [/^node:/, ...builtinModules],
    plugins: [
      virtualEntry(entries),
      nodeResolve({
        browser: true,
        exportConditions: ['trien-source', 'browser', 'import', 'default'],
      }),
      typescript,
    ],
    onwarn: (warning) => {
      throw new Error(warning.message)
    },
  })
  const plugins = minify ? [terser()] : []
  const { output } = await build.generate({ format: 'es', freeze: false, plugins })
  await build.close()
  const chunks = output.filter((part) => part.type === 'chunk')
  const outside = chunks.flatMap(({ imports, dynamicImports }) => [...imports, ...dynamicImports])
  const files = new Set(chunks.map(({ fileName }) => fileName))
  const modules = chunks
    .flatMap(({ modules }) => Object.keys(modules).filter((id) => id !== '\0entry'))
    .concat(outside.filter((name) => !files.has(name)))
  const atStart = startingChunks(chunks)
  const startModules = chunks
    .filter(({ fileName }) => atStart.has(fileName))
    .flatMap((chunk) => Object.keys(chunk.modules).filter((id) => id !== '\0entry'))
  return {
    modules: [...new Set(modules.map(shortName))].sort(),
    startModules: startModules.map(shortName).sort(),
    startBytes: gzipBytes(chunks.filter((chunk) => atStart.has(chunk.fileName))),
    onDemandBytes: gzipBytes(chunks.filter((chunk) => !atStart.has(chunk.fileName))),
  }
}

/** @param {readonly string[]} entries */
function virtualEntry(entries) {
  const lines = entries.map((file, index) => `export * as e${index} from ${JSON.stringify(file)}`)
  return {
    name: 'virtual-entry',
    resolveId: (/** @type {string} */ id) => (id === 'entry' ? '\0entry' : null),
    load: (/** @type {string} */ id) => (id === '\0entry' ? lines.join('\n') : null),
  }
}

/** @param {import('rollup').OutputChunk[]} chunks */
function startingChunks(chunks) {
  const reached = new Set(chunks.filter(({ isEntry }) => isEntry).map(({ fileName }) => fileName))
  for (const name of reached) {
    for (const next of chunks.find(({ fileName }) => fileName === name)?.imports ?? []) {
      reached.add(next)
    }
  }
  return reached
}

/** @param {import('rollup').OutputChunk[]} chunks */
function gzipBytes(chunks) {
  return chunks.reduce((sum, { code }) => sum + gzipSync(code, { level: 9 }).length, 0)
}

/** @param {string} id */
function shortName(id) {
  const inPackage = id.split('/node_modules/').at(-1)
  if (inPackage !== undefined && inPackage !== id) {
    const [first = '', second = ''] = inPackage.split('/')
    return first.startsWith('@') ? `${first}/${second}` : first
  }
  const ours = path.relative(path.join(root, 'packages'), id).split(path.sep)
  return path.isAbsolute(id) && ours[1] === 'src' ? [ours[0], ...ours.slice(2)].join('/') : id
}
