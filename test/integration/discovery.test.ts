/** Modules found without being named, judged before any of their code runs, and served by the built bridge. */
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connect } from '@trien/sdk/bridge'
import {
  type ModuleReport,
  reportModule,
} from '../../packages/bridge/src/commands/tokens/report.ts'
import { findModules } from '../../packages/bridge/src/token/discovery/find-modules.ts'
import { createModuleSource } from '../../packages/bridge/src/token/supervisor.ts'
import { runBridge, startBridge } from '../helpers/bridge-process.ts'
import { findChildProcesses } from '../helpers/child-processes.ts'
import { pageSocket } from '../helpers/page-socket.ts'
import { createScriptedPinentry } from '../helpers/scripted-pinentry.ts'
import { type SoftHsm, canUseSoftHsm, createSoftHsm } from '../helpers/softhsm.ts'
import { hasTools } from '../helpers/tools.ts'

const HOST = fileURLToPath(new URL('../../packages/bridge/dist/token-host.js', import.meta.url))
const CAN_RUN = process.platform === 'linux' && canUseSoftHsm() && hasTools('gcc')
/** Debian registers SoftHSM with p11-kit. */
const IS_REGISTERED = existsSync('/usr/share/p11-kit/modules/softhsm2.module')

describe.runIf(CAN_RUN)('a machine whose modules nobody has named', () => {
  let root = ''
  let hsm: SoftHsm
  let reports = new Map<string, ModuleReport>()

  function place(file: string): string {
    const target = path.join(root, file)
    mkdirSync(path.dirname(target), { recursive: true })
    return target
  }

  /** Builds a library that would leave a trace if any of its code ran. */
  function compile(file: string, functionName: string, ...flags: string[]): void {
    const source = place('source.c')
    const trace = JSON.stringify(path.join(root, 'trace'))
    writeFileSync(
      source,
      `#include <stdio.h>
      __attribute__((constructor)) static void load(void) { fclose(fopen(${trace}, "w")); }
      int ${functionName}(void **list) { return 0; }`,
    )
    execFileSync('gcc', ['-shared', '-fPIC', source, '-o', place(file), ...flags])
  }

  beforeAll(async () => {
    root = realpathSync(mkdtempSync(path.join(tmpdir(), 'trien-machine-')))
    hsm = createSoftHsm()
    hsm.addToken('Văn thư', ['P-256'])

    const softHsm = place('usr/lib64/pkcs11/libsofthsm2.so')
    symlinkSync(realpathSync(hsm.modulePath), softHsm)
    writeFileSync(place('usr/share/p11-kit/modules/softhsm2.module'), 'module: libsofthsm2.so\n')

    const library = readFileSync(hsm.modulePath)
    const narrow = Buffer.from(library)
    narrow[4] = 1 // EI_CLASS: 32-bit
    narrow.writeUInt16LE(3, 18) // e_machine: x86
    writeFileSync(place('usr/lib/fptca_v4.so'), narrow)
    writeFileSync(place('usr/lib64/libeToken.so'), 'INPUT(libeToken.so.10)\n')
    writeFileSync(place('usr/lib64/libykcs11.so'), library.subarray(0, 3000))
    symlinkSync('libASEP11.so.9', place('usr/lib64/libASEP11.so'))
    copyFileSync(hsm.modulePath, place('usr/lib64/libakisp11.so'))
    chmodSync(place('usr/lib64/libakisp11.so'), 0o777)
    execFileSync('mkfifo', [place('usr/lib64/libIDEMIA_P11.so')])
    mkdirSync(place('usr/lib64/libcastle.so.1.0.0'))
    compile('usr/lib64/libbit4xpki.so', 'C_GetFunction')
    compile('usr/lib64/libIDPrimePKCS11.so', 'C_GetFunctions', '-Wl,--hash-style=sysv')
    compile('opt/libpart.so', 'part')
    const needs = ['-Wl,--hash-style=sysv', '-Wl,--no-as-needed', `-L${root}/opt`, '-lpart']
    compile('opt/libneedy.so', 'C_GetFunctionList', ...needs)
    rmSync(place('opt/libpart.so'))
    const settings = JSON.stringify({ modules: ['/opt/libneedy.so', '/opt/gone.so'] })
    writeFileSync(place('etc/trien/bridge.json'), settings, { mode: 0o644 })
    chmodSync(place('etc/trien'), 0o755)

    process.env['SOFTHSM2_CONF'] = hsm.env.SOFTHSM2_CONF
    const modules = findModules({ system: 'linux', root, home: `${root}/home`, env: {} })
    const found = await Promise.all(
      modules.map(async (module) => {
        const source = createModuleSource({ modulePath: module.modulePath, hostFile: HOST })
        try {
          return await reportModule(module, source)
        } finally {
          await source.close()
        }
      }),
    )
    reports = new Map(found.map((report) => [path.basename(report.module), report]))
  })
  afterAll(() => {
    delete process.env['SOFTHSM2_CONF']
    hsm?.close()
    rmSync(root, { recursive: true, force: true })
  })

  it('gives the certificates of a token that p11-kit knows', () => {
    expect(reports.get('libsofthsm2.so')).toMatchObject({
      origin: 'p11-kit',
      failure: null,
      tokens: [{ label: 'Văn thư', pin: 'ok', certificates: [{ algorithms: ['ES256'] }] }],
    })
  })

  it.each([
    ['fptca_v4.so', 'other-architecture', /^is made for 32-bit x86, and this program runs on 64-/],
    ['libeToken.so', 'not-a-library', /^is no library$/],
    ['libykcs11.so', 'damaged', /^is damaged: the file ends too soon$/],
    ['libASEP11.so', 'missing', /^is not there$/],
    ['gone.so', 'missing', /^is not there$/],
    ['libakisp11.so', 'unsafe', /^may be changed by everybody/],
    ['libIDEMIA_P11.so', 'not-a-file', /^is no file$/],
    ['libcastle.so.1.0.0', 'not-a-file', /^is no file$/],
    ['libbit4xpki.so', 'not-a-module', /^has no C_GetFunctionList/],
    ['libIDPrimePKCS11.so', 'not-a-module', /^has no C_GetFunctionList/],
    ['libneedy.so', 'not-loaded', /^could not be loaded: libpart\.so: cannot open shared object/],
  ])('says of %s that it is %s', (name, problem, message) => {
    expect(reports.get(name)).toMatchObject({
      failure: { problem, message: expect.stringMatching(message), hint: expect.any(String) },
      tokens: [],
    })
  })

  it('has run no code of a library that is no module', () => {
    expect(reports.size).toBe(12)
    expect(existsSync(path.join(root, 'trace'))).toBe(false)
  })
})

describe.runIf(CAN_RUN && IS_REGISTERED)('this machine', () => {
  let hsm: SoftHsm
  beforeAll(() => {
    hsm = createSoftHsm()
    hsm.addToken('Một cửa', ['RSA-2048'])
  })
  afterAll(() => {
    hsm?.close()
  })

  it('shows its tokens on the command line without being told where they are', async () => {
    const { stdout } = await runBridge(['tokens', '--json'], hsm.env)
    const reports = JSON.parse(stdout) as ModuleReport[]
    expect(reports.flatMap(({ tokens }) => tokens).map(({ label }) => label)).toContain('Một cửa')
  })

  it('says which module would not start, and fails', async () => {
    const env = { SOFTHSM2_CONF: '/nowhere/softhsm2.conf' }
    const { code, stdout } = await runBridge(['tokens', '--module', hsm.modulePath], env)
    expect(code).toBe(1)
    expect(stdout).toMatch(/\n {2}would not start: CKR_\w+\n {2}hint: start the smart card service/)
  })

  it('serves its tokens to a page, and loads no driver before it is asked', async () => {
    const pinentry = createScriptedPinentry()
    const bridge = await startBridge({
      discovery: true,
      args: ['--pinentry', pinentry.program],
      env: { ...hsm.env, ...pinentry.env, LC_ALL: 'C.UTF-8' },
    })
    const page = connect({ ports: [bridge.port], webSocket: pageSocket() })
    try {
      expect(bridge.stderr()).toMatch(/^trien-bridge: module \S+libsofthsm2\.so \(p11-kit\)$/m)
      expect(findChildProcesses(bridge.pid, 'token-host.js')).toEqual([])
      const certificates = await page.listCertificates()
      expect(certificates.map(({ token }) => token.label)).toContain('Một cửa')
      expect(findChildProcesses(bridge.pid, 'token-host.js')).not.toEqual([])
    } finally {
      page.close()
      await bridge.stop()
      pinentry.remove()
    }
  })

  it('ends a driver that nobody asks, and starts it again', async () => {
    process.env['SOFTHSM2_CONF'] = hsm.env.SOFTHSM2_CONF
    const { signal } = new AbortController()
    const options = { modulePath: hsm.modulePath, hostFile: HOST, idleMs: 0 }
    const source = createModuleSource(options)
    try {
      expect(await source.listCertificates(signal)).toHaveLength(1)
      await expect.poll(() => source.pid).toBeUndefined()
      expect(await source.describe(signal)).toHaveLength(1)
    } finally {
      await source.close()
      delete process.env['SOFTHSM2_CONF']
    }
  })
})
