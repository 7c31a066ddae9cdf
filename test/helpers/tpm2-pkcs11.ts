/**
 * A TPM of software with tpm2-pkcs11 in front of it: the chip that most computers have, as a token.
 *
 * Three processes of our own: swtpm is the chip, tpm2-abrmd its resource manager (without one the chip runs out of room
 * for objects), dbus-daemon the private bus by which the module finds that manager. They meet at sockets in our folder.
 * @module
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type IssuedKey, createTestAuthority } from './pki.ts'
import { type TokenRig, runInside } from './token-rig.ts'
import { hasTools } from './tools.ts'

export const TPM2_MODULE =
  [
    '/usr/lib/x86_64-linux-gnu/libtpm2_pkcs11.so.1',
    '/usr/lib/aarch64-linux-gnu/libtpm2_pkcs11.so.1',
    '/usr/lib64/pkcs11/libtpm2_pkcs11.so',
  ].find((file) => existsSync(file)) ?? '/usr/lib/x86_64-linux-gnu/libtpm2_pkcs11.so.1'

const LABEL = 'trien-tpm'
const PIN = '135790'
const SO_PIN = '24681357'
const TCTI = 'tabrmd:bus_type=session'
/** What a session bus must allow for one name to be owned and called. */
const BUS_POLICY =
  '<policy context="default"><allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/></policy>'

/** Tells whether a TPM can be made here; prints what is missing. */
export function canUseTpm2(): boolean {
  return hasTools('swtpm', 'dbus-daemon', '/usr/sbin/tpm2-abrmd', 'tpm2_ptool', TPM2_MODULE)
}

/** Makes a token with one RSA and one EC key and their certificates. */
export async function createTpm2(): Promise<TokenRig> {
  const folder = mkdtempSync(path.join(tmpdir(), 'trien-tpm2-'))
  const inFolder = (name: string): string => path.join(folder, name)
  for (const name of ['state', 'store']) mkdirSync(inFolder(name))
  const place = {
    inside: [],
    env: {
      DBUS_SESSION_BUS_ADDRESS: `unix:path=${inFolder('bus')}`,
      TPM2_PKCS11_STORE: inFolder('store'),
      TPM2_PKCS11_TCTI: TCTI,
      TPM2TOOLS_TCTI: TCTI,
      TSS2_LOG: 'all+NONE',
    },
  }
  const processes: ChildProcess[] = []
  const start = (program: string, ...args: string[]): void => {
    const env = { ...process.env, ...place.env }
    processes.push(spawn(program, args, { env, stdio: 'ignore' }))
  }
  const tool = async (verb: string, ...args: string[]): Promise<void> => {
    await runInside(place, ['tpm2_ptool', verb, ...args])
  }
  const close = async (): Promise<void> => {
    for (const child of processes.toReversed()) await stop(child)
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    startChip(start, inFolder)
    await untilThere(inFolder('tpm'))
    startBus(start, inFolder)
    await untilThere(inFolder('bus'))
    start(
      '/usr/sbin/tpm2-abrmd',
      '--session',
      '--allow-root',
      `--tcti=swtpm:path=${inFolder('tpm')}`,
    )
    // The manager takes a moment to own its name on the bus; until then the tool is told that there is none.
    await untilDone(() => tool('init'))
    await tool('addtoken', '--pid', '1', '--sopin', SO_PIN, '--userpin', PIN, '--label', LABEL)
    const authority = createTestAuthority(folder)
    const keys: IssuedKey[] = []
    for (const [index, kind] of (['RSA-2048', 'P-256'] as const).entries()) {
      const key = authority.issue(kind, `tpm2-${kind}`)
      const names = ['--key-label', kind, '--id', `0${index + 1}`]
      const algorithm = kind.startsWith('RSA') ? 'rsa' : 'ecc'
      const login = ['--label', LABEL, '--userpin', PIN]
      await tool('import', ...login, '--privkey', key.keyFile, '--algorithm', algorithm, ...names)
      await tool('addcert', '--label', LABEL, '--key-label', kind, key.certificateFile)
      keys.push(key)
    }
    return { ...place, modulePath: TPM2_MODULE, pin: PIN, authority, keys, close }
  } catch (error) {
    await close()
    throw error
  }
}

type Start = (program: string, ...args: string[]) => void

function startChip(start: Start, inFolder: (name: string) => string): void {
  start(
    ...(['swtpm', 'socket', '--tpm2', '--tpmstate', `dir=${inFolder('state')}`] as const),
    ...['--server', `type=unixio,path=${inFolder('tpm')}`],
    ...['--ctrl', `type=unixio,path=${inFolder('tpm.ctrl')}`],
    ...['--flags', 'not-need-init,startup-clear'],
  )
}

function startBus(start: Start, inFolder: (name: string) => string): void {
  const config = inFolder('bus.conf')
  const listen = `<listen>unix:path=${inFolder('bus')}</listen>`
  writeFileSync(config, `<busconfig><type>session</type>${listen}${BUS_POLICY}</busconfig>`)
  start('dbus-daemon', `--config-file=${config}`, '--nofork', '--nopidfile')
}

async function untilThere(file: string): Promise<void> {
  await untilDone(async () => {
    if (!existsSync(file)) throw new Error(`${file} never came`)
  })
}

async function untilDone(attempt: () => Promise<void>): Promise<void> {
  for (let waited = 0; ; waited += 50) {
    try {
      return await attempt()
    } catch (error) {
      if (waited > 10_000) throw error
      await sleep(50)
    }
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill()
  await ended
}
