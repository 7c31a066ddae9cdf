/**
 * A bridge with one token, whose certificates name servers on loopback; the settings of the bridge allow these by name, as
 * an owner would.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Bridge, type BridgeCertificate, connect } from '@trien/sdk/bridge'
import { type AuthorityServers, startAuthorityServers } from './authority-servers.ts'
import { type BridgeProcess, startBridge } from './bridge-process.ts'
import {
  type CertificationAuthority,
  createCertificationAuthority,
} from './certification-authority.ts'
import { pageSocket } from './page-socket.ts'
import { createScriptedPinentry } from './scripted-pinentry.ts'
import { createSoftHsm } from './softhsm.ts'

/** Where tests let a server answer otherwise. */
const REPLACEABLE = ['/tsa', '/ocsp', '/issuing.p7b', '/issuing.crl']

export interface RelayLab {
  readonly servers: AuthorityServers
  readonly authority: CertificationAuthority
  /** Its settings allow the servers and name `bộ` for time stamps. */
  readonly bridge: BridgeProcess
  /** Starts one more bridge. */
  start(settings: object): Promise<BridgeProcess>
  /** Opens a page that may list, and gives the one certificate there is. */
  open(bridge?: BridgeProcess): Promise<{ page: Bridge; certificate: BridgeCertificate }>
  /** Opens a page that may not. */
  openStranger(): Bridge
  /** Lets the servers answer as the authority does again, and forgets what they were asked. */
  reset(): void
  /** Ends everything that was started and opened. */
  close(): Promise<void>
}

export async function createRelayLab(): Promise<RelayLab> {
  const folder = mkdtempSync(path.join(tmpdir(), 'trien-relay-'))
  const servers = await startAuthorityServers()
  const authority = createCertificationAuthority(folder, servers.address)
  servers.serve(authority)
  const hsm = createSoftHsm()
  hsm.addToken('mot', [])
  hsm.addKey('mot', '01', authority.signer)
  const pinentry = createScriptedPinentry({ getpin: 'pin', pin: hsm.pin, confirm: 'ok' })
  const bridges: BridgeProcess[] = []
  const pages: Bridge[] = []

  async function start(settings: object): Promise<BridgeProcess> {
    const config = mkdtempSync(path.join(folder, 'config-'))
    mkdirSync(path.join(config, 'trien'))
    writeFileSync(path.join(config, 'trien', 'bridge.json'), JSON.stringify(settings))
    const bridge = await startBridge({
      args: ['--module', hsm.modulePath, '--pinentry', pinentry.program],
      env: { ...hsm.env, ...pinentry.env, XDG_CONFIG_HOME: config, LC_ALL: 'C.UTF-8' },
    })
    bridges.push(bridge)
    return bridge
  }

  function openPage(to: BridgeProcess, origin?: string): Bridge {
    const page = connect({ ports: [to.port], webSocket: pageSocket(origin) })
    pages.push(page)
    return page
  }

  const bridge = await start({
    internalHosts: [`127.0.0.1:${servers.port}`],
    timestampServers: [{ name: 'bộ', url: `${servers.address}/tsa` }],
  })
  return {
    servers,
    authority,
    bridge,
    start,
    async open(to = bridge) {
      const page = openPage(to)
      const [certificate] = await page.listCertificates()
      if (certificate === undefined) throw new Error('the token has no certificate')
      return { page, certificate }
    },
    openStranger: () => openPage(bridge, 'https://another.gov.test'),
    reset() {
      for (const place of REPLACEABLE) servers.replace(place, undefined)
      servers.asked.length = 0
    },
    async close() {
      for (const page of pages) page.close()
      await Promise.all(bridges.map((each) => each.stop()))
      pinentry.remove()
      hsm.close()
      servers.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Code and details of a failure, or `answered`. */
export function failureOf(asking: Promise<unknown>): Promise<unknown> {
  return asking.then(
    () => 'answered',
    ({ code, details }: { code: string; details: object }) => ({ code, ...details }),
  )
}
