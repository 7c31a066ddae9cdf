/**
 * A look at a module before any of its code may run: is it there, a library, for this processor, a PKCS#11 module?
 * @module
 */
import { type Stats, closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { hasElfExport } from '../binary/elf-exports.ts'
import { type Binary, type BinaryFormat, identifyBinary } from '../binary/identify.ts'
import { DamagedBinary, type ReadAt } from '../binary/reader.ts'
import { ModuleFailure } from '../problem.ts'

/** What would load the module. */
export interface Loader {
  /** As `process.platform`. */
  readonly platform: string
  /** As `process.arch`. */
  readonly arch: string
}

/** The one function that every module must export (PKCS#11 2.40 §5.4). */
const ENTRY = 'C_GetFunctionList'
const SYSTEMS: Readonly<Record<BinaryFormat, string>> = {
  ELF: 'Linux',
  PE: 'Windows',
  'Mach-O': 'macOS',
}
const PROCESSORS: Readonly<Record<string, string>> = {
  ia32: '32-bit x86',
  x64: '64-bit x86',
  arm: '32-bit ARM',
  arm64: '64-bit ARM',
}

/** @throws {ModuleFailure} */
export function assertLoadable(modulePath: string, loader: Loader = process): void {
  const file = open(modulePath)
  try {
    assertSound(fstatSync(file), loader)
    const readAt: ReadAt = (offset, length) => {
      const bytes = new Uint8Array(length)
      return bytes.subarray(0, readSync(file, bytes, 0, length, offset))
    }
    assertOurs(identifyBinary(readAt), loader)
    // Mach-O and PE are asked by the system's own loader: pkcs11js looks the function up before it calls anything.
    if (loader.platform === 'linux' && !hasElfExport(readAt, ENTRY)) {
      throw new ModuleFailure('not-a-module', `has no ${ENTRY}: it is no PKCS#11 module`)
    }
  } catch (cause) {
    if (!(cause instanceof DamagedBinary)) throw cause
    throw new ModuleFailure('damaged', `is damaged: the file ${cause.message}`, { cause })
  } finally {
    closeSync(file)
  }
}

function open(modulePath: string): number {
  try {
    // A pipe without a writer would otherwise be waited for.
    return openSync(modulePath, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  } catch (cause) {
    const isAbsent = (cause as NodeJS.ErrnoException).code === 'ENOENT'
    throw isAbsent
      ? new ModuleFailure('missing', 'is not there', { cause })
      : new ModuleFailure('unreadable', 'cannot be read', { cause })
  }
}

function assertSound(stats: Stats, { platform }: Loader): void {
  if (!stats.isFile()) throw new ModuleFailure('not-a-file', 'is no file')
  if (platform !== 'win32' && (stats.mode & 0o002) !== 0) {
    throw new ModuleFailure('unsafe', 'may be changed by everybody on this computer')
  }
}

function assertOurs(binary: Binary | undefined, { platform, arch }: Loader): void {
  if (binary === undefined) throw new ModuleFailure('not-a-library', 'is no library')
  const format = { win32: 'PE', darwin: 'Mach-O' }[platform] ?? 'ELF'
  if (binary.format !== format) {
    throw new ModuleFailure('other-system', `is made for ${SYSTEMS[binary.format]}`)
  }
  if (!binary.isLibrary) throw new ModuleFailure('not-a-library', 'is a program, not a library')
  if (!binary.architectures.includes(arch)) {
    const made = binary.architectures.map(nameProcessor).join(' and ')
    throw new ModuleFailure(
      'other-architecture',
      `is made for ${made}, and this program runs on ${nameProcessor(arch)}`,
    )
  }
}

function nameProcessor(arch: string): string {
  return PROCESSORS[arch] ?? (arch === 'other' ? 'another processor' : arch)
}
