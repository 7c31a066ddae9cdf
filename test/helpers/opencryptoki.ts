/**
 * opencryptoki's software token: a module that knows RSA with CKM_RSA_PKCS alone (and PSS), and tells of its PIN all that
 * PKCS#11 can say: few tries left, the last one, locked, to be changed.
 *
 * It keeps its state in one folder of the system, in shared memory and with a daemon. All of that is given to a mount
 * and IPC namespace of its own, which needs root, and of which nothing is left when its one process has ended.
 * @module
 */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type IssuedKey, createTestAuthority } from './pki.ts'
import { type TokenRig, runInside } from './token-rig.ts'
import { hasTools } from './tools.ts'

export const OPENCRYPTOKI_MODULE =
  [
    '/usr/lib/x86_64-linux-gnu/libopencryptoki.so.0',
    '/usr/lib/aarch64-linux-gnu/libopencryptoki.so.0',
    '/usr/lib64/opencryptoki/libopencryptoki.so',
  ].find((file) => existsSync(file)) ?? '/usr/lib/x86_64-linux-gnu/libopencryptoki.so.0'

/** The software token's, by the system's opencryptoki.conf. */
const SLOT = '3'
const FIRST_SO_PIN = '87654321'
const SO_PIN = '24681357'
const FIRST_PIN = '12345678'
const PIN = '135790'
/** Private mounts over all that the daemon and the module write to. */
const START = `
set -e
for folder in /var/lib/opencryptoki /run /dev/shm; do mount -t tmpfs tmpfs "$folder"; done
mkdir -p /var/lib/opencryptoki/swtok/TOK_OBJ /run/lock/opencryptoki/swtok
exec /usr/sbin/pkcsslotd -f
`

/** The token, and what its security officer can do. */
export interface Opencryptoki extends TokenRig {
  /** Sets a new PIN as the security officer, which also unlocks the old one. */
  resetPin(pin: string): Promise<void>
}

/** Tells whether the rig can run here, and prints why not. A place without root, or where root may not mount, cannot. */
export function canUseOpencryptoki(): boolean {
  const isThere = hasTools(
    ...['unshare', 'nsenter', '/usr/sbin/pkcsslotd', '/usr/sbin/pkcsconf', OPENCRYPTOKI_MODULE],
    ...['pkcs11-tool', 'openssl'],
  )
  if (!isThere) return false
  const { status } = spawnSync('unshare', ['--mount', '--ipc', 'mount', '-t', 'tmpfs', 'x', '/run'])
  if (status === 0) return true
  console.warn('skipped, opencryptoki: this user may not make a mount namespace')
  return false
}

/**
 * Makes a token with one RSA key and its certificate.
 * @param options.withoutPin the person's PIN is not yet set, so that there is a certificate and no private key, and the
 *   token says that the PIN is to be changed
 */
export async function createOpencryptoki(
  options: { readonly withoutPin?: boolean } = {},
): Promise<Opencryptoki> {
  const folder = mkdtempSync(path.join(tmpdir(), 'trien-opencryptoki-'))
  const daemon = spawn('unshare', ['--mount', '--ipc', 'sh', '-c', START], { stdio: 'ignore' })
  const ended = new Promise<void>((resolve) => daemon.once('exit', () => resolve()))
  const place = {
    inside: ['nsenter', '--target', String(daemon.pid), '--mount', '--ipc'],
    env: {},
  }
  const configure = async (...args: string[]): Promise<void> => {
    // The new label is asked on stdin.
    await runInside(place, ['/usr/sbin/pkcsconf', '-c', SLOT, ...args], 'opencryptoki\n')
  }
  const rig = {
    ...place,
    modulePath: OPENCRYPTOKI_MODULE,
    pin: PIN,
    resetPin: (pin: string) => configure('-u', '-S', SO_PIN, '-n', pin),
    async close() {
      daemon.kill()
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
  try {
    await untilListening(daemon.pid ?? 0)
    await configure('-I', '-S', FIRST_SO_PIN)
    await configure('-P', '-S', FIRST_SO_PIN, '-n', SO_PIN)
    const authority = createTestAuthority(folder)
    const key = authority.issue('RSA-2048', 'opencryptoki-RSA-2048')
    if (options.withoutPin !== true) {
      await configure('-u', '-S', SO_PIN, '-n', FIRST_PIN)
      await configure('-p', '-U', FIRST_PIN, '-n', PIN)
      await writeObject(place, key.keyFile, [
        '--type',
        'privkey',
        '--usage-sign',
        '--login',
        '--pin',
        PIN,
      ])
    }
    await writeCertificate(place, key, folder)
    return { ...rig, authority, keys: [key] }
  } catch (error) {
    await rig.close()
    throw error
  }
}

/** Certificate and public key are public objects, which need no login. */
async function writeCertificate(
  place: Pick<TokenRig, 'inside' | 'env'>,
  { certificateFile, keyFile }: IssuedKey,
  folder: string,
): Promise<void> {
  const publicKeyFile = path.join(folder, 'public.pem')
  await runInside(place, ['openssl', 'pkey', '-in', keyFile, '-pubout', '-out', publicKeyFile])
  await writeObject(place, certificateFile, ['--type', 'cert'])
  await writeObject(place, publicKeyFile, ['--type', 'pubkey'])
}

async function writeObject(
  place: Pick<TokenRig, 'inside' | 'env'>,
  file: string,
  more: readonly string[],
): Promise<void> {
  const names = ['--id', '01', '--label', 'RSA-2048']
  const tool = ['pkcs11-tool', '--module', OPENCRYPTOKI_MODULE, '--slot', SLOT]
  await runInside(place, [...tool, '--write-object', file, ...names, ...more])
}

/** The daemon says nothing when it is ready; its socket shows it. */
async function untilListening(pid: number): Promise<void> {
  for (let waited = 0; waited < 10_000; waited += 20) {
    if (existsSync(`/proc/${pid}/root/run/pkcsslotd.socket`)) return
    await sleep(20)
  }
  throw new Error('pkcsslotd never listened')
}
