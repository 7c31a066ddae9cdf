/**
 * Real pinentries asked by our client: on a pseudo-terminal (made by `script` of util-linux) and on an X server
 * without a screen (Xvfb), where xdotool is the person.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { createPinentryFace } from '../../packages/bridge/src/prompt/pinentry.ts'
import { createPrompt } from '../../packages/bridge/src/prompt/prompt.ts'
import type { ListQuestion, Prompt, SignQuestion } from '../../packages/bridge/src/prompt/types.ts'
import { type RawClient, openPage } from '../helpers/raw-client.ts'
import { PseudoTerminal } from '../helpers/pseudo-terminal.ts'
import { hasTools } from '../helpers/tools.ts'

const sign: SignQuestion = {
  kind: 'sign',
  origin: 'https://portal.dichvucong.gov.vn',
  language: 'vi',
  documents: [
    { name: 'Đơn đề nghị 100%.pdf', size: 24_310, digestHex: '3f2a91bc77e01d44'.repeat(4) },
  ],
  certificate: {
    holder: 'NGUYỄN VĂN AN',
    organization: 'SỞ TƯ PHÁP',
    issuer: 'TRIEN TEST CA',
    notAfter: '2026-12-31T00:00:00.000Z',
    validity: { state: 'valid', daysLeft: 400 },
  },
  tokenLabel: 'Token của An',
  tokenSerial: '5401A2',
  pinState: 'low',
  wrongPins: 0,
  asksPin: true,
  announcePage: () => {},
}
const list: ListQuestion = { ...sign, kind: 'list' }
const lastTry: SignQuestion = { ...sign, pinState: 'final' }
const PIN = '12%34 %0A+'
const open = new AbortController().signal

const terminals: PseudoTerminal[] = []
afterEach(async () => {
  for (const terminal of terminals.splice(0)) await terminal.close()
})

function openTerminal(command: string, env?: NodeJS.ProcessEnv): PseudoTerminal {
  const terminal = new PseudoTerminal(command, env)
  terminals.push(terminal)
  return terminal
}

async function onTerminal(
  program: string,
  timeoutMs?: number,
): Promise<{ prompt: Prompt; terminal: PseudoTerminal }> {
  const terminal = openTerminal('tty; exec sleep 300')
  const [, name] = await terminal.until(/(\/dev\/pts\/\d+)/)
  const env = { ...process.env, GPG_TTY: name, TERM: 'xterm', LANG: 'C.UTF-8', DISPLAY: '' }
  return { terminal, prompt: createPrompt(createPinentryFace({ program, env }), timeoutMs) }
}

describe.each(['/usr/bin/pinentry-tty', '/usr/bin/pinentry-curses'])('%s', (program) => {
  const isThere = hasTools(program, 'script')

  it.runIf(isThere)('shows the question in Vietnamese and gives the PIN as typed', async () => {
    const { prompt, terminal } = await onTerminal(program)
    const answer = prompt.askSign(sign, open)
    await terminal.until(/Mã PIN:/)
    for (const shown of ['dichvucong.gov.vn', 'NGUYỄN VĂN AN', '100%.pdf', 'sẽ bị khóa']) {
      await terminal.until(new RegExp(shown))
    }
    terminal.type(`${PIN}\r`)
    expect(await answer).toBe(PIN)
    expect(terminal.screen).not.toContain(PIN)
  })

  it.runIf(isThere)('gives a PIN that is not ASCII', async () => {
    const { prompt, terminal } = await onTerminal(program)
    const answer = prompt.askSign(sign, open)
    await terminal.until(/Mã PIN:/)
    terminal.type('mật%khẩu\r')
    expect(await answer).toBe('mật%khẩu')
  })

  it.runIf(isThere)('closes at its own timeout', async () => {
    const { prompt } = await onTerminal(program, 1000)
    await expect(prompt.askSign(sign, open)).rejects.toMatchObject({ code: 'USER_TIMEOUT' })
  })

  it.runIf(isThere)('goes away when the page closes', async () => {
    const { prompt, terminal } = await onTerminal(program)
    const page = new AbortController()
    const answer = prompt.askSign(sign, page.signal)
    await terminal.until(/Mã PIN:/)
    expect(childrenNamed(program)).toHaveLength(1)
    page.abort(new Error('page closed'))
    await expect(answer).rejects.toThrow('page closed')
    expect(childrenNamed(program)).toHaveLength(0)
  })
})

describe('/usr/bin/pinentry-curses alone', () => {
  const program = '/usr/bin/pinentry-curses'
  it.runIf(hasTools(program, 'script'))('is cancelled by its button', async () => {
    const { prompt, terminal } = await onTerminal(program)
    const answer = prompt.askSign(sign, open)
    await terminal.until(/Mã PIN:/)
    terminal.type('\t\t\r')
    await expect(answer).rejects.toMatchObject({ code: 'USER_CANCELLED' })
  })

  it.runIf(hasTools(program, 'script'))('goes back from a last try by Enter', async () => {
    const { prompt, terminal } = await onTerminal(program)
    const answer = prompt.askSign(lastTry, open)
    await terminal.until(/chỉ còn MỘT lần[^]*Quay lại/)
    terminal.type('\r')
    await expect(answer).rejects.toMatchObject({ code: 'USER_CANCELLED' })
  })

  it.runIf(hasTools(program, 'script'))('goes on with a last try by its own button', async () => {
    const { prompt, terminal } = await onTerminal(program)
    const answer = prompt.askSign(lastTry, open)
    await terminal.until(/chỉ còn MỘT lần[^]*Quay lại/)
    terminal.type('\t\r')
    await terminal.until(/Mã PIN:/)
    terminal.type(`${PIN}\r`)
    expect(await answer).toBe(PIN)
  })
})

describe('a pinentry with neither display nor terminal', () => {
  const program = '/usr/bin/pinentry-gtk-2'
  it.runIf(hasTools(program))('is BRIDGE_NO_PROMPT', async () => {
    const prompt = createPrompt(createPinentryFace({ program, env: { PATH: process.env['PATH'] } }))
    await expect(prompt.askSign(sign, open)).rejects.toMatchObject({ code: 'BRIDGE_NO_PROMPT' })
  })
  it('that does not exist is BRIDGE_NO_PROMPT too', async () => {
    const prompt = createPrompt(createPinentryFace({ program: '/nowhere/pinentry' }))
    await expect(prompt.confirmList(list, open)).rejects.toMatchObject({ code: 'BRIDGE_NO_PROMPT' })
  })
})

describe('pinentry-gtk-2 on a display', () => {
  const program = '/usr/bin/pinentry-gtk-2'
  const isThere = hasTools(program, 'Xvfb', 'xdotool')
  let server: ChildProcess
  let display: string

  beforeAll(async () => {
    if (!isThere) return
    server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1024x768x24', '-noreset'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    })
    const [number] = (await once(server.stdio[3]!, 'data')) as [Buffer]
    display = `:${number.toString().trim()}`
  })
  afterAll(async () => {
    if (!isThere) return
    server.kill('SIGTERM')
    await once(server, 'exit')
  })

  const env = () => ({ ...process.env, DISPLAY: display, LANG: 'C.UTF-8' })
  const xdotool = (...args: string[]): string =>
    execFileSync('xdotool', args, { env: env(), encoding: 'utf8', timeout: 20_000 }).trim()
  const promptOf = (timeoutMs = 60_000): Prompt =>
    createPrompt(createPinentryFace({ program, env: env() }), timeoutMs)
  async function untilWindow(title = '^Trien'): Promise<string> {
    const search = (): string => {
      try {
        return xdotool('search', '--onlyvisible', '--name', title)
      } catch {
        return ''
      }
    }
    await expect.poll(search, { timeout: 20_000 }).not.toBe('')
    const window = search().split('\n')[0]!
    xdotool('windowfocus', '--sync', window)
    return window
  }

  it.runIf(isThere)('gives the PIN as typed', async () => {
    const answer = promptOf().askSign(sign, open)
    const window = await untilWindow()
    expect(xdotool('getwindowname', window)).toBe('Trien – Ký số')
    xdotool('type', '--delay', '20', PIN)
    xdotool('key', 'Return')
    expect(await answer).toBe(PIN)
  })

  it.runIf(isThere)('asks again when nothing was typed', async () => {
    const answer = promptOf().askSign(sign, open)
    await untilWindow()
    xdotool('key', 'Return')
    await untilWindow()
    xdotool('type', '--delay', '20', '4711')
    xdotool('key', 'Return')
    expect(await answer).toBe('4711')
  })

  it.runIf(isThere)('is cancelled by Escape', async () => {
    const answer = promptOf().askSign(sign, open)
    await untilWindow()
    xdotool('key', 'Escape')
    await expect(answer).rejects.toMatchObject({ code: 'USER_CANCELLED' })
  })

  it.runIf(isThere)('refuses a list by Return, so that type-ahead agrees to nothing', async () => {
    const answer = promptOf().confirmList(list, open)
    await untilWindow()
    xdotool('key', 'Return')
    await expect(answer).rejects.toMatchObject({ code: 'USER_DENIED' })
  })

  it.runIf(isThere)('goes back from a last try by Return, and on by its own button', async () => {
    const back = promptOf().askSign(lastTry, open)
    await untilWindow()
    xdotool('key', 'Return')
    await expect(back).rejects.toMatchObject({ code: 'USER_CANCELLED' })
    const answer = promptOf().askSign(lastTry, open)
    await untilWindow()
    xdotool('key', 'alt+n')
    await untilWindow('^Trien.*K.*s')
    xdotool('type', '--delay', '20', '4711')
    xdotool('key', 'Return')
    expect(await answer).toBe('4711')
  })

  it.runIf(isThere)('allows a list by its button', async () => {
    const answer = promptOf().confirmList(list, open)
    await untilWindow()
    xdotool('key', 'alt+c')
    await expect(answer).resolves.toBeUndefined()
  })

  it.runIf(isThere)('closes at its own timeout', async () => {
    await expect(promptOf(1000).askSign(sign, open)).rejects.toMatchObject({ code: 'USER_TIMEOUT' })
  })

  it.runIf(isThere)('goes away when the page closes', async () => {
    const page = new AbortController()
    const answer = promptOf().askSign(sign, page.signal)
    await untilWindow()
    page.abort(new Error('page closed'))
    await expect(answer).rejects.toThrow('page closed')
    expect(childrenNamed(program)).toHaveLength(0)
  })
})

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

/** Of this process; killed ones are reaped before a prompt answers. */
function childrenNamed(program: string): string[] {
  const all = execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(process.pid)], {
    encoding: 'utf8',
  })
  return all.split('\n').filter((line) => line.includes(program))
}
