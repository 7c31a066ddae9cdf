// The demo for a person: starts both, says where and how, opens the browser where there is one, ends both on Ctrl-C.
import { spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { startBridge } from './bridge-process.mjs'

const OUT = fileURLToPath(new URL('../../../../out/demo/', import.meta.url))
/** The embedded token's; printed, because it protects nothing. */
const DEMO_PIN = '123456'

/** Runs until a signal, or until the bridge ends. */
export async function demonstrate() {
  const { servePortal } = await loadPortal()
  const stopped = untilSignal()
  mkdirSync(OUT, { recursive: true })
  const caFile = path.join(OUT, 'demo-ca.pem')
  const bridge = await startBridge(['--demo', '--demo-ca', caFile])
  const portal = await servePortal({ bridgePorts: [bridge.port] })
  console.log(describe(portal.url, caFile))
  openBrowser(portal.url)
  const code = await Promise.race([stopped, bridge.ended])
  await Promise.all([portal.close(), bridge.stop()])
  if (code) throw new Error(`the bridge ended (exit code ${code})`)
}

/** The portal as it was built. */
export function loadPortal() {
  return import('@trien/demo/portal').catch((cause) => {
    throw new Error('the portal is not built; run: npm run build', { cause })
  })
}

function describe(url, caFile) {
  return `
  Trien: bản mẫu đang chạy · the demo is running

    Cổng dịch vụ công · portal   ${url}
    Mã PIN · PIN                 ${DEMO_PIN}
    CA để kiểm tra · CA to check ${path.relative(process.cwd(), caFile)}
    Dừng · stop                  Ctrl-C
`
}

/** Resolves at Ctrl-C or its like; a second one ends the process at once. */
function untilSignal() {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => resolve(0))
  })
}

function openBrowser(url) {
  const opener = findOpener()
  if (!opener) return
  const [command, ...args] = opener
  const child = spawn(command, [...args, url], { stdio: 'ignore', detached: true })
  // The address is on the screen already.
  child.on('error', () => {})
  child.unref()
}

function findOpener() {
  const { CI, DISPLAY, WAYLAND_DISPLAY } = process.env
  if (CI || !process.stdout.isTTY) return undefined
  if (process.platform === 'darwin') return ['open']
  if (process.platform === 'win32') return ['cmd', '/c', 'start', '']
  return DISPLAY || WAYLAND_DISPLAY ? ['xdg-open'] : undefined
}
