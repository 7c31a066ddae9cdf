/**
 * WebKit, the engine of Safari: that of GTK, in the small browser that comes with it, driven by WebDriver (W3C).
 * @module
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Display, startDisplay } from './display.ts'
import { canHaveOwnFiles, wrapWithFiles } from './own-files.ts'
import { HOST } from './portal.ts'
import { findClosedPort } from './scripted-bridge.ts'
import { hasTools } from './tools.ts'

const DRIVER = '/usr/bin/WebKitWebDriver'
/** Whom GnuTLS, and so WebKit, believes on Debian. */
const AUTHORITIES = '/etc/ssl/certs/ca-certificates.crt'
const READY_PAUSE_MS = 100
const READY_TRIES = 100
/** The key under which WebDriver hands out elements. */
const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf'

/** One window. */
export interface WebKitPage {
  goto(url: string): Promise<void>
  /** Runs an expression and resolves with its value, awaited. */
  evaluate(expression: string): Promise<unknown>
  click(selector: string): Promise<void>
  close(): Promise<void>
}

/** Tells whether it can be driven here; prints what is missing. */
export function hasWebKit(): boolean {
  return canHaveOwnFiles() && hasTools(DRIVER, 'Xvfb', findMiniBrowser() ?? 'MiniBrowser')
}

function findMiniBrowser(): string | undefined {
  const folders = readdirSync('/usr/lib').filter((name) => name.endsWith('-linux-gnu'))
  return folders
    .flatMap((folder) => ['4.1', '6.0'].map((api) => `/usr/lib/${folder}/webkit2gtk-${api}`))
    .map((folder) => path.join(folder, 'MiniBrowser'))
    .find((program) => existsSync(program))
}

/**
 * Opens a window of a browser that knows the portal by name.
 * @param authorities whom it believes beside those of the system, PEM
 */
export async function openWebKit(authorities: readonly string[]): Promise<WebKitPage> {
  const folder = mkdtempSync(path.join(tmpdir(), 'trien-webkit-'))
  const display = await startDisplay()
  const driver = await startDriver(folder, display, authorities)
  const close = async (): Promise<void> => {
    await driver.stop()
    await display.stop()
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
  }
  try {
    return await openWindow(driver.url, close)
  } catch (error) {
    await close()
    throw error
  }
}

async function startDriver(folder: string, display: Display, authorities: readonly string[]) {
  const program = wrapWithFiles(folder, DRIVER, {
    [AUTHORITIES]: [readFileSync(AUTHORITIES, 'utf8'), ...authorities].join('\n'),
    '/etc/hosts': `127.0.0.1 localhost ${HOST}\n`,
  })
  const port = await findClosedPort()
  const child = spawn(program, [`--port=${port}`], {
    stdio: 'ignore',
    env: {
      ...process.env,
      HOME: folder,
      DISPLAY: display.name,
      WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1',
      WEBKIT_DISABLE_DMABUF_RENDERER: '1',
    },
  })
  const exited = new Promise((resolve) => child.once('exit', resolve))
  return {
    url: `http://127.0.0.1:${port}`,
    stop: async (): Promise<void> => {
      child.kill()
      await exited
    },
  }
}

async function openWindow(url: string, close: () => Promise<void>): Promise<WebKitPage> {
  await untilReady(url)
  const binary = { binary: findMiniBrowser(), args: ['--automation'] }
  const capabilities = { alwaysMatch: { 'webkitgtk:browserOptions': binary } }
  const { sessionId } = (await command(`${url}/session`, { capabilities })) as { sessionId: string }
  const session = `${url}/session/${sessionId}`
  return {
    goto: async (address) => void (await command(`${session}/url`, { url: address })),
    evaluate: (expression) =>
      command(`${session}/execute/async`, {
        script: `const [done] = arguments; Promise.resolve(${expression}).then(done)`,
        args: [],
      }),
    async click(value) {
      const found = await command(`${session}/element`, { using: 'css selector', value })
      const { [ELEMENT]: id } = found as Record<string, string>
      await command(`${session}/element/${id}/click`, {})
    },
    async close() {
      await fetch(session, { method: 'DELETE' })
      await close()
    },
  }
}

async function untilReady(url: string): Promise<void> {
  for (let tries = 0; tries < READY_TRIES; tries++) {
    const isReady = await fetch(`${url}/status`).then(
      ({ ok }) => ok,
      () => false,
    )
    if (isReady) return
    await new Promise((resolve) => setTimeout(resolve, READY_PAUSE_MS))
  }
  throw new Error('WebKitWebDriver does not answer')
}

async function command(url: string, body: object): Promise<unknown> {
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(body) })
  const { value } = (await response.json()) as { value: unknown }
  if (!response.ok) throw new Error(`WebDriver: ${JSON.stringify(value).slice(0, 500)}`)
  return value
}
