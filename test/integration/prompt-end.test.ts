/**
 * How a dialog ends when somebody other than the person does: the bridge is killed, the terminal hangs up. What it left
 * behind would ask for a PIN that nobody waits for.
 */
import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type BridgeProcess, startBridge } from '../helpers/bridge-process.ts'
import { findChildProcesses, isRunning } from '../helpers/child-processes.ts'
import { startDisplay } from '../helpers/display.ts'
import { usePseudoTerminals } from '../helpers/pseudo-terminal.ts'
import { type RawClient, openPage } from '../helpers/raw-client.ts'
import { createScriptedPinentry } from '../helpers/scripted-pinentry.ts'
import { hasTools } from '../helpers/tools.ts'

const CLI = fileURLToPath(new URL('../../packages/bridge/dist/cli.js', import.meta.url))
const openTerminal = usePseudoTerminals()
const cleanups: (() => unknown)[] = []
let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'trien-prompt-end-'))
  cleanups.push(() => rmSync(folder, { recursive: true }))
})
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function askForList(port: number): Promise<RawClient> {
  const page = await openPage(port)
  cleanups.push(() => page.destroy())
  page.sendJson({ jsonrpc: '2.0', id: 2, method: 'certificates.list', params: {} })
  return page
}
async function start(
  pinentry: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<BridgeProcess> {
  const bridge = await startBridge({ args: ['--demo', '--pinentry', pinentry], env })
  cleanups.push(() => bridge.stop('SIGKILL'))
  return bridge
}

describe('a pinentry whose bridge is killed', () => {
  async function expectEndWith(bridge: BridgeProcess, pinentry: number): Promise<void> {
    expect(isRunning(pinentry)).toBe(true)
    await bridge.stop('SIGKILL')
    await expect.poll(() => isRunning(pinentry), { timeout: 20_000 }).toBe(false)
  }

  it('ends with it, though its dialog is open', async () => {
    const pinentry = createScriptedPinentry({ confirm: 'hang' })
    cleanups.push(() => pinentry.remove())
    const bridge = await start(pinentry.program, pinentry.env)
    await askForList(bridge.port)
    const [asked] = await pinentry.untilCount('asked', 1)
    await expectEndWith(bridge, asked!.pid!)
  })

  for (const program of ['/usr/bin/pinentry-tty', '/usr/bin/pinentry-curses']) {
    it.runIf(hasTools(program, 'script'))(`ends with it: ${program}`, async () => {
      const terminal = openTerminal('tty; exec sleep 300')
      const [, name] = await terminal.until(/(\/dev\/pts\/\d+)/)
      const bridge = await start(program, { GPG_TTY: name, TERM: 'xterm', DISPLAY: '' })
      await askForList(bridge.port)
      await terminal.until(/portal\.gov\.test/)
      await expectEndWith(bridge, findChildProcesses(bridge.pid, program)[0]!)
    })
  }

  for (const program of ['/usr/bin/pinentry-gtk-2', '/usr/bin/pinentry-qt']) {
    it.runIf(hasTools(program, 'Xvfb', 'xdotool'))(`ends with it: ${program}`, async () => {
      const display = await startDisplay()
      cleanups.push(() => display.stop())
      const bridge = await start(program, { DISPLAY: display.name, WAYLAND_DISPLAY: undefined })
      await askForList(bridge.port)
      const env = { ...process.env, DISPLAY: display.name }
      const search = ['search', '--sync', '--onlyvisible', '--name', '^Trien']
      await promisify(execFile)('xdotool', search, { env, timeout: 20_000 })
      await expectEndWith(bridge, findChildProcesses(bridge.pid, program)[0]!)
    })
  }
})

describe.runIf(hasTools('script'))('a terminal that hangs up under the question', () => {
  const read = (file: string): string => (existsSync(file) ? readFileSync(file, 'utf8') : '')

  /** @param command what runs on the terminal, given the command that serves */
  async function startOnTerminal(command: (serve: string) => string) {
    const said = path.join(folder, 'said')
    const serve = `"${process.execPath}" "${CLI}" serve --demo --port 0 2>"${said}"`
    const terminal = openTerminal(command(serve))
    await expect.poll(() => read(said), { timeout: 20_000 }).toMatch(/ready on/)
    const port = Number(/127\.0\.0\.1:(\d+)/.exec(read(said))![1])
    const page = await askForList(port)
    await terminal.until(/Gõ “co”/)
    return { terminal, page, port, said }
  }

  it('stops the bridge in good order where that leads the session', async () => {
    const { terminal, page, said } = await startOnTerminal((serve) => `exec ${serve}`)
    await terminal.close()
    expect(await page.closeCode()).toBe(1001)
    await page.untilClosed()
    expect(read(said)).toMatch(/stopping\n$/)
  })

  it('ends the question, and no later one is put, where the bridge lives on', async () => {
    const pid = path.join(folder, 'pid')
    const { terminal, page, port, said } = await startOnTerminal(
      (serve) => `trap '' HUP; echo $$ >"${pid}"; ${serve}`,
    )
    cleanups.push(() =>
      findChildProcesses(Number(read(pid)), CLI).map((child) => process.kill(child)),
    )
    await terminal.close()
    const error = { data: { code: 'BRIDGE_NO_PROMPT' } }
    expect(await page.json()).toMatchObject({ id: 2, error })
    const next = await askForList(port)
    expect(await next.json()).toMatchObject({ id: 2, error })
    expect(read(said)).not.toMatch(/unexpected|Error/)
  })
})
