import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { parseLaw } from './walls/law.ts'
import { readImports } from './walls/read-imports.ts'
import { findTrespasses, listSources } from './walls/survey.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const law = parseLaw(readFileSync(path.join(root, 'ARCHITECTURE.md'), 'utf8'))

describe('the house', () => {
  it('has walls where ARCHITECTURE.md draws them, and no circle', () => {
    expect(listSources(root).length).toBeGreaterThan(10)
    expect(findTrespasses(root, law)).toEqual([])
  })

  it.each([
    ['asn1 and pdf never know each other', 'sdk/asn1', 'sdk/pdf'],
    ['asn1 and pdf never know each other', 'sdk/pdf', 'sdk/asn1'],
    ['a format knows no provider', 'sdk/cms', 'sdk/provider'],
    ['a format knows no wire', 'sdk/cms', 'sdk/wire'],
    ['a format knows no wire', 'sdk/sign/pdf', 'sdk/wire'],
    ['one format knows no other', 'sdk/cms', 'sdk/pdf'],
    ['a provider knows no format', 'sdk/provider', 'sdk/cms'],
    ['signing a CMS pulls in no PDF', 'sdk/sign/cms', 'sdk/pdf'],
    ['what cannot parse a PDF cannot be attacked with one', 'bridge/server', 'sdk/pdf'],
    ['the bridge builds no container', 'bridge/claims', 'sdk/cms'],
    ['the demo knows the bridge only as a program', 'demo/page', 'bridge/server'],
  ])('%s: %s may not import %s', (_, from, to) => {
    expect(law.get(from)?.pieces.has(to)).toBe(false)
  })

  it.each([
    ['asn1js', ['bridge/soft']],
    ['pkcs11js', ['bridge/token/host']],
    ['pkijs', ['bridge/soft']],
    ['@peculiar/webcrypto', ['bridge/soft']],
    ['ws', ['bridge/server']],
  ])('lets %s into %j alone', (name, pieces) => {
    expect([...law].filter(([, rule]) => rule.packages.has(name)).map(([piece]) => piece)).toEqual(
      pieces,
    )
  })

  it('lets no node: into the sdk', () => {
    const reached = [...law].filter(
      ([piece, rule]) => piece.startsWith('sdk/') && rule.packages.has('node:'),
    )
    expect(reached).toEqual([])
  })
})

describe('the walk', () => {
  const trees: string[] = []
  afterEach(() => {
    for (const tree of trees.splice(0)) rmSync(tree, { recursive: true })
  })

  /** Builds a small tree; keys are `sdk/asn1/der.ts`, values the text. */
  function plant(files: Readonly<Record<string, string>>): string {
    const tree = mkdtempSync(path.join(tmpdir(), 'trien-walls-'))
    trees.push(tree)
    for (const name of ['sdk', 'bridge']) {
      mkdirSync(path.join(tree, 'packages', name, 'src'), { recursive: true })
    }
    const exports = {
      '.': { 'trien-source': './src/index.ts' },
      './wire': { 'trien-source': './src/wire/index.ts' },
    }
    writeFileSync(path.join(tree, 'packages/sdk/package.json'), JSON.stringify({ exports }))
    for (const [name, text] of Object.entries(files)) {
      const [pkg = '', ...rest] = name.split('/')
      const file = path.join(tree, 'packages', pkg, 'src', ...rest)
      mkdirSync(path.dirname(file), { recursive: true })
      writeFileSync(file, text)
    }
    return tree
  }

  const target = { 'sdk/pdf/lexer.ts': 'export const lexer = 1' }

  it.each([
    ['a static import', `import { lexer } from '../pdf/lexer.ts'`],
    ['an import for effect', `import '../pdf/lexer.ts'`],
    ['a type-only import', `import type { Lexer } from '../pdf/lexer.ts'`],
    ['an inline type import', `import { type Lexer } from '../pdf/lexer.ts'`],
    ['a re-export', `export { lexer } from '../pdf/lexer.ts'`],
    ['a re-export of everything', `export * from '../pdf/lexer.ts'`],
    ['a dynamic import', `const load = async () => (await import('../pdf/lexer.ts')).lexer`],
    ['an import type', `type Lexer = import('../pdf/lexer.ts').Lexer`],
    ['a template without holes', 'const pdf = import(`../pdf/lexer.ts`)'],
  ])('sees %s across a wall', (_, text) => {
    const tree = plant({ ...target, 'sdk/asn1/der.ts': `// first\n${text}` })
    expect(findTrespasses(tree, law)).toEqual([
      'sdk/asn1/der.ts:2: sdk/asn1 may not import sdk/pdf',
    ])
  })

  it('is not fooled by text that only looks like an import', () => {
    const text = `// import '../pdf/lexer.ts'\nexport const text = "import x from '../pdf/lexer.ts'"`
    expect(findTrespasses(plant({ ...target, 'sdk/asn1/der.ts': text }), law)).toEqual([])
  })

  it.each([
    ['pkcs11js', 'bridge/token/supervisor.ts', 'bridge/token may not use pkcs11js'],
    ['pkijs', 'sdk/cms/build.ts', 'sdk/cms may not use pkijs'],
    ['pkijs/deep/path.js', 'bridge/claims.ts', 'bridge/claims may not use pkijs'],
    [
      '@peculiar/webcrypto',
      'bridge/server/listen.ts',
      'bridge/server may not use @peculiar/webcrypto',
    ],
    ['node:fs', 'sdk/digest.ts', 'sdk/digest may not use node:'],
    ['fs', 'sdk/digest.ts', 'sdk/digest may not use node:'],
    ['asn1js', 'sdk/provider/bridge.ts', 'sdk/provider may not use asn1js'],
  ])('sees the package %s in %s', (name, file, verdict) => {
    const tree = plant({ [file]: `import * as it from '${name}'` })
    expect(findTrespasses(tree, law)).toEqual([`${file}:1: ${verdict}`])
  })

  it('lets the token host load the driver and the bridge read the wire', () => {
    const tree = plant({
      'bridge/token/host/main.ts': `import * as driver from 'pkcs11js'`,
      'bridge/server/session.ts': `import { sign } from '@trien/sdk/wire'`,
      'sdk/wire/index.ts': 'export const sign = 1',
    })
    expect(findTrespasses(tree, law)).toEqual([])
  })

  it('sees the bridge import the whole sdk', () => {
    const tree = plant({
      'bridge/server/session.ts': `import { signPdf } from '@trien/sdk'`,
      'sdk/index.ts': '',
    })
    expect(findTrespasses(tree, law)).toEqual([
      'bridge/server/session.ts:1: bridge/server may not import sdk/index',
    ])
  })

  it('sees a path out of the package, a file that is not there, and a computed name', () => {
    const tree = plant({
      'bridge/server/session.ts': `import '../../../sdk/src/wire/index.ts'\nimport './gone.ts'\nimport(name)`,
      'sdk/wire/index.ts': '',
    })
    expect(findTrespasses(tree, law)).toEqual([
      'bridge/server/session.ts:1: reaches out of its package by path: ../../../sdk/src/wire/index.ts',
      'bridge/server/session.ts:2: names no source file: ./gone.ts',
      'bridge/server/session.ts:3: imports a computed name',
    ])
  })

  it('sees a file that belongs nowhere', () => {
    expect(findTrespasses(plant({ 'sdk/shed/tool.ts': '' }), law)).toEqual([
      'sdk/shed/tool.ts: belongs to no piece of the law',
    ])
  })

  it('sees a circle of files inside one piece', () => {
    const tree = plant({
      'sdk/pdf/a.ts': `import './b.ts'`,
      'sdk/pdf/b.ts': `export * from './c.ts'`,
      'sdk/pdf/c.ts': `import type { A } from './a.ts'`,
    })
    expect(findTrespasses(tree, law)).toEqual([
      'circle of files: sdk/pdf/a.ts → sdk/pdf/b.ts → sdk/pdf/c.ts → sdk/pdf/a.ts',
    ])
  })

  it('sees a circle of pieces that is none of files', () => {
    const loose = parseLaw(
      `| floor | pieces | may import | packages |\n|---|---|---|---|\n| 0 | \`sdk/a\` \`sdk/b\` | 0 | |\n`,
    )
    const tree = plant({
      'sdk/a/one.ts': `import '../b/one.ts'`,
      'sdk/a/two.ts': '',
      'sdk/b/one.ts': '',
      'sdk/b/two.ts': `import '../a/two.ts'`,
    })
    expect(findTrespasses(tree, loose)).toEqual(['circle of pieces: sdk/a → sdk/b → sdk/a'])
  })

  it('reads names with their lines', () => {
    expect(readImports('x.ts', `import a from 'a'\n\nexport * from 'b'\n`)).toEqual([
      { specifier: 'a', line: 1 },
      { specifier: 'b', line: 3 },
    ])
  })
})

describe('the law', () => {
  const head = '| floor | pieces | may import | packages |\n|---|---|---|---|\n'

  it('is refused where it names what it does not declare', () => {
    expect(() => parseLaw(`${head}| 0 | \`a\` | 1 | |`)).toThrow('the law names no floor 1')
    expect(() => parseLaw(`${head}| 0 | \`a\` | \`b\` | |`)).toThrow('the law names no piece b')
    expect(() => parseLaw(`${head}| 0 | \`a\` \`a\` | | |`)).toThrow('the law names a twice')
    expect(() => parseLaw('no table')).toThrow('no table headed')
  })
})
