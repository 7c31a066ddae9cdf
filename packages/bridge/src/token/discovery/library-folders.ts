/**
 * Where each system keeps its libraries.
 * @module
 */
import path from 'node:path'
import type { Place } from '../../settings/place.ts'

const MULTIARCH: Readonly<Record<string, string>> = {
  x64: 'x86_64-linux-gnu',
  ia32: 'i386-linux-gnu',
  arm64: 'aarch64-linux-gnu',
  arm: 'arm-linux-gnueabihf',
  riscv64: 'riscv64-linux-gnu',
  ppc64: 'powerpc64le-linux-gnu',
  s390x: 's390x-linux-gnu',
}

/** Folders with libraries, the one of this process's own width first. */
export function listLibraryFolders({ system, arch, env }: Place): readonly string[] {
  if (system === 'windows') return [path.win32.join(env['SystemRoot'] ?? 'C:\\Windows', 'System32')]
  if (system === 'darwin') return ['/usr/local/lib', '/opt/homebrew/lib', '/usr/local/lib/pkcs11']
  const multiarch = MULTIARCH[arch]
  const own = multiarch === undefined ? [] : [`/usr/lib/${multiarch}`]
  const wide = arch === 'ia32' || arch === 'arm' ? [] : ['/usr/lib64']
  const folders = [...own, ...wide, '/usr/lib', '/usr/local/lib']
  return [...folders, ...folders.map((folder) => `${folder}/pkcs11`)]
}
