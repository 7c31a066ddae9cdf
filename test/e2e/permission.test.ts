import type { Browser, BrowserContext, Page } from 'puppeteer'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type BridgeProcess, startBridge } from '../helpers/bridge-process.ts'
import { hasChromium, launchChromium } from '../helpers/chromium.ts'
import { type Portal, startPortal } from '../helpers/portal.ts'
import { findClosedPort } from '../helpers/scripted-bridge.ts'
import { hasTools } from '../helpers/tools.ts'

const canRun = hasTools('openssl') && hasChromium()

let browser: Browser
let portal: Portal
let bridge: BridgeProcess
let context: BrowserContext

describe.skipIf(!canRun)('a page on a public origin, in Chromium', () => {
  beforeAll(async () => {
    portal = await startPortal()
    browser = await launchChromium(...portal.chromiumArguments)
    bridge = await startBridge()
  })
  afterAll(async () => {
    await browser?.close()
    await portal?.close()
    await bridge?.stop()
  })
  beforeEach(async () => {
    context = await browser.createBrowserContext()
  })
  afterEach(() => context.close())

  async function decide(state: 'granted' | 'denied' | 'prompt'): Promise<void> {
    const permission = { name: 'loopback-network' }
    await context.setPermission(portal.httpsOrigin, { permission, state })
  }
  async function visit(query: Record<string, string>, origin = portal.httpsOrigin): Promise<Page> {
    const page = await context.newPage()
    await page.goto(`${origin}/?${new URLSearchParams(query)}`)
    return page
  }
  it('probe', async () => {
    const page = await visit({ ports: String(bridge.port), permissions: 'loopback-network=()' })
    console.log('policy', await page.evaluate(`bridge.ready().then(()=>'ok',describe)`), await page.evaluate(`[document.featurePolicy?.features().filter(n=>/network/.test(n)), document.featurePolicy?.allowsFeature('loopback-network')]`))
    const fresh = await visit({ ports: String(bridge.port) })
    console.log('fresh', await fresh.evaluate(`(async()=>[bridge.state,(await navigator.permissions.query({name:'loopback-network'})).state, await bridge.ready().then(()=>'ok',describe), (await navigator.permissions.query({name:'loopback-network'})).state])()`))
    await decide('prompt')
    const ports = [await findClosedPort(), await findClosedPort(), await findClosedPort(), await findClosedPort(), await findClosedPort()]
    const p2 = await visit({ ports: ports.join(',') })
    console.log('closed', await p2.evaluate(`(async()=>{const out=[];for(let i=0;i<6;i++){const t=performance.now();const r=await bridge.ready().catch(describe);out.push(r.code+' '+Math.round(performance.now()-t))} return out})()`))
    console.log('raw', await p2.evaluate(`(async()=>{const out=[];for(let i=0;i<3;i++){const t=performance.now();await new Promise(r=>{const s=new WebSocket('ws://127.0.0.1:${ports[0]}/v1');s.onclose=r});out.push(Math.round(performance.now()-t))} return out})()`))
    expect(1).toBe(1)
  })
})
