// Our own build, redone only when a source is newer than it.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import { once, root, run } from './run.mjs'

const SOURCES = [
  'packages',
  'rollup.config.js',
  'tsconfig.base.json',
  'package.json',
  'pnpm-lock.yaml',
]
const NOT_SOURCES = new Set(['node_modules', 'dist', 'out'])
const STAMP = 'out/built'

/** Runs `npm run bundle` where a source changed since it last ran, or its product is gone. */
export function buildIfStale() {
  if (!existsSync(path.join(root, 'packages/sdk/dist/index.js'))) {
    rmSync(path.join(root, STAMP), { force: true })
  }
  once(STAMP, fingerprint(), () => {
    console.error('prepare: building')
    run('npm', ['run', '--silent', 'bundle'])
  })
}

/** Paths, sizes and times of all sources: a change, an addition and a removal all show. */
function fingerprint() {
  const hash = createHash('sha256')
  for (const file of SOURCES.flatMap((source) => filesBelow(path.join(root, source)))) {
    const { mtimeMs, size } = statSync(file)
    hash.update(`${file} ${mtimeMs} ${size}\n`)
  }
  return hash.digest('hex')
}

function filesBelow(file) {
  if (!statSync(file).isDirectory()) return [file]
  return readdirSync(file)
    .filter((name) => !NOT_SOURCES.has(name) && !name.endsWith('.tsbuildinfo'))
    .sort()
    .flatMap((name) => filesBelow(path.join(file, name)))
}
