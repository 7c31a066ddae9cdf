import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { listP11KitModules, parseP11KitFile } from './p11-kit.ts'
import { describePlace } from '../../settings/place.ts'

let root = ''
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'trien-p11-kit-'))
})
afterEach(() => {
  rmSync(root, { recursive: true })
})

const PACKAGES = 'usr/share/p11-kit/modules'
const SYSTEM = 'etc/pkcs11/modules'
const PERSON = 'home/.config/pkcs11/modules'

/** Lists what p11-kit offers by these files. */
function list(files: Readonly<Record<string, string>>): string[] {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.join(root, path.dirname(name)), { recursive: true })
    writeFileSync(path.join(root, name), text)
  }
  const home = path.join(root, 'home')
  const place = describePlace({ system: 'linux', arch: 'x64', root, home, env: {} })
  return listP11KitModules(place).map(({ candidates }) => candidates[0] ?? '')
}

describe('p11-kit', () => {
  it('without files offers nothing', () => {
    expect(list({})).toEqual([])
  })

  it('reads settings line by line, and knows comments', () => {
    const text = '# module: no.so\r\n\n module :  /a b.so \nno colon\n: nameless\nurl: a:b\n'
    expect([...parseP11KitFile(text)]).toEqual([
      ['module', '/a b.so'],
      ['url', 'a:b'],
    ])
  })

  it('looks for a relative module in its own folders of this processor', () => {
    expect(list({ [`${PACKAGES}/opensc.module`]: 'module: opensc-pkcs11.so' })).toEqual([
      '/usr/lib/x86_64-linux-gnu/pkcs11/opensc-pkcs11.so',
    ])
  })

  it('lets the administrator and the person change a package’s file', () => {
    const files = {
      [`${PACKAGES}/a.module`]: 'module: /a.so',
      [`${PACKAGES}/b.module`]: 'module: /b.so',
      [`${SYSTEM}/a.module`]: 'module: /etc-a.so\ndisable-in: trien-bridge',
      [`${PERSON}/b.module`]: 'enable-in: firefox, trien-bridge',
      [`${PERSON}/c.module`]: 'module: /c.so',
    }
    expect(list(files)).toEqual(['/b.so', '/c.so'])
    expect(list({ ...files, 'etc/pkcs11/pkcs11.conf': 'user-config: none' })).toEqual(['/b.so'])
    expect(list({ ...files, 'etc/pkcs11/pkcs11.conf': 'user-config: only' })).toEqual(['/c.so'])
  })

  it.each([
    'module: /a.so\nenable-in: firefox',
    'module: /a.so\nenable-in: p11-kit-proxy',
    'module: /a.so\ndisable-in: ssh trien-bridge',
    'module: /a.so\ntrust-policy: yes',
    'module: /usr/lib/pkcs11/p11-kit-trust.so',
    'module: p11-kit-proxy.so',
    'module: p11-kit-client.so',
    'module: /usr/lib/libnssckbi.so',
    'module: /a.so\nremote: |ssh host p11-kit remote /a.so',
    'module:',
    'priority: 1',
  ])('does not offer what is not for us: %j', (text) => {
    expect(list({ [`${PACKAGES}/a.module`]: text })).toEqual([])
  })

  it('offers to us what it keeps from others', () => {
    const text = 'module: /a.so\ndisable-in: p11-kit-proxy'
    expect(list({ [`${PACKAGES}/a.module`]: text })).toEqual(['/a.so'])
  })

  it('reads no file of another name', () => {
    const text = 'module: /a.so'
    const files = { [`${PACKAGES}/a.module~`]: text, [`${PACKAGES}/.a.module`]: text }
    expect(list({ ...files, [`${PACKAGES}/README`]: text })).toEqual([])
  })
})
