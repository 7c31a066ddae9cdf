import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { describeNamedModules, findModules } from './find-modules.ts'
import { KNOWN_MODULES } from './known-modules.ts'
import { findVendor, listKnownPlaces } from './known-places.ts'
import { describePlace } from '../../settings/place.ts'

describe('the table of known modules', () => {
  const names = KNOWN_MODULES.flatMap(({ windows = [], darwin = [], linux = [] }) => [
    ...windows.map((name) => ['windows', name] as const),
    ...darwin.map((name) => ['darwin', name] as const),
    ...linux.map((name) => ['linux', name] as const),
  ])

  it('names each file once, and each vendor', () => {
    const all = names.map(([system, name]) => `${system} ${name.toLowerCase()}`)
    expect(all.filter((name, index) => all.indexOf(name) !== index)).toEqual([])
    const vendors = KNOWN_MODULES.map(({ vendor }) => vendor)
    expect(new Set(vendors).size).toBe(vendors.length)
  })

  it.each(names)('has a name that can be found on %s: %s', (system, name) => {
    if (system === 'windows') expect(name).toMatch(/^(?:%\w+%\\.+\\)?[\w.-]+\.dll$/)
    else expect(name).toMatch(/^(?:\/.+\/)?[\w.-]+\.(?:so|dylib)(?:\.\d+)*$/)
  })

  it('is looked for where each system keeps libraries, this processor’s own first', () => {
    const places = (system: 'linux' | 'darwin' | 'windows', arch = 'x64') =>
      listKnownPlaces(
        describePlace({
          system,
          arch,
          env: { SystemRoot: 'C:\\Windows', ProgramFiles: 'C:\\Program Files' },
        }),
      ).map(({ candidates }) => candidates[0])
    expect(places('linux')).toContain('/usr/lib/x86_64-linux-gnu/libbit4xpki.so')
    expect(places('linux', 'arm64')).toContain('/usr/lib/aarch64-linux-gnu/libbit4xpki.so')
    expect(places('darwin')).toContain('/Library/bit4id/pkcs11/libbit4xpki.dylib')
    expect(places('windows')).toEqual(
      expect.arrayContaining([
        'C:\\Windows\\System32\\vnptca_p11_v8.dll',
        'C:\\Program Files\\Yubico\\Yubico PIV Tool\\bin\\libykcs11.dll',
      ]),
    )
  })

  it('knows a vendor by the file’s name in any spelling', () => {
    expect(findVendor('C:\\Windows\\System32\\BIT4XPKI.DLL')).toMatchObject({
      vendor: 'VGCA (Bit4id)',
    })
    expect(findVendor('/opt/x/opensc-pkcs11.so')).toEqual({ vendor: 'OpenSC', isGeneric: true })
    expect(findVendor('/opt/x/own.so')).toBeUndefined()
  })
})

describe.runIf(process.platform !== 'win32')('a machine', () => {
  let root = ''
  beforeEach(() => {
    root = realpathSync(mkdtempSync(path.join(tmpdir(), 'trien-discovery-')))
  })
  afterEach(() => {
    rmSync(root, { recursive: true })
  })

  const place = () =>
    ({ system: 'linux', arch: 'x64', root, home: `${root}/home`, env: {} }) as const
  const find = () =>
    findModules(place()).map(({ modulePath, origin, vendor }) => [
      modulePath.slice(root.length),
      origin,
      vendor,
    ])
  function write(file: string, text = ''): void {
    mkdirSync(path.join(root, path.dirname(file)), { recursive: true })
    writeFileSync(path.join(root, file), text)
  }
  function link(target: string, file: string): void {
    mkdirSync(path.join(root, path.dirname(file)), { recursive: true })
    symlinkSync(target, path.join(root, file))
  }

  it('with nothing has no module', () => {
    expect(find()).toEqual([])
  })

  it('has what its owner names, what p11-kit names and what vendors install, each file once', () => {
    write('opt/own.so')
    write('usr/lib/x86_64-linux-gnu/opensc-pkcs11.so')
    link('../opensc-pkcs11.so', 'usr/lib/x86_64-linux-gnu/pkcs11/opensc-pkcs11.so')
    write('usr/lib64/libbit4xpki.so')
    write('usr/lib/libbit4xpki.so')
    write('usr/share/p11-kit/modules/a.module', 'module: opensc-pkcs11.so')
    write('usr/share/p11-kit/modules/own.module', 'module: /opt/own.so')
    write('etc/trien/bridge.json', '{"modules": ["/opt/own.so"]}')
    expect(find()).toEqual([
      ['/opt/own.so', 'settings', undefined],
      ['/usr/lib/x86_64-linux-gnu/pkcs11/opensc-pkcs11.so', 'p11-kit', 'OpenSC'],
      ['/usr/lib64/libbit4xpki.so', 'known', 'VGCA (Bit4id)'],
    ])
  })

  it('shows what is named and is not there, but not what is only known', () => {
    write('usr/share/p11-kit/modules/gone.module', 'module: gone.so')
    write('etc/trien/bridge.json', '{"modules": ["/opt/gone.so"]}')
    link('libeToken.so.10', 'usr/lib/libeToken.so')
    expect(find()).toEqual([
      ['/opt/gone.so', 'settings', undefined],
      ['/usr/lib/x86_64-linux-gnu/pkcs11/gone.so', 'p11-kit', undefined],
      ['/usr/lib/libeToken.so', 'known', 'VGCA (SafeNet eToken)'],
    ])
  })

  it('leaves out what its owner ignores, by whatever name', () => {
    write('usr/lib64/libykcs11.so.2')
    link('libykcs11.so.2', 'usr/lib64/libykcs11.so')
    expect(find()).toHaveLength(1)
    write('home/.config/trien/bridge.json', '{"ignoreModules": ["/usr/lib64/libykcs11.so.2"]}')
    expect(find()).toEqual([])
  })

  it('starts a module with what its owner says, once for each, named by the command line or not', () => {
    write('usr/lib/libsoftokn3.so')
    link('libsoftokn3.so', 'usr/lib/libother.so')
    const both = ['one', 'two'].map((parameters) => ({
      path: '/usr/lib/libsoftokn3.so',
      parameters,
    }))
    write('etc/trien/bridge.json', JSON.stringify({ modules: both }))
    write('etc/pkcs11/modules/n.module', 'module: /usr/lib/libsoftokn3.so')
    write('etc/pkcs11/modules/p.module', 'module: /usr/lib/libother.so\nx-init-reserved: one')
    write('etc/pkcs11/modules/q.module', 'module: /usr/lib/libother.so\nx-init-reserved: three')
    const parametersOf = (found: ReturnType<typeof findModules>) =>
      found.map(({ parameters }) => parameters)
    expect(parametersOf(findModules(place()))).toEqual(['one', 'two', 'three'])
    const named = describeNamedModules([`${root}/usr/lib/libother.so`], place())
    expect(parametersOf(named)).toEqual(['one', 'two'])
  })

  it('takes what the command line names once', () => {
    write('a.so')
    link('a.so', 'b.so')
    const named = describeNamedModules([`${root}/b.so`, `${root}/a.so`], place())
    expect(named).toEqual([
      {
        modulePath: `${root}/b.so`,
        realPath: `${root}/a.so`,
        parameters: undefined,
        origin: 'command line',
        vendor: undefined,
        isGeneric: false,
      },
    ])
  })
})
