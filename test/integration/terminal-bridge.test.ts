// The bridge's own terminal is one way of asking: what it shows there, and what it takes for an answer.
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it, onTestFinished } from 'vitest'
import { type RawClient, openPage } from '../helpers/raw-client.ts'
import { type PseudoTerminal, usePseudoTerminals } from '../helpers/pseudo-terminal.ts'
import { hasTools } from '../helpers/tools.ts'

const openTerminal = usePseudoTerminals()

describe('the bridge started from a terminal without a display', () => {
  const CLI = fileURLToPath(new URL('../../packages/bridge/dist/cli.js', import.meta.url))
  const isThere = hasTools('script')
  const pages: RawClient[] = []
  afterEach(() => {
    for (const page of pages.splice(0)) page.destroy()
  })

  async function startOnTerminal(
    env: NodeJS.ProcessEnv = {},
    typedBefore = '',
  ): Promise<{ terminal: PseudoTerminal; page: RawClient; port: number }> {
    expect(existsSync(CLI)).toBe(true)
    const terminal = openTerminal(`exec "${process.execPath}" "${CLI}" serve --demo --port 0`, env)
    const [, port] = await terminal.until(/ready on ws:\/\/127\.0\.0\.1:(\d+)\/v1/)
    expect(terminal.screen).toContain('asks through this terminal')
    if (typedBefore !== '') {
      terminal.type(`${typedBefore}x`)
      // The terminal itself echoes, so what was typed has arrived.
      await terminal.until(/x$/)
    }
    const page = await askForList(Number(port))
    await terminal.until(/Gõ “co”/)
    return { terminal, page, port: Number(port) }
  }

  async function askForList(port: number, origin?: string): Promise<RawClient> {
    const page = await openPage(port, origin)
    pages.push(page)
    page.sendJson({ jsonrpc: '2.0', id: 2, method: 'certificates.list', params: {} })
    return page
  }

  it.runIf(isThere)('asks there, and allows by a typed word', async () => {
    const { terminal, page } = await startOnTerminal()
    expect(terminal.screen).toContain('https://portal.gov.test')
    terminal.type('co\r')
    expect(await page.json()).toMatchObject({ id: 2, result: { certificates: expect.any(Array) } })
  })

  it.runIf(isThere)('refuses by anything else, and Ctrl-C does not end the bridge', async () => {
    const { terminal, page: first, port } = await startOnTerminal()
    const refusals = [
      ['\r', 'USER_DENIED'],
      ['no\r', 'USER_DENIED'],
      ['\x03', 'USER_CANCELLED'],
    ] as const
    let page = first
    for (const [index, [keys, code]] of refusals.entries()) {
      terminal.type(keys)
      expect(await page.json()).toMatchObject({ id: 2, error: { data: { code } } })
      // Who was refused has to wait; the next site need not.
      page = await askForList(port, `https://portal-${index}.gov.test`)
      // The question is written anew at each key, its title once.
      await terminal.until(new RegExp(`(Xem chứng thư số[^]*Gõ “co”[^]*){${index + 2}}`))
    }
  })

  it.runIf(isThere)('asks there too where DISPLAY names a display that is gone', async () => {
    const { page, terminal } = await startOnTerminal({ DISPLAY: ':12345' })
    terminal.type('co\r')
    expect(await page.json()).toMatchObject({ id: 2, result: { certificates: expect.any(Array) } })
  })

  it.runIf(isThere)('takes no Enter for an answer that was typed before the question', async () => {
    const { terminal, page } = await startOnTerminal({}, '\r\n\r')
    terminal.type('co\r')
    expect(await page.json()).toMatchObject({ id: 2, result: { certificates: expect.any(Array) } })
  })

  it.runIf(isThere)('is not stopped when it is put in the background', async () => {
    const terminal = openTerminal(
      `bash -mc '"${process.execPath}" "${CLI}" serve --demo --port 0 & echo job $!; wait'`,
    )
    const [, job] = await terminal.until(/job (\d+)/)
    // No hang-up reaches it there.
    onTestFinished(() => void process.kill(Number(job), 'SIGKILL'))
    const [, port] = await terminal.until(/ready on ws:\/\/127\.0\.0\.1:(\d+)\/v1/)
    const page = await openPage(Number(port))
    pages.push(page)
    page.sendJson({ jsonrpc: '2.0', id: 2, method: 'certificates.list', params: {} })
    const error = { data: { code: 'BRIDGE_NO_PROMPT' } }
    expect(await page.json()).toMatchObject({ id: 2, error })
  })

  it.runIf(isThere)('takes the question back when the page closes', async () => {
    const { terminal, page } = await startOnTerminal()
    page.destroy()
    await terminal.until(/Câu hỏi đã đóng/)
  })
})
