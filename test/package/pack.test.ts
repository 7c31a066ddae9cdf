import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestAuthority } from '../helpers/pki.ts'
import { hasTools } from '../helpers/tools.ts'
import { readExample } from './documents/example.ts'
import { listSubpaths } from './walls/bundle.mjs'
import { ROOT } from './walls/tracked-files.ts'

const PACKAGES = ['sdk', 'bridge']
const folder = mkdtempSync(path.join(tmpdir(), 'trien-pack-'))
const tarballs = path.join(folder, 'tarballs')
const consumer = path.join(folder, 'consumer')

/** Runs a program in the bare folder and answers with what it printed. */
function run(command: string, args: readonly string[], cwd = consumer): string {
  return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: 'pipe' })
}

const { packageManager } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
  packageManager: string
}

/** Packs as a release does: pnpm writes real versions where the workspace says `catalog:`. */
function pack(name: string): string {
  const args = ['exec', '--yes', packageManager, '--', 'pack', '--pack-destination', tarballs]
  run('npm', args, path.join(ROOT, 'packages', name))
  const tarball = readdirSync(tarballs).find((file) => file.startsWith(`trien-${name}-`))
  if (tarball === undefined) throw new Error(`${name} was not packed`)
  return path.join(tarballs, tarball)
}

beforeAll(() => {
  const dependencies = Object.fromEntries(
    PACKAGES.map((name) => [`@trien/${name}`, `file:${pack(name)}`]),
  )
  execFileSync('mkdir', ['-p', consumer])
  const manifest = { name: 'consumer', private: true, type: 'module', dependencies }
  writeFileSync(path.join(consumer, 'package.json'), JSON.stringify(manifest))
  // Without install scripts: the token driver's native part is not what is tested here, and --help must not need it.
  run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'])
}, 240_000)

afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('the packed packages, installed in a bare folder', () => {
  it.each(PACKAGES)(
    '%s ships what is built, its manifest, licence and readme, nothing else',
    (name) => {
      const tarball = readdirSync(tarballs).find((file) => file.startsWith(`trien-${name}-`)) ?? ''
      const files = run('tar', ['-tzf', path.join(tarballs, tarball)])
        .trim()
        .split('\n')
      const others = files.filter((file) => !file.startsWith('package/dist/'))
      const licences = name === 'sdk' ? ['package/font/OFL.txt'] : []
      expect(others.sort()).toEqual([
        'package/LICENSE',
        'package/README.md',
        ...licences,
        'package/package.json',
      ])
      expect(files.filter((file) => /\.test\.|\.tsbuildinfo$/.test(file))).toEqual([])
    },
  )

  it('has each subpath of the sdk in its readme', () => {
    const readme = readFileSync(path.join(consumer, 'node_modules/@trien/sdk/README.md'), 'utf8')
    const missing = listSubpaths().filter((subpath) => !readme.includes(`\`${subpath.slice(1)}\``))
    expect(missing.filter((subpath) => subpath !== '.')).toEqual([])
  })

  it.each(PACKAGES)('%s names versions, not the workspace', (name) => {
    const text = readFileSync(
      path.join(consumer, 'node_modules/@trien', name, 'package.json'),
      'utf8',
    )
    expect(text).not.toMatch(/"(catalog|workspace):/)
  })

  it.each(listSubpaths())('%s of the sdk imports in Node', (subpath) => {
    const specifier = path.posix.join('@trien/sdk', subpath)
    const script = `console.log(Object.keys(await import('${specifier}')).length)`
    const exported = Number(run(process.execPath, ['--input-type=module', '-e', script]))
    // A subpath of types alone exports nothing that runs.
    if (subpath !== './types') expect(exported).toBeGreaterThan(0)
  })

  it('reads XML where a bundler makes of CommonJS a default export alone', () => {
    const xmldom = path.join(consumer, 'node_modules/@xmldom/xmldom/lib/index.js')
    writeFileSync(path.join(consumer, 'split.mjs'), `export { default } from '${xmldom}'`)
    writeFileSync(
      path.join(consumer, 'hooks.mjs'),
      `const split = new URL('split.mjs', import.meta.url).href
export const resolve = (name, context, next) => next(name === '@xmldom/xmldom' ? split : name, context)`,
    )
    const script = `import { register } from 'node:module'
register('./hooks.mjs', '${pathToFileURL(consumer).href}/')
const { upgrade } = await import('@trien/sdk/upgrade')
const unsigned = new TextEncoder().encode('<a/>')
await upgrade(unsigned, { to: 'B-T', timestamp: async () => unsigned }).catch((error) => console.log(error.message))`
    expect(run(process.execPath, ['--input-type=module', '-e', script])).toContain(
      'XML without a signature',
    )
  })

  it.skipIf(!hasTools('openssl'))('signs by a key in files, as docs/portal.md does', () => {
    const folder = mkdtempSync(path.join(consumer, 'keys-'))
    const authority = createTestAuthority(folder)
    authority.issue('RSA-2048', 'signer')
    writeFileSync(path.join(folder, 'letter.txt'), 'Kính gửi')
    const [example = ''] = /(?<=```js\n)import .*?(?=```)/s.exec(
      readFileSync(path.join(ROOT, 'docs/portal.md'), 'utf8'),
    ) ?? ['']
    writeFileSync(path.join(folder, 'sign.mjs'), example)
    run(process.execPath, ['sign.mjs'], folder)
    const given = ['-in', 'letter.txt.p7s', '-inform', 'DER', '-content', 'letter.txt', '-binary']
    const trust = ['-CAfile', 'ca.pem', '-purpose', 'any']
    expect(run('openssl', ['cms', '-verify', ...given, ...trust], folder)).toBe('Kính gửi')
  })

  it('offers a script-tag build that makes one global', () => {
    const script = readFileSync(
      path.join(consumer, 'node_modules/@trien/sdk/dist/trien.min.js'),
      'utf8',
    )
    const names = new Function(`${script}\nreturn Object.keys(Trien)`) as () => string[]
    expect(names()).toEqual(expect.arrayContaining(['connect', 'signCms', 'signPdf']))
  })

  it('runs trien-bridge --help', () => {
    const bin = path.join(consumer, 'node_modules/.bin/trien-bridge')
    expect(run(bin, ['--help'])).toContain('trien-bridge serve')
  })

  it.each(['nodenext', 'bundler'])('has declarations that resolve under %s', (moduleResolution) => {
    writeFileSync(
      path.join(consumer, 'portal.mts'),
      `import { connect, signCms, signPdf, softwareSigner, upgrade } from '@trien/sdk'
import { type DocumentInput, type Signer, type SigningRequest, type TimestampSource } from '@trien/sdk/types'
import { SigningError, type ErrorCode } from '@trien/sdk/errors'
import { signPdf as fromPades } from '@trien/sdk/pades'

export const same: typeof signPdf = fromPades
export const code: ErrorCode = 'TOKEN_ABSENT'
export const isOurs = (error: unknown): boolean => error instanceof SigningError
export async function sign(signer: Signer, pdf: Uint8Array): Promise<Uint8Array> {
  const signed = await signPdf(pdf, { signer })
  // @ts-expect-error a signer is not optional
  await signPdf(pdf, {})
  // @ts-expect-error a document is bytes or a Blob, never text
  await signCms('text', { signer })
  return signed
}
export async function goOn(
  error: SigningError,
  document: DocumentInput,
  options: { signer: Signer; timestamp: TimestampSource },
): Promise<Blob> {
  const signed = error.signed ?? (await signPdf(document, options))
  return new Blob([await upgrade(signed, { to: 'B-T', ...options })])
}
export const request = (toBeSigned: SigningRequest): number => toBeSigned.toBeSigned.length
export const all = [connect, softwareSigner]
`,
    )
    const given = [
      'declare const button: HTMLButtonElement',
      'declare const file: File',
      'declare function offer(signed: Blob): void',
      'declare function tell(words: { sentence: string; remedy: string }): void',
    ]
    writeFileSync(path.join(consumer, 'example.mts'), [readExample(), ...given].join('\n'))
    const compilerOptions = {
      ...{ strict: true, noEmit: true, target: 'es2022', lib: ['es2023', 'dom'], types: [] },
      ...{ module: moduleResolution === 'bundler' ? 'esnext' : 'nodenext', moduleResolution },
    }
    const project = { compilerOptions, files: ['portal.mts', 'example.mts'] }
    writeFileSync(path.join(consumer, 'tsconfig.json'), JSON.stringify(project))
    const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc')
    expect(runTsc(process.execPath, [tsc, '-p', consumer])).toBe('')
  })
})

/** The compiler's complaints, which it prints on stdout and answers with a status. */
function runTsc(command: string, args: readonly string[]): string {
  try {
    return run(command, args)
  } catch (error) {
    return (error as { stdout: string }).stdout
  }
}
