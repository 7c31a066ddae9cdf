// What each task needs, from the system up to our own build. The parts are named in parts.mjs.
import { ensureParts } from './system.mjs'
import { installPackages } from './packages.mjs'
import { buildIfStale } from './build.mjs'
import {
  compileBouncyCastle,
  compileDigidoc,
  compileDss,
  compilePoi,
  compileVeraPdf,
  compileXmlJudge,
  makePythonEnvironment,
} from './referees.mjs'

const NATIVE = ['compiler']
const CHECK = [...NATIVE, 'chromium', 'poppler', 'openssl', 'fonts']
const TEST = [
  ...CHECK,
  'git',
  'firefox',
  'webkit',
  'softhsm2',
  'opensc',
  'virtual-card',
  'nss-tools',
  'tpm',
  'opencryptoki',
  'gnutls',
  'qpdf',
  'mupdf',
  'java',
  'bouncycastle',
  'jwcrypto',
  'xmlsec',
  'xmllint',
  'pinentry',
  'xvfb',
  'pinentry-window',
  'login-session',
  'nss',
]
const CONFORMANCE = [...TEST, 'python', 'maven', 'libreoffice']

const TASKS = {
  packages: { parts: NATIVE, steps: [], withoutBuild: true },
  build: { parts: NATIVE, steps: [] },
  start: { parts: NATIVE, steps: [] },
  check: { parts: CHECK, steps: [] },
  test: { parts: TEST, steps: [compileBouncyCastle, compileXmlJudge] },
  conformance: {
    parts: CONFORMANCE,
    steps: [
      compileBouncyCastle,
      compileXmlJudge,
      makePythonEnvironment,
      compileDss,
      compilePoi,
      compileVeraPdf,
      compileDigidoc,
    ],
  },
}

/**
 * Installs and builds what a task needs; silent where nothing is missing.
 * @param {string} name a key of TASKS
 */
export function prepare(name) {
  if (!Object.hasOwn(TASKS, name)) {
    throw new Error(`no such task: ${name} (${Object.keys(TASKS).join(', ')})`)
  }
  const { parts, steps, withoutBuild } = TASKS[name]
  ensureParts(parts, name)
  installPackages()
  if (!withoutBuild) buildIfStale()
  for (const step of steps) step()
}
