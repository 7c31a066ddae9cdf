/**
 * The bridge on wss: a certificate that the person's browsers were told to believe by `trien-bridge tls install`, in a
 * home of its own with a real NSS database and a Firefox profile.
 */
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { type ClientOptions, WebSocket } from 'ws'
import { createTlsIdentity } from '../../packages/bridge/src/tls/authority.ts'
import { findTrustStores } from '../../packages/bridge/src/tls/find-stores.ts'
import { authorityFile, nameOf, writeTlsIdentity } from '../../packages/bridge/src/tls/identity.ts'
import { trustEverywhere } from '../../packages/bridge/src/tls/trust.ts'
import { type BridgeProcess, runBridge, startBridge } from '../helpers/bridge-process.ts'
import { believe, certutil, makeDatabase } from '../helpers/nss-database.ts'
import { hasTools } from '../helpers/tools.ts'

const ORIGIN = 'https://portal.gov.test'
const DAY_MS = 86_400_000
const NAME = /Trien for this computer only [0-9a-f]{8}/g
const isThere = hasTools('/usr/bin/certutil', 'openssl')

let home: string
let env: Record<string, string>
let folder: string
let profile: string
const personal = (): string => path.join(home, '.pki/nssdb')

beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), 'trien-home-'))
  env = { HOME: home, XDG_STATE_HOME: path.join(home, 'state') }
  folder = path.join(home, 'state/trien')
  profile = path.join(home, '.mozilla/firefox/ab12.default-esr')
  if (isThere) makeDatabase(profile)
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

const namesIn = (place: string): string[] => certutil(place, '-L').match(NAME) ?? []
const tls = (...args: readonly string[]): ReturnType<typeof runBridge> =>
  runBridge(['tls', ...args], env)
const readAuthority = (): string => readFileSync(authorityFile(folder), 'utf8')

async function serve(...args: readonly string[]): Promise<BridgeProcess & { secure: number }> {
  const bridge = await startBridge({ args: ['--tls', ...args], env })
  onTestFinished(async () => void (await bridge.stop()))
  const [, port] = await bridge.untilStderr(/wss:\/\/127\.0\.0\.1:(\d+)\/v1/)
  return { ...bridge, secure: Number(port) }
}

/** Opens a socket as a page does; resolves with `open`, a refused status, or the name of the failure. */
async function knock(port: number, options: ClientOptions = {}, host = '127.0.0.1') {
  const socket = new WebSocket(`wss://${host}:${port}/v1`, 'trien.v1', {
    origin: ORIGIN,
    ca: readAuthority(),
    ...options,
  })
  return new Promise<string | number>((resolve) => {
    socket.once('open', () => {
      socket.once('close', () => resolve('open'))
      socket.close()
    })
    socket.once('unexpected-response', (_, { statusCode }) => resolve(statusCode ?? 0))
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
  })
}

describe.runIf(isThere)('trien-bridge tls', () => {
  it('installs in the personal database and each Firefox profile, says so, and is idempotent', async () => {
    expect((await tls('status')).stderr).toContain('not installed')
    const first = await tls('install')
    expect(first).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('its key is destroyed'),
    })
    expect(first.stdout).toContain(`trusted     ${personal()} (Chromium, Chrome, Edge)`)
    expect(first.stdout).toContain(`trusted     ${profile} (Firefox)`)
    const before = readAuthority()

    // A profile that came later is told by a second run, which makes nothing anew.
    const later = path.join(home, '.mozilla/firefox/cd34.work')
    makeDatabase(later)
    expect((await tls('install')).code).toBe(0)
    expect(readAuthority()).toBe(before)
    for (const place of [personal(), profile, later]) {
      expect(namesIn(place)).toHaveLength(1)
      expect(certutil(place, '-L')).toMatch(/computer only [0-9a-f]{8}\s+C,,/)
    }

    const state = JSON.parse((await tls('status', '--json')).stdout) as Record<string, unknown>
    expect(state).toMatchObject({ installed: true, policies: [] })
    expect(state['places']).toEqual([
      expect.objectContaining({ place: personal(), trusted: true }),
      expect.objectContaining({ place: profile, trusted: true }),
      expect.objectContaining({ place: later, trusted: true }),
    ])
  })

  it('is looked at by the doctor', async () => {
    const doctor = async (): Promise<Record<string, unknown>[]> => {
      const { stdout } = await runBridge(
        ['doctor', '--json', '--language', 'en', '--port', '1'],
        env,
      )
      const { findings } = JSON.parse(stdout) as { findings: { id: string }[] }
      return findings.filter(({ id }) => id.startsWith('tls.'))
    }
    expect(await doctor()).toMatchObject([{ id: 'tls.end', state: 'good' }])
    await tls('install')
    expect(await doctor()).toMatchObject([
      { id: 'tls.end', state: 'good' },
      { id: 'tls.trust.chromium-chrome-edge', state: 'good' },
      { id: 'tls.trust.firefox', state: 'good' },
    ])
    certutil(profile, '-D', '-n', namesIn(profile)[0]!)
    expect((await doctor()).slice(1)).toMatchObject([
      { state: 'good' },
      {
        state: 'warning',
        text: 'Firefox: 0 of 1 certificate stores believe the wss certificate.',
        remedy: expect.anything(),
      },
    ])
  })

  it('keeps no key but the leaf’s, and makes all anew on request', async () => {
    await tls('install')
    const secret = readFileSync(path.join(folder, 'tls.pem'), 'utf8')
    expect(secret.match(/BEGIN [A-Z ]*PRIVATE KEY/g)).toHaveLength(1)
    const [before] = namesIn(personal())
    expect((await tls('install', '--renew')).code).toBe(0)
    const after = namesIn(personal())
    expect(after).toHaveLength(1)
    expect(after[0]).not.toBe(before)
  })

  it('removes everything', async () => {
    await tls('install')
    expect((await tls('remove')).code).toBe(0)
    expect(namesIn(personal())).toEqual([])
    expect(namesIn(profile)).toEqual([])
    expect((await tls('status')).stderr).toContain('not installed')
    expect((await tls('remove')).stderr).toContain('nothing to remove')
    // Who starts it with --tls all the same is told, and served by ws.
    const bridge = await startBridge({ args: ['--tls'], env })
    onTestFinished(async () => void (await bridge.stop()))
    expect(bridge.stderr()).toContain('hint: trien-bridge tls install')
    expect(bridge.stderr()).not.toContain('wss://')
  })

  it('says which database it could not change, and neither asks nor hangs', async () => {
    const locked = path.join(home, '.mozilla/firefox/ef56.locked')
    makeDatabase(locked, 'a primary password')
    const { code, stdout } = await tls('install')
    expect(code).toBe(0)
    expect(stdout).toContain(`not trusted ${locked} (Firefox): has a password of its own`)
  })

  it('prints policies for an administrator', async () => {
    await tls('install')
    const { stdout } = await tls('policy')
    expect(stdout).toContain('/etc/firefox/policies/policies.json')
    expect(stdout).toContain(JSON.stringify(authorityFile(folder)))
    const der = readAuthority().replace(/-----[^-]+-----|\n/g, '')
    expect(stdout).toContain(`"CACertificates": [\n    "${der}"`)
  })
})

describe.runIf(isThere)('serve --tls', () => {
  it('opens the same gate on wss as on ws', async () => {
    await tls('install')
    const bridge = await serve()
    expect(await knock(bridge.secure)).toBe('open')
    expect(await knock(bridge.secure, {}, 'localhost')).toBe('open')
    expect(await knock(bridge.secure, {}, '[::1]')).toBe('open')

    expect(await knock(bridge.secure, { headers: { Host: 'rebind.test' } })).toBe(403)
    const other = { Host: `127.0.0.1:${bridge.port}` }
    expect(await knock(bridge.secure, { headers: other })).toBe(403)
    for (const origin of ['http://portal.gov.test', 'null', 'chrome-extension://abc']) {
      expect(await knock(bridge.secure, { origin }), origin).toBe(403)
    }
    const all = await Promise.all(Array.from({ length: 61 }, () => knock(bridge.secure)))
    expect(all).toContain(429)
  })

  it('is not believed without the authority, and speaks no old TLS', async () => {
    await tls('install')
    const bridge = await serve()
    expect(await knock(bridge.secure, { ca: [] })).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE')
    const old = {
      maxVersion: 'TLSv1.1',
      minVersion: 'TLSv1',
      ciphers: 'DEFAULT@SECLEVEL=0',
    } as const
    expect(await knock(bridge.secure, old)).toMatch(/PROTOCOL_VERSION|EPROTO|UNSUPPORTED/)
  })

  it('shares an origin’s load between both ears', async () => {
    await tls('install')
    const bridge = await serve()
    const sockets = Array.from({ length: 16 }, (_, index) =>
      index % 2 === 0
        ? new WebSocket(`ws://127.0.0.1:${bridge.port}/v1`, 'trien.v1', { origin: ORIGIN })
        : new WebSocket(`wss://127.0.0.1:${bridge.secure}/v1`, 'trien.v1', {
            origin: ORIGIN,
            ca: readAuthority(),
          }),
    )
    onTestFinished(() => sockets.forEach((socket) => socket.terminate()))
    await Promise.all(sockets.map((socket) => once(socket, 'open')))
    expect(await knock(bridge.secure)).toBe(429)
  })
})

describe.runIf(isThere)('a certificate that ends soon', () => {
  /** As if it had been installed so many days ago. */
  async function installLongAgo(days: number): Promise<string> {
    const identity = createTlsIdentity(new Date(Date.now() - days * DAY_MS))
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    writeTlsIdentity(folder, identity)
    const { stores } = findTrustStores('linux', home)
    const rows = await trustEverywhere(stores, identity, authorityFile(folder))
    expect(rows.every((row) => row.trusted)).toBe(true)
    return nameOf(identity.authority)
  }

  it('is replaced at start, by an authority that the same browsers believe', async () => {
    const old = await installLongAgo(370)
    const bridge = await serve()
    expect(bridge.stderr()).toContain('renewed the certificate for wss')
    for (const place of [personal(), profile]) {
      expect(namesIn(place)).toHaveLength(1)
      expect(namesIn(place)).not.toContain(old)
    }
    expect(await knock(bridge.secure)).toBe('open')
  })

  it('is left alone where there is time', async () => {
    const old = await installLongAgo(300)
    const bridge = await serve()
    expect(bridge.stderr()).not.toContain('renewed')
    expect(namesIn(personal())).toEqual([old])
  })

  it('goes on, with a warning, where a browser cannot be told', async () => {
    const old = await installLongAgo(370)
    // A database with a password, in which somebody who knows it has trusted the old one.
    const locked = path.join(home, '.mozilla/firefox/locked')
    makeDatabase(locked, 'a primary password')
    believe(locked, readAuthority(), old, 'a primary password')
    const bridge = await serve()
    expect(bridge.stderr()).toMatch(/could not renew .*locked: .*\nhint: trien-bridge tls install/)
    for (const place of [personal(), profile, locked]) expect(namesIn(place)).toEqual([old])
    expect(await knock(bridge.secure)).toBe('open')
  })

  it('is not shown once it has ended and cannot be replaced, and ws goes on', async () => {
    const identity = createTlsIdentity(new Date(Date.now() - 398 * DAY_MS))
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    writeTlsIdentity(folder, identity)
    // Nobody was ever told of it, so nobody is told of another unasked.
    const bridge = await startBridge({ args: ['--tls'], env })
    onTestFinished(async () => void (await bridge.stop()))
    expect(bridge.stderr()).toContain('hint: trien-bridge tls install --renew')
    expect(bridge.stderr()).not.toContain('wss://')
  })
})
