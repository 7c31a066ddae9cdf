// The packages of the lockfile, by the pnpm that package.json names, fetched through npm.
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { once, root, run } from './run.mjs'

/** Installs exactly what the lockfile says. */
export function installPackages() {
  const lock = readFileSync(path.join(root, 'pnpm-lock.yaml'), 'utf8')
  const { packageManager } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'))
  // A native addon belongs to the Node that it was built for.
  const input = `${process.version} ${process.arch}\n${lock}`
  once('node_modules/.trien-lock', input, () => {
    console.error('prepare: installing the packages of pnpm-lock.yaml')
    const quiet = ['--reporter=append-only', '--loglevel=error']
    const install = ['install', '--frozen-lockfile', ...quiet]
    run('npm', ['exec', '--yes', packageManager, '--', ...install], { env: environment() })
  })
}

function environment() {
  const env = {
    ...process.env,
    // pnpm asks before it replaces node_modules, and there may be nobody to answer.
    CI: process.env.CI ?? 'true',
    PUPPETEER_SKIP_DOWNLOAD: 'true',
  }
  // Native addons build against the headers beside node where there are some, rather than download them.
  const prefix = path.dirname(path.dirname(process.execPath))
  const headers = existsSync(path.join(prefix, 'include', 'node', 'node.h'))
  if (headers && !env.npm_config_nodedir) env.npm_config_nodedir = prefix
  return env
}
