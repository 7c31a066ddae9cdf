import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type OutputChunk, type RollupOptions, rollup } from 'rollup'
import { describe, expect, it } from 'vitest'
import configuration from '../../rollup.config.js'
import { LOADS, bundle, listSubpaths, sourceOf } from './walls/bundle.mjs'
import { ROOT } from './walls/tracked-files.ts'

/** What no bundle of the sdk may hold: other programs' parts, and 83 kB gzip of pkijs for one class. */
const NEVER = [
  'pkijs',
  'asn1js',
  'pvtsutils',
  '@peculiar/webcrypto',
  'pkcs11js',
  'ws',
  'node:',
  'bridge',
]

const FORMATS = ['sdk/asic', 'sdk/cms', 'sdk/jades', 'sdk/pades', 'sdk/pdf', 'sdk/sign']
const GROUND = [...FORMATS, 'sdk/asn1', 'sdk/provider']

/** Beyond NEVER: pieces of the sdk and packages that must not be in what a subpath brings along. */
const FORBIDDEN: Readonly<Record<string, readonly string[]>> = {
  '.': [],
  './bridge': [...FORMATS, 'sdk/asn1', 'sdk/error-texts'],
  './webcrypto': FORMATS,
  './cms': ['sdk/pdf', 'sdk/pades', 'sdk/jades', 'sdk/provider'],
  './pades': ['sdk/provider'],
  './appearance': ['sdk/cms', 'sdk/provider', 'sdk/asn1'],
  './serif': GROUND.filter((name) => name !== 'sdk/pdf'),
  './jades': ['sdk/pdf', 'sdk/pades', 'sdk/provider'],
  './signature-field': ['sdk/provider', 'sdk/cms', 'sdk/asn1', 'sdk/trust', 'sdk/error-texts'],
  './repair': ['sdk/provider', 'sdk/cms', 'sdk/asn1', 'sdk/trust', 'sdk/error-texts'],
  './asic': ['sdk/pdf', 'sdk/pades', 'sdk/jades', 'sdk/provider'],
  './xades': ['sdk/pdf', 'sdk/pades', 'sdk/provider'],
  './batch': ['sdk/provider'],
  './ooxml': ['sdk/pdf', 'sdk/pades', 'sdk/jades', 'sdk/asic', 'sdk/provider'],
  './upgrade': ['sdk/provider'],
  './cosign': ['sdk/provider', 'sdk/pdf', 'sdk/pades'],
  './node': ['sdk/provider'],
  './http': ['sdk/cms', 'sdk/pades', 'sdk/pdf', 'sdk/provider', 'sdk/sign', 'sdk/trust'],
  './certificate': ['sdk/cms', 'sdk/pades', 'sdk/pdf', 'sdk/provider'],
  './wire': GROUND,
  './errors': [...GROUND, 'sdk/error-texts'],
  './error-texts': GROUND,
  './types': GROUND,
  './digest': GROUND,
  './algorithms': GROUND,
  './bytes': GROUND,
}

function findLeaks(modules: readonly string[], forbidden: readonly string[]): string[] {
  const isIn = (module: string, name: string): boolean =>
    module === name || module.startsWith(name.endsWith(':') ? name : `${name}/`)
  return modules.filter((module) =>
    [...NEVER, ...forbidden].some((name) => isIn(module, name) || isIn(module, `${name}.ts`)),
  )
}

describe('what each subpath brings along', () => {
  it('is ruled for every subpath', () => {
    expect(Object.keys(FORBIDDEN).sort()).toEqual(listSubpaths().sort())
  })

  it.each(Object.keys(FORBIDDEN))('%s holds nothing that it must not', async (subpath) => {
    const { modules } = await bundle([sourceOf(subpath)], { minify: false })
    expect(modules.length).toBeGreaterThan(0)
    expect(findLeaks(modules, FORBIDDEN[subpath] ?? [])).toEqual([])
  })

  it('is seen to leak where it does, also through a dynamic import', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'trien-leak-'))
    const entry = path.join(folder, 'entry.ts')
    const wire = path.join(ROOT, 'packages/sdk/src/wire/index.ts')
    writeFileSync(entry, `import 'node:fs'\nexport const wire = import(${JSON.stringify(wire)})`)
    const { modules, startBytes, onDemandBytes } = await bundle([entry], { minify: false })
    rmSync(folder, { recursive: true })
    expect(findLeaks(modules, ['sdk/wire'])).toContain('sdk/wire/index.ts')
    expect(findLeaks(modules, [])).toEqual(['node:fs'])
    expect(startBytes).toBeGreaterThan(0)
    expect(onDemandBytes).toBeGreaterThan(1000)
  })
})

describe('what a portal loads', () => {
  it('is no XML where containers are signed by CAdES', async () => {
    const { modules, startModules } = await bundle([sourceOf('./asic')], { minify: false })
    const ofXml = ['sdk/xades', 'sdk/xml/parse', 'sdk/xml/scan', 'sdk/xml/canonicalize']
    expect(findLeaks(modules, ofXml).length).toBeGreaterThan(ofXml.length)
    expect(findLeaks(startModules, ofXml)).toEqual([])
  })

  it.each(LOADS)('$name: at most $maxBytes bytes gzip', async ({ name, subpaths, maxBytes }) => {
    const { startBytes, onDemandBytes } = await bundle(subpaths.map(sourceOf))
    console.log(
      `${name}: ${(startBytes / 1000).toFixed(1)} kB gzip of ${maxBytes / 1000} kB` +
        (onDemandBytes > 0 ? `, and ${(onDemandBytes / 1000).toFixed(1)} kB on demand` : ''),
    )
    expect(startBytes).toBeLessThanOrEqual(maxBytes)
  })
})

describe('the bridge as it is built', () => {
  it('loads the driver only in the token host, and code that makes certificates only for the demo', async () => {
    const chunks = await buildBridge()
    const packagesOf = (entry: string): string[] =>
      reach(chunks, entry)
        .flatMap(({ imports, moduleIds }) => [...imports, ...moduleIds.flatMap(findRequired)])
        .filter((name) => !chunks.has(name) && !name.startsWith('node:'))
        .sort()
    expect(packagesOf('cli.js')).toEqual(['tldts', 'ws'])
    expect(packagesOf('token-host.js')).toEqual(['pkcs11js'])
    expect(packagesOf('host-lifeline.js')).toEqual([])
  })

  it('holds of the sdk no more than ground and wire', async () => {
    const sources = [...(await buildBridge()).values()]
      .flatMap(({ moduleIds }) => moduleIds)
      .map((id) => path.relative(path.join(ROOT, 'packages'), id).replace('/src/', '/'))
    expect(sources.filter((file) => file.startsWith('sdk/')).length).toBeGreaterThan(5)
    expect(findLeaks(sources, GROUND).filter((file) => file.startsWith('sdk/'))).toEqual([])
  })
})

/** Builds the bridge by the project's own configuration, in memory. */
async function buildBridge(): Promise<ReadonlyMap<string, OutputChunk>> {
  const bundles = configuration as RollupOptions[]
  const options = bundles.find(({ input }) => JSON.stringify(input).includes('token-host'))
  if (options === undefined) throw new Error('rollup.config.js builds no bridge')
  const build = await rollup(options)
  const { output } = await build.generate({ format: 'es' })
  await build.close()
  const chunks = output.filter((part) => part.type === 'chunk')
  return new Map(chunks.map((chunk) => [chunk.fileName, chunk]))
}

/** The package that a module stands for, of those that are required rather than imported. */
function findRequired(moduleId: string): string[] {
  const [, name] = moduleId.split('\0required:')
  return name === undefined ? [] : [name]
}

/** The chunks that load when an entry is loaded; what is imported on demand is not among them. */
function reach(chunks: ReadonlyMap<string, OutputChunk>, entry: string): OutputChunk[] {
  const names = new Set([entry])
  for (const name of names) for (const next of chunks.get(name)?.imports ?? []) names.add(next)
  return [...names].flatMap((name) => chunks.get(name) ?? [])
}
