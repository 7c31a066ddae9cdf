// Makes a fresh machine ready for a task: `node .ci/prepare.mjs start|build|test|conformance`.
// Needs nothing but Node and npm; every step that is already done costs nothing.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

installPackages()

function installPackages() {
  const lock = readFileSync(path.join(root, 'pnpm-lock.yaml'), 'utf8')
  const stamp = path.join(root, 'node_modules', '.trien-lock')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return
  const { packageManager } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'))
  run('npm', ['exec', '--yes', packageManager, '--', 'install', '--frozen-lockfile'])
  mkdirSync(path.dirname(stamp), { recursive: true })
  writeFileSync(stamp, lock)
}

function run(command, args) {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    env: environment(),
  })
  if (status !== 0) {
    console.error(
      `prepare: ${command} ${args.join(' ')} failed${error ? `: ${error.message}` : ''}`,
    )
    process.exit(1)
  }
}

/** Native addons build against the headers beside node where there are some, rather than download them. */
function environment() {
  const prefix = path.dirname(path.dirname(process.execPath))
  const headers = existsSync(path.join(prefix, 'include', 'node', 'node.h'))
  return headers ? { ...process.env, npm_config_nodedir: prefix } : process.env
}
