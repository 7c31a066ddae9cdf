/** WebKit, which opens no ws from a page of https: the engine of Safari, where wss is needed. */
import { readFileSync } from 'node:fs'
import { SECURE_ABOVE } from '@trien/sdk/wire'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { FIND_PORT } from '../helpers/portal.ts'
import { type Rivals, startRivals } from '../helpers/rival-server.ts'
import { signText } from '../helpers/text-signing.ts'
import { type TlsDesk, startTlsDesk } from '../helpers/tls-desk.ts'
import { hasTools } from '../helpers/tools.ts'
import { type WebKitPage, hasWebKit, openWebKit } from '../helpers/webkit.ts'

const canRun = hasTools('openssl', 'certutil') && hasWebKit()

let desk: TlsDesk
let rivals: Rivals
let page: WebKitPage | undefined

describe.skipIf(!canRun)('WebKit', () => {
  beforeAll(async () => {
    ;[desk, rivals] = await Promise.all([startTlsDesk(), startRivals()])
  })
  afterAll(() => Promise.all([desk?.close(), rivals?.close()]))
  afterEach(async () => {
    await page?.close()
    page = undefined
  })

  async function visit(authorities: readonly string[], csp?: string): Promise<WebKitPage> {
    page = await openWebKit([desk.portal.authority, ...authorities])
    await page.goto(desk.address(csp))
    return page
  }
  async function click(): Promise<unknown> {
    await page?.click('button')
    return page?.evaluate('window.clicked')
  }

  it('that believes the authority goes to wss, and signs', async () => {
    const { evaluate } = await visit([readFileSync(desk.authorityFile, 'utf8')])
    expect(await click()).toEqual({})
    const port = desk.bridge.port + SECURE_ABOVE
    expect(await evaluate(FIND_PORT)).toBe(port)
    expect(await signText(evaluate, desk.caFile)).toMatchObject({ accepted: true })

    await page?.goto(desk.address('upgrade-insecure-requests'))
    expect(await click()).toEqual({})
    await page?.goto(desk.address(`connect-src wss://127.0.0.1:${port}`))
    expect(await click()).toEqual({})
    await page?.goto(desk.address(`connect-src ws://127.0.0.1:${desk.bridge.port}`))
    expect(await click()).toMatchObject({ details: { reason: 'csp' } })
  })

  it('that does not says that only TLS is open here', async () => {
    await visit([rivals.authority])
    expect(await page?.evaluate(rivals.knock)).toEqual(['open', 'closed'])
    expect(await click()).toMatchObject({
      code: 'BRIDGE_BLOCKED',
      details: { reason: 'tls' },
      remedy: expect.stringContaining('trien-bridge tls install'),
    })
    await page?.goto(desk.address('upgrade-insecure-requests'))
    expect(await click()).toMatchObject({ details: { reason: 'tls' } })
  })
})
