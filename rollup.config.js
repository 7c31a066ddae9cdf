// All bundles: ESM, one entry per subpath, dependencies left to the installer; one script-tag build with all inside;
// the bridge with what it shares with the sdk inside; the demo's page.
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { nodeResolve } from '@rollup/plugin-node-resolve'
import terser from '@rollup/plugin-terser'
import ts from 'typescript'

/** TypeScript is only stripped here; types are checked by `tsc`. */
export const typescript = {
  name: 'typescript',
  transform(code, id) {
    if (!id.endsWith('.ts')) return null
    const { outputText, sourceMapText } = ts.transpileModule(code, {
      fileName: id,
      compilerOptions: {
        target: ts.ScriptTarget.ES2022,
        module: ts.ModuleKind.ESNext,
        sourceMap: true,
      },
    })
    return { code: outputText.replace(/\n\/\/# sourceMappingURL.*$/, ''), map: sourceMapText }
  },
}

const source = nodeResolve({ exportConditions: ['trien-source', 'import', 'default'] })
const browser = nodeResolve({
  browser: true,
  exportConditions: ['trien-source', 'browser', 'import', 'default'],
})

/**
 * Has packages of CommonJS required rather than imported: to import one, Node first reads it with a lexer of its own, in
 * WebAssembly, which costs a bridge 60 ms at its start and 15 MB for as long as it runs.
 */
const requireCommonJs = (names) => ({
  name: 'require-commonjs',
  resolveId: (id) => (names.includes(id) ? `\0required:${id}` : null),
  load(id) {
    const [, name] = id.split('\0required:')
    if (name === undefined) return null
    const code = [
      "import { createRequire } from 'node:module'",
      `export default createRequire(import.meta.url)('${name}')`,
    ]
    return { code: code.join('\n'), syntheticNamedExports: true }
  },
})

/** The font of visible signatures: half as large as the rest, it stays a file beside the script-tag build. */
const SERIF = fileURLToPath(new URL('packages/sdk/src/pdf/font/serif.ts', import.meta.url))

/** A warning is a mistake that was not yet noticed; an entry of types alone is rightly empty. */
const onwarn = (warning) => {
  if (warning.code === 'EMPTY_BUNDLE') return
  throw new Error(warning.message)
}

const sdk = {
  index: 'index.ts',
  bridge: 'provider/bridge.ts',
  webcrypto: 'provider/webcrypto.ts',
  cms: 'sign/cms.ts',
  pades: 'sign/pdf.ts',
  appearance: 'sign/appearance.ts',
  serif: 'pdf/font/serif.ts',
  jades: 'sign/json.ts',
  'signature-field': 'sign/signature-field.ts',
  repair: 'sign/repair-pdf.ts',
  asic: 'sign/asic.ts',
  xades: 'sign/xml.ts',
  batch: 'sign/batch.ts',
  ooxml: 'sign/office.ts',
  upgrade: 'sign/upgrade.ts',
  cosign: 'sign/cosign.ts',
  http: 'http/index.ts',
  node: 'node/index.ts',
  certificate: 'sign/describe-certificate.ts',
  wire: 'wire/index.ts',
  errors: 'errors.ts',
  'error-texts': 'error-texts.ts',
  types: 'types.ts',
  digest: 'digest.ts',
  algorithms: 'algorithms.ts',
  bytes: 'bytes.ts',
}

const bundles = [
  {
    input: Object.fromEntries(
      Object.entries(sdk).map(([name, file]) => [name, `packages/sdk/src/${file}`]),
    ),
    external: ['@xmldom/xmldom', 'hash-wasm', /^@noble\/hashes\//],
    output: {
      dir: 'packages/sdk/dist',
      format: 'es',
      chunkFileNames: 'chunk-[hash].js',
      sourcemap: true,
    },
    plugins: [source, typescript],
  },
  {
    input: 'packages/sdk/src/index.ts',
    // A script's page has a DOMParser.
    external: ['@xmldom/xmldom', SERIF],
    output: {
      file: 'packages/sdk/dist/trien.min.js',
      format: 'iife',
      name: 'Trien',
      paths: { [SERIF]: './serif.js' },
      inlineDynamicImports: true,
      sourcemap: true,
    },
    plugins: [browser, typescript, terser()],
  },
  {
    input: {
      cli: 'packages/bridge/src/cli.ts',
      'token-host': 'packages/bridge/src/token/host.ts',
      'host-lifeline': 'packages/bridge/src/token/host-lifeline.ts',
    },
    external: [/^node:/, 'pkcs11js', 'pkijs', 'asn1js', '@peculiar/webcrypto'],
    output: {
      dir: 'packages/bridge/dist',
      format: 'es',
      chunkFileNames: 'chunk-[hash].js',
      banner: (chunk) => (chunk.name === 'cli' ? '#!/usr/bin/env node' : ''),
    },
    plugins: [requireCommonJs(['ws', 'tldts']), source, typescript],
  },
  {
    input: 'packages/demo/src/page/main.ts',
    output: {
      dir: 'packages/demo/dist/page',
      format: 'es',
      chunkFileNames: 'chunk-[hash].js',
      sourcemap: true,
    },
    plugins: [browser, typescript, terser()],
  },
  {
    input: 'packages/demo/src/server/portal.ts',
    external: [/^node:/],
    output: { file: 'packages/demo/dist/server/portal.js', format: 'es' },
    plugins: [source, typescript],
  },
]

/** A bundle is made of the entries that exist. */
const existing = (input) =>
  typeof input === 'string'
    ? existsSync(input) && input
    : Object.fromEntries(Object.entries(input).filter(([, file]) => existsSync(file)))

export default bundles
  .map((bundle) => ({ ...bundle, input: existing(bundle.input), onwarn }))
  .filter(
    ({ input }) => input !== false && (typeof input === 'string' || Object.keys(input).length),
  )
