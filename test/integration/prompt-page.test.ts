/** The demo's prompt page, asked by bytes that no browser would send. */
import { type IncomingHttpHeaders, request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { type BridgeProcess, startBridge } from '../helpers/bridge-process.ts'
import { startFacelessBridge } from '../helpers/faceless-bridge.ts'
import { type RawClient, openPage } from '../helpers/raw-client.ts'

interface Reply {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

function send(
  url: string,
  options: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const { method = 'GET', headers = {}, body = '' } = options
    const asked = request(url, { method, headers, agent: false }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (more: string) => (text += more))
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text })
      })
    })
    asked.on('error', reject)
    asked.end(body)
  })
}

describe('the prompt page', () => {
  let bridge: BridgeProcess
  beforeAll(async () => {
    bridge = await startFacelessBridge('--demo')
  })
  afterAll(async () => {
    expect(await bridge.stop()).toBe(0)
  })

  let questions = 0
  /** What a page takes back counts against its origin, so that each question has one of its own. */
  async function ask(): Promise<{ page: RawClient; url: string }> {
    const origin = `https://portal-${(questions += 1)}.gov.test`
    const page = await openPage(bridge.port, origin)
    page.sendJson({ jsonrpc: '2.0', id: 2, method: 'certificates.list', params: {} })
    const { method, params } = (await page.json()) as { method: string; params: { url: string } }
    expect(method).toBe('prompt.page')
    return { page, url: params.url }
  }
  const form = (origin: string, body = 'decision=accept') => ({
    method: 'POST',
    headers: { Origin: origin, 'Content-Type': 'application/x-www-form-urlencoded' },
    body,
  })
  const own = () => `http://127.0.0.1:${bridge.port}`

  it('is told to the page that asks, and says in both languages that a real bridge never does this', async () => {
    expect(bridge.stderr()).toContain('asks through a page (demo only)')
    const { page, url } = await ask()
    expect(url).toMatch(new RegExp(`^${own()}/prompt/[A-Za-z0-9_-]{43}$`))
    const { status, headers, body } = await send(url)
    expect(status).toBe(200)
    expect(body).toMatch(/https:..portal-\d+\.gov\.test/)
    expect(body).toContain('không bao giờ hỏi mã PIN trong trang web')
    expect(body).toContain('never asks for a PIN in a web page')
    expect(body).not.toContain('<script')
    expect(headers['content-security-policy']).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self'; frame-ancestors 'none'/,
    )
    expect(headers['x-frame-options']).toBe('DENY')
    expect(headers['cache-control']).toBe('no-store')
    page.destroy()
  })

  it('is gone when the page that asked closes', async () => {
    const { page, url } = await ask()
    page.destroy()
    await expect.poll(async () => (await send(url)).status).toBe(404)
  })

  it.each([
    ['from another origin', () => form('https://portal.gov.test'), 403],
    ['from null', () => form('null'), 403],
    ['from localhost by name', () => form(`http://localhost:${bridge.port}`), 403],
    ['of another port', () => form('http://127.0.0.1:1'), 403],
    ['without Origin', () => ({ method: 'POST', body: 'decision=accept' }), 403],
    ['too large', () => form(own(), `decision=accept&pin=${'1'.repeat(5000)}`), 413],
    ['by another method', () => ({ ...form(own()), method: 'PUT' }), 405],
  ])('takes no answer %s', async (_, options, status) => {
    const { page, url } = await ask()
    expect((await send(url, options())).status).toBe(status)
    expect((await send(url)).status).toBe(200)
    page.destroy()
  })

  it('is at no other path and under no other Host', async () => {
    const { page, url } = await ask()
    expect((await send(`${own()}/prompt/`)).status).toBe(404)
    expect((await send(`${url}x`)).status).toBe(404)
    expect((await send(url, { headers: { Host: `rebind.test:${bridge.port}` } })).status).toBe(403)
    page.destroy()
  })

  it('refuses for the person, and its address dies with the answer', async () => {
    const { page, url } = await ask()
    expect((await send(url, form(own(), 'decision=refuse'))).status).toBe(200)
    expect(await page.json()).toMatchObject({ id: 2, error: { data: { code: 'USER_DENIED' } } })
    expect((await send(url)).status).toBe(404)
    expect((await send(url, form(own()))).status).toBe(404)
    page.destroy()
  })

  it('allows for the person', async () => {
    const { page, url } = await ask()
    expect((await send(url, form(own()))).body).toContain('Đã ghi nhận')
    expect(await page.json()).toMatchObject({ id: 2, result: {} })
    page.destroy()
  })
})

describe('a DISPLAY that nobody serves, as containers inherit it', () => {
  it('counts as none', async () => {
    const env = { DISPLAY: ':12345', WAYLAND_DISPLAY: undefined }
    const bridge = await startBridge({ args: ['--demo'], env, withoutTerminal: true })
    onTestFinished(async () => void (await bridge.stop()))
    expect(bridge.stderr()).toContain('asks through a page (demo only)')
  })
})

describe('a bridge without the demo token', () => {
  let bridge: BridgeProcess
  beforeAll(async () => {
    bridge = await startFacelessBridge()
  })
  afterAll(() => bridge.stop())

  it('never asks in a page', async () => {
    expect(bridge.stderr()).toMatch(/has no way to ask[^]*^hint: /m)
    const page = await openPage(bridge.port)
    page.sendJson({ jsonrpc: '2.0', id: 2, method: 'certificates.list', params: {} })
    const error = { data: { code: 'BRIDGE_NO_PROMPT' } }
    expect(await page.json()).toMatchObject({ id: 2, error })
    page.destroy()
  })
})
