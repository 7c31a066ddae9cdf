/** What the relay fetches for nobody: whose certificates name addresses, and where these may lead. */
import { readFileSync } from 'node:fs'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Bridge, BridgeCertificate } from '@trien/sdk/bridge'
import { type RelayLab, createRelayLab, failureOf } from '../helpers/relay-lab.ts'
import { canUseSoftHsm } from '../helpers/softhsm.ts'

describe.runIf(canUseSoftHsm())('the relay refuses', () => {
  let lab: RelayLab
  let page: Bridge
  let onToken: BridgeCertificate

  beforeAll(async () => {
    lab = await createRelayLab()
    ;({ page, certificate: onToken } = await lab.open())
  })
  afterAll(() => lab?.close())
  afterEach(() => lab.reset())
  const der = (name: string) => lab.authority.certificate(name)

  describe('a certificate', () => {
    test('that nobody at hand issued names no address, whatever it holds', async () => {
      const stranger = der('stranger')
      for (const asking of [
        page.relay.crl(stranger),
        page.relay.issuers(stranger),
        page.relay.crl(stranger, { path: [stranger] }),
        page.relay.crl(stranger, { path: [der('issuing'), der('root')] }),
        page.relay.crl(Uint8Array.of(1, 2, 3)),
      ]) {
        expect(await failureOf(asking)).toEqual({
          code: 'BRIDGE_RELAY_REFUSED',
          reason: 'certificate',
        })
      }
      expect(lab.servers.asked).toEqual([])
    })

    test('whose content was changed is not one that was issued', async () => {
      await page.relay.issuers(onToken.certificate)
      const changed = der('colleague').slice()
      changed[Buffer.from(changed).indexOf('/ocsp') + 1] = 'x'.charCodeAt(0)
      expect(await failureOf(page.relay.crl(changed))).toMatchObject({ reason: 'certificate' })
    })

    test('of another authority is good where the path leads to one at hand', async () => {
      const [issuing] = await page.relay.issuers(onToken.certificate)
      await page.relay.issuers(issuing!)
      expect(await failureOf(page.relay.crl(der('far')))).toMatchObject({ reason: 'certificate' })
      const byColleague = { path: [der('colleague'), der('deputy')] }
      expect(await failureOf(page.relay.crl(der('far'), byColleague))).toMatchObject({
        reason: 'certificate',
      })
      const list = await page.relay.crl(der('far'), { path: [der('deputy')] })
      expect(list.length).toBeGreaterThan(0)
    })

    test('that came in a time stamp is at hand', async () => {
      await page.relay.timestamp(lab.authority.timestampRequest('chín'))
      expect((await page.relay.crl(der('tsa'))).length).toBeGreaterThan(0)
    })
  })

  describe('nothing is fetched', () => {
    test('for a page that the person did not let see certificates', async () => {
      const stranger = lab.openStranger()
      const denied = { code: 'BRIDGE_ORIGIN_DENIED' }
      const { relay } = stranger
      expect(await failureOf(relay.timestamp(lab.authority.timestampRequest('x')))).toEqual(denied)
      expect(await failureOf(relay.crl(der('signer')))).toEqual(denied)
      expect(await failureOf(relay.issuers(der('signer')))).toEqual(denied)
      const request = lab.authority.ocspRequest('signer')
      expect(await failureOf(relay.ocsp(der('signer'), request))).toEqual(denied)
      expect(lab.servers.asked).toEqual([])
    })

    test('from this machine, where the settings do not say so', async () => {
      const plain = await lab.start({
        timestampServers: [{ name: 'bộ', url: `${lab.servers.address}/tsa` }],
      })
      const { page: visitor, certificate } = await lab.open(plain)
      expect(await failureOf(visitor.relay.crl(certificate.certificate))).toEqual({
        code: 'BRIDGE_RELAY_REFUSED',
        reason: 'address',
        host: '127.0.0.1',
      })
      expect(lab.servers.asked).toEqual([])
      // Whoever names a server of time stamps means that server, and for time stamps alone.
      await visitor.relay.timestamp(lab.authority.timestampRequest('x'))
      expect(lab.servers.asked).toEqual(['/tsa'])
      expect(await failureOf(visitor.relay.crl(certificate.certificate))).toMatchObject({
        reason: 'address',
      })
    })

    test('over TLS from a server that cannot prove its name, whatever the environment says', async () => {
      let requests = 0
      const tls = createTlsServer(
        {
          key: readFileSync(lab.authority.file('tsa.key')),
          cert: readFileSync(lab.authority.file('tsa.pem')),
        },
        (_request, response) => {
          requests += 1
          response.end()
        },
      )
      await new Promise<void>((resolve) => tls.listen(0, '127.0.0.1', resolve))
      const url = `https://127.0.0.1:${(tls.address() as AddressInfo).port}/`
      process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0'
      const lax = await lab.start({ timestampServers: [{ name: 'tls', url }] }).finally(() => {
        delete process.env['NODE_TLS_REJECT_UNAUTHORIZED']
      })
      const { page: visitor } = await lab.open(lax)
      const asking = visitor.relay.timestamp(lab.authority.timestampRequest('x'))
      expect(await failureOf(asking)).toMatchObject({
        code: 'BRIDGE_RELAY_UNREACHABLE',
        reason: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      })
      expect(requests).toBe(0)
      tls.close()
    })
  })
})
