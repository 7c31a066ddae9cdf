/**
 * What kind of program file this is, and for which processors, read from its first bytes.
 *
 * ```
 * ELF     7F 'E' 'L' 'F'  class  byte order … @16 type  @18 machine
 * PE      'M' 'Z' … @3C → 'P' 'E' 0 0  machine … characteristics
 * Mach-O  FEEDFACE or FEEDFACF in the file's own order, cputype … @12 filetype
 *         CAFEBABE, big-endian: a list of the above, one for each processor
 * ```
 * @module
 */
import { type NumberReader, type ReadAt, createNumberReader } from './reader.ts'

/** How a system writes its programs. */
export type BinaryFormat = 'ELF' | 'PE' | 'Mach-O'

/** What a file says of itself. */
export interface Binary {
  readonly format: BinaryFormat
  /** As `process.arch` names them, or `other`; more than one in a fat Mach-O. */
  readonly architectures: readonly string[]
  /** Whether a running program may load it. */
  readonly isLibrary: boolean
}

const ELF_MACHINES: Readonly<Record<string, string>> = {
  '3/32': 'ia32',
  '40/32': 'arm',
  '21/64': 'ppc64',
  '22/64': 's390x',
  '62/64': 'x64',
  '183/64': 'arm64',
  '243/64': 'riscv64',
  '258/64': 'loong64',
}
const PE_MACHINES: Readonly<Record<number, string>> = {
  0x14c: 'ia32',
  0x1c4: 'arm',
  0x8664: 'x64',
  0xaa64: 'arm64',
}
const MACH_CPUS: Readonly<Record<number, string>> = {
  7: 'ia32',
  12: 'arm',
  0x1000007: 'x64',
  0x100000c: 'arm64',
}
const ELF_DYNAMIC = 3
const PE_DLL = 0x2000
const MACH_DYLIB = 6
const MACH_BUNDLE = 8
/** A Java class starts with the same bytes; there a version stands here that is 45 or more. */
const MAX_FAT_PARTS = 16

/**
 * Identifies a file.
 * @returns undefined where it is none of the three
 * @throws {DamagedBinary} where it starts as one, and then ends or points nowhere
 */
export function identifyBinary(readAt: ReadAt): Binary | undefined {
  const magic = Buffer.from(readAt(0, 4)).toString('hex')
  const little = createNumberReader(readAt, true)
  const big = createNumberReader(readAt, false)
  if (magic === '7f454c46') return identifyElf(little.bytes(5, 1)[0] === 2 ? big : little)
  if (magic.startsWith('4d5a')) return identifyPe(little)
  if (magic === 'cefaedfe' || magic === 'cffaedfe') return identifyMach(little, 0)
  if (magic === 'feedface' || magic === 'feedfacf') return identifyMach(big, 0)
  if (magic === 'cafebabe' || magic === 'cafebabf') return identifyFat(big, magic.endsWith('bf'))
  return undefined
}

/** ELF (System V gABI, ch. 4). */
function identifyElf(reader: NumberReader): Binary {
  const width = reader.bytes(4, 1)[0] === 2 ? 64 : 32
  const architecture = ELF_MACHINES[`${reader.u16(18)}/${width}`] ?? 'other'
  return {
    format: 'ELF',
    architectures: [architecture],
    isLibrary: reader.u16(16) === ELF_DYNAMIC,
  }
}

/** PE (Microsoft's "PE Format", COFF File Header). */
function identifyPe(reader: NumberReader): Binary | undefined {
  const start = reader.u32(0x3c)
  // A program of DOS or of 16-bit Windows starts alike.
  if (reader.u32(start) !== 0x4550) return undefined
  const architecture = PE_MACHINES[reader.u16(start + 4)] ?? 'other'
  const isLibrary = (reader.u16(start + 22) & PE_DLL) !== 0
  return { format: 'PE', architectures: [architecture], isLibrary }
}

/** Mach-O (`<mach-o/loader.h>`, mach_header). */
function identifyMach(reader: NumberReader, start: number): Binary {
  const architecture = MACH_CPUS[reader.u32(start + 4)] ?? 'other'
  const type = reader.u32(start + 12)
  const isLibrary = type === MACH_DYLIB || type === MACH_BUNDLE
  return { format: 'Mach-O', architectures: [architecture], isLibrary }
}

/** A fat Mach-O (`<mach-o/fat.h>`): its table names the processors; the first part tells what kind of file it is. */
function identifyFat(reader: NumberReader, isWide: boolean): Binary | undefined {
  const count = reader.u32(4)
  if (count === 0 || count > MAX_FAT_PARTS) return undefined
  const size = isWide ? 32 : 20
  const rows = Array.from({ length: count }, (_, index) => 8 + index * size)
  const start = isWide ? reader.u64(8 + 8) : reader.u32(8 + 8)
  const littlePart = reader.bytes(start, 1)[0] !== 0xfe
  const swapped = littlePart ? swap(reader) : reader
  return {
    ...identifyMach(swapped, start),
    architectures: rows.map((row) => MACH_CPUS[reader.u32(row)] ?? 'other'),
  }
}

/** The same file in the other byte order. */
function swap({ bytes }: NumberReader): NumberReader {
  return createNumberReader(bytes, true)
}
