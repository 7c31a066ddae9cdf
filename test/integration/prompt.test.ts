/**
 * Real pinentries asked by our client: on a pseudo-terminal (made by `script` of util-linux) and on an X server
 * without a screen (Xvfb), where xdotool is the person.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPinentryFace } from '../../packages/bridge/src/prompt/pinentry.ts'
import { createPrompt } from '../../packages/bridge/src/prompt/prompt.ts'
import type { ListQuestion, Prompt, SignQuestion } from '../../packages/bridge/src/prompt/types.ts'
import { type PseudoTerminal, usePseudoTerminals } from '../helpers/pseudo-terminal.ts'
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

const openTerminal = usePseudoTerminals()

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

/** Of this process; killed ones are reaped before a prompt answers. */
function childrenNamed(program: string): string[] {
  const all = execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(process.pid)], {
    encoding: 'utf8',
  })
  return all.split('\n').filter((line) => line.includes(program))
}
