/**
 * A second person on this machine: `nobody`. Only root may start programs as somebody else.
 * @module
 */
import { spawn } from 'node:child_process'
import { chmodSync, cpSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

/** `nobody` on every Linux. */
export const OTHER_UID = 65_534

const BRIDGE = fileURLToPath(new URL('../../packages/bridge/', import.meta.url))

/** Tells whether tests can play a second person. @throws where they cannot and CI=true */
export function canBeOther(): boolean {
  if (process.platform !== 'linux') return false
  if (process.getuid?.() === 0) return true
  const notice = 'a second Unix user needs root'
  if (process.env['CI'] === 'true') throw new Error(notice)
  console.warn(`skipped, ${notice}`)
  return false
}

/** A built bridge that everybody may read, which the folder of the tests need not be. */
export interface SharedBridge {
  readonly cli: string
  remove(): void
}

export function shareBridge(): SharedBridge {
  const folder = mkdtempSync(path.join(tmpdir(), 'trien-shared-'))
  cpSync(path.join(BRIDGE, 'dist'), path.join(folder, 'dist'), { recursive: true })
  cpSync(path.join(BRIDGE, 'package.json'), path.join(folder, 'package.json'))
  // What a bridge without a token loads at its start.
  for (const name of ['ws', 'tldts']) {
    // Beside a package lie those that it needs.
    const from = path.dirname(realpathSync(path.join(BRIDGE, 'node_modules', name)))
    cpSync(from, path.join(folder, 'node_modules'), { recursive: true, dereference: true })
  }
  chmodSync(folder, 0o755)
  return {
    cli: path.join(folder, 'dist/cli.js'),
    remove: () => {
      rmSync(folder, { recursive: true })
    },
  }
}

/** Sends bytes to a port as a user and gives the answer's first line, empty where there was none. */
export async function knockAs(uid: number, address: string, port: number, head: string) {
  const answer = await runAs(
    uid,
    `const socket = require('node:net').connect(${port}, ${JSON.stringify(address)})
    socket.on('error', () => {}).on('data', (chunk) => { process.stdout.write(chunk); socket.destroy() })
    socket.write(${JSON.stringify(head)})`,
  )
  return answer.split('\r\n')[0] ?? ''
}

/** Connects so many times as a user, says nothing, and resolves when the other side has ended every connection. */
export async function waitAs(uid: number, port: number, connections: number): Promise<void> {
  await runAs(
    uid,
    `for (let count = 0; count < ${connections}; count++) {
      require('node:net').connect(${port}, '127.0.0.1').on('error', () => {}).resume()
    }`,
  )
}

/** Runs a script of Node to its end. @returns what it wrote */
async function runAs(uid: number, script: string): Promise<string> {
  const child = spawn(process.execPath, ['-e', script], {
    uid,
    cwd: '/',
    env: {},
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
  await new Promise((resolve) => child.once('close', resolve))
  return output
}
