/**
 * Where macOS and Windows keep what a person's browsers believe. Both ask the person at each change.
 *
 * Written to the programs' documentation and tested against doubles of them; not yet tried on the real systems.
 * @module
 */
import { X509Certificate } from 'node:crypto'
import path from 'node:path'
import { AUTHORITY_NAME, nameOf } from './identity.ts'
import { runTool } from './tool.ts'
import type { TrustStore } from './trust-store.ts'

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g

/** The login keychain of macOS: Safari and Chromium's kin. @param program `security` */
export function createKeychainStore(home: string, program = '/usr/bin/security'): TrustStore {
  const keychain = path.join(home, 'Library/Keychains/login.keychain-db')
  const findAll = async (): Promise<X509Certificate[]> => {
    const found = ['find-certificate', '-a', '-p', '-c', AUTHORITY_NAME, keychain]
    const text = await runTool(program, found).catch(() => '')
    return (text.match(CERTIFICATE) ?? []).map((pem) => new X509Certificate(pem))
  }
  return {
    place: keychain,
    readers: 'Safari, Chrome, Edge',
    isSilent: false,
    list: async () => (await findAll()).map(nameOf).filter(isOwn),
    async add(_, file) {
      const trust = ['add-trusted-cert', '-r', 'trustRoot', '-p', 'ssl', '-k', keychain, file]
      await runTool(program, trust)
    },
    async remove(name) {
      for (const certificate of await findAll()) {
        if (nameOf(certificate) !== name) continue
        // -t takes the person's trust settings with it.
        await runTool(program, ['delete-certificate', '-Z', hash(certificate), '-t', keychain])
      }
    },
  }
}

/** The person's root store of Windows: Edge, Chrome, and Firefox as it is set up there. @param program `certutil.exe` */
export function createWindowsStore(
  systemRoot: string,
  program = path.win32.join(systemRoot, 'System32', 'certutil.exe'),
): TrustStore {
  return {
    place: 'Windows: Current User, Trusted Root Certification Authorities',
    readers: 'Edge, Chrome, Firefox',
    isSilent: false,
    async list() {
      const listing = await runTool(program, ['-user', '-store', 'Root'])
      // As its issuer and as its subject.
      return [...new Set(listing.match(new RegExp(`${AUTHORITY_NAME} [0-9a-f]{8}`, 'g')))]
    },
    async add(_, file) {
      await runTool(program, ['-user', '-addstore', 'Root', file])
    },
    async remove(name) {
      await runTool(program, ['-user', '-delstore', 'Root', name])
    },
  }
}

function isOwn(name: string): boolean {
  return new RegExp(`^${AUTHORITY_NAME} [0-9a-f]{8}$`).test(name)
}

function hash(certificate: X509Certificate): string {
  return certificate.fingerprint.replaceAll(':', '')
}
