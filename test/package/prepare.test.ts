import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ROOT } from './walls/tracked-files.ts'

/** The only folder on the PATH of what is run, so that the machine has just what a test puts there. */
let programs: string
let record: string

beforeEach(() => {
  programs = mkdtempSync(path.join(tmpdir(), 'trien-programs-'))
  record = path.join(programs, 'record')
  writeFileSync(record, '')
})
afterEach(() => rmSync(programs, { recursive: true, force: true }))

/** Puts a program there that writes down how it was called and then does what the script says. */
function addProgram(name: string, script = ''): void {
  const file = path.join(programs, name)
  writeFileSync(file, `#!/bin/sh\necho "${name} $*" >> "${record}"\n${script}\n`, { mode: 0o755 })
}

/** Makes all these programs appear, as an installer does. */
const installing = (...names: string[]): string =>
  `[ "$1" = install ] && for name in ${names.join(' ')}; do /bin/cp /bin/true "${programs}/$name"; done; true`

/** Asks for parts as root, or as who `user` says. */
function ensure(parts: readonly string[], { task = 'check', user = 0 } = {}) {
  const system = path.join(ROOT, '.ci/prepare/system.mjs')
  const code = `process.getuid = () => ${user}
    import(${JSON.stringify(system)})
    .then(({ ensureParts }) => ensureParts(${JSON.stringify(parts)}, ${JSON.stringify(task)}))
    .catch((error) => { console.error(error.message); process.exitCode = 1 })`
  const result = spawnSync(process.execPath, ['--input-type=module', '--eval', code], {
    env: { PATH: programs },
    encoding: 'utf8',
  })
  return { status: result.status, said: result.stderr, calls: readFileSync(record, 'utf8') }
}

describe('preparing a machine', () => {
  it('says nothing and calls nobody where nothing is missing', () => {
    for (const name of ['pdfsig', 'openssl', 'apt-get']) addProgram(name)
    expect(ensure(['poppler', 'openssl'])).toEqual({ status: 0, said: '', calls: '' })
  })

  it('installs what is missing in one go, as root', () => {
    addProgram('apt-get', installing('pdfsig', 'openssl'))
    const { status, calls } = ensure(['poppler', 'openssl'])
    expect(status).toBe(0)
    expect(calls.split('\n')).toEqual([
      'apt-get update -q',
      expect.stringMatching(
        /^apt-get install -y .*--no-install-recommends.* poppler-utils openssl$/,
      ),
      '',
    ])
  })

  it('takes the name that the distribution knows', () => {
    addProgram('apt-get', installing('chromium-browser'))
    addProgram('apt-cache', '[ "$3" = chromium-browser ]')
    const { status, calls } = ensure(['chromium'])
    expect(status).toBe(0)
    expect(calls).toMatch(/^apt-get install .* chromium-browser$/m)
  })

  it('speaks to dnf and pacman in their own names', () => {
    addProgram('dnf', installing('qpdf', 'certtool'))
    ensure(['qpdf', 'gnutls'])
    rmSync(path.join(programs, 'dnf'))
    rmSync(path.join(programs, 'qpdf'))
    addProgram('pacman', '/bin/cp /bin/true ' + `"${programs}/qpdf"`)
    ensure(['qpdf'])
    const { calls } = ensure([])
    expect(calls).toContain('dnf install -y qpdf gnutls-utils')
    expect(calls).toContain('pacman -S --noconfirm --needed qpdf')
  })

  it('without rights it names the one command to run, and installs nothing', () => {
    addProgram('apt-get')
    addProgram('sudo', 'exit 1')
    const { status, said, calls } = ensure(['poppler', 'openssl'], { user: 1000 })
    expect(status).toBe(1)
    expect(said).toContain(
      'sudo apt-get update && sudo apt-get install -y --no-install-recommends poppler-utils openssl\n',
    )
    expect(calls).toBe('sudo -n true\n')
  })

  it('without a package manager it names the parts', () => {
    const { status, said } = ensure(['chromium'])
    expect(status).toBe(1)
    expect(said).toContain('please install chromium (Debian: chromium chromium-browser)')
  })

  it('of tests, only those that use the part are left out, but never under CI', () => {
    const { status, said } = ensure(['qpdf'], { task: 'test' })
    expect({ status, said }).toEqual({
      status: 0,
      said: expect.stringContaining('the tests that use it are left out'),
    })
  })

  it('tells a Node that is too old what is wanted', () => {
    const old = path.join(programs, 'old.cjs')
    writeFileSync(
      old,
      `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '18.20.4' } })`,
    )
    const result = spawnSync(
      process.execPath,
      ['--require', old, path.join(ROOT, '.ci/prepare.mjs'), 'start'],
      { encoding: 'utf8' },
    )
    expect(result.status).toBe(1)
    expect(result.stderr).toContain('this is Node 18.20.4; Trien needs 20.19 or newer')
  })
})
