import { readFileSync, realpathSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { hasElfExport } from './elf-exports.ts'
import { type Binary, identifyBinary } from './identify.ts'
import { DamagedBinary, type ReadAt } from './reader.ts'

const readerOf =
  (bytes: Uint8Array): ReadAt =>
  (offset, length) =>
    bytes.subarray(offset, offset + length)

/** Bytes of hexadecimal at places. */
function build(size: number, pieces: Readonly<Record<number, string>>): Uint8Array {
  const bytes = Buffer.alloc(size)
  for (const [at, hex] of Object.entries(pieces)) Buffer.from(hex, 'hex').copy(bytes, Number(at))
  return bytes
}

const identify = (bytes: Uint8Array): Binary | undefined => identifyBinary(readerOf(bytes))

const elf = (ident: string, typeAndMachine: string): Uint8Array =>
  build(64, { 0: `7f454c46${ident}`, 16: typeAndMachine })
const pe = (machine: string, flags: string): Uint8Array =>
  build(512, { 0: '4d5a', 0x3c: '80000000', 0x80: `50450000${machine}`, 0x96: flags })

describe('a header', () => {
  it.each<[string, Uint8Array, Binary | undefined]>([
    ['ELF x64', elf('0201', '03003e00'), library('ELF', 'x64')],
    ['ELF ia32', elf('0101', '03000300'), library('ELF', 'ia32')],
    ['ELF arm64', elf('0201', '0300b700'), library('ELF', 'arm64')],
    ['ELF of x64 with 32-bit addresses', elf('0101', '03003e00'), library('ELF', 'other')],
    ['ELF s390x, big-endian', elf('0202', '00030016'), library('ELF', 's390x')],
    ['an ELF program', elf('0201', '02003e00'), { ...library('ELF', 'x64'), isLibrary: false }],
    ['PE x64', pe('6486', '2220'), library('PE', 'x64')],
    ['PE ia32', pe('4c01', '2221'), library('PE', 'ia32')],
    ['a PE program', pe('64aa', '2200'), { ...library('PE', 'arm64'), isLibrary: false }],
    ['a DOS program', build(512, { 0: '4d5a', 0x3c: '80000000' }), undefined],
    ['Mach-O', build(32, { 0: 'cffaedfe0c000001', 12: '06000000' }), library('Mach-O', 'arm64')],
    [
      'Mach-O, fat',
      build(256, {
        0: 'cafebabe00000002',
        8: '01000007000000030000008000000040',
        28: '0100000c0000000000000080',
        128: 'cffaedfe07000001',
        140: '08000000',
      }),
      library('Mach-O', 'x64', 'arm64'),
    ],
    ['a Java class', build(32, { 0: 'cafebabe00000041' }), undefined],
    ['text', Buffer.from('INPUT(libreal.so)\n'), undefined],
    ['nothing', new Uint8Array(), undefined],
  ])('of %s is read', (_, bytes, binary) => {
    expect(identify(bytes)).toEqual(binary)
  })

  it.each([
    ['ELF', elf('0201', '03003e00').subarray(0, 18)],
    ['PE', pe('6486', '2220').subarray(0, 0x84)],
    ['PE that points away', build(64, { 0: '4d5a', 0x3c: 'ffffffff' })],
    ['Mach-O', build(10, { 0: 'cffaedfe0c000001' })],
    ['Mach-O, fat', build(20, { 0: 'cafebabe00000002', 16: '00ffffff' })],
  ])('of %s that is cut off is damaged', (_, bytes) => {
    expect(() => identify(bytes)).toThrow(DamagedBinary)
  })

  it('of the program that runs this test names its processor', () => {
    const bytes = readFileSync(realpathSync(process.execPath)).subarray(0, 4096)
    expect(identify(bytes)?.architectures).toContain(process.arch)
  })
})

function library(format: Binary['format'], ...architectures: string[]): Binary {
  return { format, architectures, isLibrary: true }
}

/**
 * The smallest library that exports one symbol by the classic hash table, 32-bit and big-endian, so that neither width
 * nor order of this machine helps.
 */
function smallLibrary(name: string, { section = '0001' } = {}): Uint8Array {
  const text = Buffer.from(`\0${name}\0`).toString('hex')
  return build(512, {
    0: '7f454c460102',
    16: '00030014',
    28: '00000034', // e_phoff
    42: '00200002', // e_phentsize, e_phnum
    // PT_LOAD: the file at 0x1000; PT_DYNAMIC at 0x80
    0x34: '000000010000000000001000000000000000020000000200',
    0x54: '000000020000008000001080000000000000002800000028',
    0x80: '00000004000010c0000000050000114000000006000011000000000a0000004000000000',
    // one bucket, two symbols, the bucket's first is 1, no next
    0xc0: '0000000100000002000000010000000000000000',
    0x100: '00000000000000000000000000000000',
    0x110: `000000010000000000000000 1200${section}`.replace(' ', ''),
    0x140: text,
  })
}

describe('the exports of an ELF library', () => {
  it('are found by the classic hash table, and only where they are defined', () => {
    const read = readerOf(smallLibrary('C_GetFunctionList'))
    expect(hasElfExport(read, 'C_GetFunctionList')).toBe(true)
    expect(hasElfExport(read, 'C_GetFunction')).toBe(false)
    const wanting = readerOf(smallLibrary('C_GetFunctionList', { section: '0000' }))
    expect(hasElfExport(wanting, 'C_GetFunctionList')).toBe(false)
  })

  it('that are cut off anywhere are damaged or absent, never a crash', () => {
    const whole = smallLibrary('C_GetFunctionList')
    for (let length = 6; length < 0x150; length += 1) {
      expect(look(whole.subarray(0, length)), `${length} bytes`).not.toBe(true)
    }
  })

  it('with any one bit turned are found, absent or damaged', () => {
    const whole = smallLibrary('C_GetFunctionList')
    for (let bit = 6 * 8; bit < 0x160 * 8; bit += 1) {
      const spoilt = Uint8Array.from(whole)
      spoilt[bit >> 3] = (spoilt[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect([true, false, 'damaged']).toContain(look(spoilt))
    }
  })

  it('whose table bites its own tail are damaged', () => {
    const loop = Buffer.from(smallLibrary('C_GetFunctionLost'))
    loop.writeUInt32BE(1, 0xc0 + 16)
    expect(look(loop)).toBe('damaged')
  })
})

function look(bytes: Uint8Array): boolean | 'damaged' {
  try {
    return hasElfExport(readerOf(bytes), 'C_GetFunctionList')
  } catch (error) {
    if (error instanceof DamagedBinary) return 'damaged'
    throw error
  }
}
