/**
 * The system's card service with one virtual reader, as a process of its own. Its socket has a fixed place, so a
 * machine has one at a time: tests that want it wait for each other.
 * @module
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { type NetConnectOpts, connect, createServer } from 'node:net'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { AddressInfo } from 'node:net'
import { hasTools } from '../tools.ts'

const DAEMON = '/usr/sbin/pcscd'
const DRIVER = '/usr/lib/pcsc/drivers/serial/libifdvpcd.so'
const SOCKET = '/run/pcscd/pcscd.comm'
/** Where the driver listens by its package's own configuration. */
const PACKAGED_PORT = 0x8c7b
const PATIENCE_MS = 90_000

/** Where distributions put OpenSC's PKCS#11 module; the first that exists. */
export const OPENSC_MODULE =
  [
    '/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so',
    '/usr/lib/aarch64-linux-gnu/opensc-pkcs11.so',
    '/usr/lib64/opensc-pkcs11.so',
    '/usr/lib/opensc-pkcs11.so',
  ].find((file) => existsSync(file)) ?? '/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so'

/** A service whose virtual reader listens on a port. */
export interface CardDaemon {
  readonly port: number
  stop(): Promise<void>
}

/**
 * Tells whether a virtual card can be used here; prints what is missing.
 * @throws where it cannot and CI=true
 */
export function canUseVirtualCard(): boolean {
  if (process.platform !== 'linux') return false
  if (!hasTools(DAEMON, DRIVER, OPENSC_MODULE, 'openssl', 'setpriv')) return false
  if (process.getuid?.() === 0) return true
  const notice = `${DAEMON} wants root`
  if (process.env['CI'] === 'true') throw new Error(notice)
  console.warn(`skipped, ${notice}`)
  return false
}

/**
 * Starts the service with a reader of ours; takes the one that runs where its virtual reader is where the package puts
 * it, and else waits for it to end.
 * @param folder for its configuration
 * @throws where another service does not end
 */
export async function startCardDaemon(folder: string): Promise<CardDaemon> {
  const deadline = Date.now() + PATIENCE_MS
  while (await listens({ path: SOCKET })) {
    if (await listens({ port: PACKAGED_PORT, host: '127.0.0.1' })) {
      return { port: PACKAGED_PORT, stop: async () => undefined }
    }
    if (Date.now() > deadline) throw new Error(`another ${DAEMON} holds ${SOCKET}`)
    await sleep(500)
  }
  const port = await findFreePort()
  const child = run(writeConfiguration(folder, port))
  const ended = once(child, 'exit')
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM')
    await ended
  }
  while (!(await listens({ path: SOCKET }))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      await stop()
      throw new Error(`${DAEMON} does not start`)
    }
    await sleep(50)
  }
  return { port, stop }
}

function run(configuration: string): ChildProcess {
  mkdirSync(path.dirname(SOCKET), { recursive: true })
  // It must not stay behind where this process is killed.
  const dying = ['--pdeathsig', 'TERM', '--']
  return spawn('setpriv', [...dying, DAEMON, '--foreground', '--config', configuration], {
    stdio: 'ignore',
  })
}

function writeConfiguration(folder: string, port: number): string {
  const file = path.join(folder, 'reader.conf')
  const channel = `0x${port.toString(16).toUpperCase()}`
  const lines = [
    'FRIENDLYNAME "Trien Test Reader"',
    `DEVICENAME /dev/null:${channel}`,
    `LIBPATH ${DRIVER}`,
    `CHANNELID ${channel}`,
  ]
  writeFileSync(file, `${lines.join('\n')}\n`)
  return file
}

async function listens(options: NetConnectOpts): Promise<boolean> {
  const socket = connect(options)
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}

/** Two in a row: the driver opens two slots. */
async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
