/** A bridge that runs for more than a year, by a clock of the test's own. */
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { connect } from 'node:tls'
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import { prepareSecureEar } from '../../packages/bridge/src/commands/secure-ear.ts'
import type { TlsHome } from '../../packages/bridge/src/commands/tls-identity.ts'
import { type Serving, startServer } from '../../packages/bridge/src/server/serve.ts'
import { createTlsIdentity } from '../../packages/bridge/src/tls/authority.ts'
import { findTrustStores } from '../../packages/bridge/src/tls/find-stores.ts'
import {
  type TlsIdentity,
  authorityFile,
  findTlsIdentity,
  nameOf,
  writeTlsIdentity,
} from '../../packages/bridge/src/tls/identity.ts'
import { trustEverywhere } from '../../packages/bridge/src/tls/trust.ts'
import { certutil, makeDatabase } from '../helpers/nss-database.ts'
import { hasTools } from '../helpers/tools.ts'

const DAY_MS = 86_400_000

let home: TlsHome & { readonly folder: string; readonly profile: string }
beforeEach(() => {
  const folder = mkdtempSync(path.join(tmpdir(), 'trien-home-'))
  const stateFolder = path.join(folder, 'state')
  mkdirSync(stateFolder, { mode: 0o700 })
  const profile = path.join(folder, '.mozilla/firefox/ab12.default')
  makeDatabase(profile)
  home = { folder, profile, stateFolder, stores: findTrustStores('linux', folder).stores }
})
afterEach(() => rmSync(home.folder, { recursive: true }))

async function install(): Promise<TlsIdentity> {
  const identity = createTlsIdentity()
  writeTlsIdentity(home.stateFolder, identity)
  await trustEverywhere(home.stores, identity, authorityFile(home.stateFolder))
  return identity
}

/** Serves, and hands out what lets so many days pass at once. */
async function serve(): Promise<{ server: Serving; pass: (days: number) => void }> {
  const secure = await prepareSecureEar([0], home)
  const server = await startServer({ ports: [0], methods: [], secure: secure?.ear })
  let now = Date.now()
  let look: (() => void) | undefined
  const stop = secure?.keepFresh(server, {
    now: () => new Date(now),
    every: (_, deed) => ((look = deed), () => (look = undefined)),
  })
  onTestFinished(async () => {
    stop?.()
    await server.close()
  })
  return {
    server,
    pass(days) {
      now += days * DAY_MS
      look?.()
    },
  }
}

/** The fingerprint of what a new connection is shown. */
async function shownBy({ securePort = 0 }: Serving): Promise<string> {
  // Trust is not what is looked at here.
  const socket = connect({ port: securePort, host: '127.0.0.1', rejectUnauthorized: false })
  await once(socket, 'secureConnect')
  const { fingerprint256 } = socket.getPeerCertificate()
  socket.destroy()
  return fingerprint256
}

const namesIn = (place: string): string[] =>
  certutil(place, '-L').match(/Trien for this computer only [0-9a-f]{8}/g) ?? []

describe.runIf(hasTools('certutil'))('a bridge that runs on', () => {
  it('renews in the last thirty days, shows it at once, and drops nobody', async () => {
    const old = await install()
    const { server, pass } = await serve()
    const page = new WebSocket(`wss://127.0.0.1:${server.securePort}/v1`, 'trien.v1', {
      origin: 'https://portal.gov.test',
      ca: old.authority.toString(),
    })
    await once(page, 'open')

    pass(365)
    expect(await shownBy(server)).toBe(old.leaf.fingerprint256)
    pass(2)
    await expect.poll(() => shownBy(server)).not.toBe(old.leaf.fingerprint256)
    const renewed = findTlsIdentity(home.stateFolder)
    expect(await shownBy(server)).toBe(renewed?.leaf.fingerprint256)
    expect(namesIn(home.profile)).toEqual([nameOf(renewed!.authority)])
    expect(Date.parse(renewed!.leaf.validTo) - Date.now()).toBeGreaterThan(700 * DAY_MS)
    expect(page.readyState).toBe(WebSocket.OPEN)
    page.terminate()
  })

  it('shows what the person put in its place', async () => {
    await install()
    const { server, pass } = await serve()
    const next = await install()
    pass(1)
    await expect.poll(() => shownBy(server)).toBe(next.leaf.fingerprint256)
  })
})
