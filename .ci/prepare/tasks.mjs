// What each task needs, from the system up to our own build. The parts are named in parts.mjs.
import { ensureParts } from './system.mjs'
import { installPackages } from './packages.mjs'
import { buildIfStale } from './build.mjs'

const NATIVE = ['compiler']
const CHECK = [...NATIVE, 'chromium', 'poppler', 'openssl', 'fonts']
const TEST = [
  ...CHECK,
  'softhsm2',
  'opensc',
  'gnutls',
  'qpdf',
  'java',
  'bouncycastle',
  'pinentry',
  'xvfb',
  'pinentry-window',
]
const CONFORMANCE = [...TEST, 'python', 'maven']

const TASKS = {
  packages: { parts: NATIVE, withoutBuild: true },
  build: { parts: NATIVE },
  start: { parts: NATIVE },
  check: { parts: CHECK },
  test: { parts: TEST },
  conformance: { parts: CONFORMANCE },
}

/**
 * Installs and builds what a task needs; silent where nothing is missing.
 * @param {string} name a key of TASKS
 */
export function prepare(name) {
  if (!Object.hasOwn(TASKS, name)) {
    throw new Error(`no such task: ${name} (${Object.keys(TASKS).join(', ')})`)
  }
  const { parts, withoutBuild } = TASKS[name]
  ensureParts(parts, name)
  installPackages()
  if (!withoutBuild) buildIfStale()
}
