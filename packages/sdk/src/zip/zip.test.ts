import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { crc32 as nativeCrc32, deflateRawSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { concatBytes, encodeHex, encodeUtf8 } from '../bytes.ts'
import { digestBytes } from '../digest.ts'
import { digestEntry, findEntry, openZip, readEntry } from './archive.ts'
import { updateByTables } from './crc32.ts'
import { extendZip, writeZip } from './write.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'trien-zip-'))
afterAll(() => rmSync(folder, { recursive: true }))

const time = new Date('2026-11-22T01:02:04Z')
const text = encodeUtf8('Đơn đề nghị\n'.repeat(100))
const files = [
  { name: 'mimetype', data: encodeUtf8('application/vnd.etsi.asic-e+zip') },
  { name: 'Đơn xin/tờ 1.txt', data: text },
  { name: 'empty', data: new Uint8Array(0) },
]
const asBytes = async (zip: Uint8Array | Blob) =>
  zip instanceof Uint8Array ? zip : new Uint8Array(await zip.arrayBuffer())

/** Lists and reads a ZIP by Python's own reader, which checks checksums. */
function readByPython(zip: Uint8Array): Record<string, string> {
  const file = path.join(folder, 'a.zip')
  writeFileSync(file, zip)
  const script =
    'import json,sys,zipfile; z=zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; ' +
    'print(json.dumps({i.filename: z.read(i).hex() for i in z.infolist()}))'
  return JSON.parse(execFileSync('python3', ['-c', script, file], { encoding: 'utf8' })) as Record<
    string,
    string
  >
}

/** Makes a ZIP by Python, with deflated entries and whatever else Python's writer does. */
function writeByPython(lines: string): Uint8Array<ArrayBuffer> {
  const file = path.join(folder, 'b.zip')
  const script = `import sys,zipfile\nwith zipfile.ZipFile(sys.argv[1],'w',zipfile.ZIP_DEFLATED) as z:\n${lines
    .split('\n')
    .map((line) => ` ${line}`)
    .join('\n')}\nsys.stdout.buffer.write(open(sys.argv[1],'rb').read())`
  return new Uint8Array(execFileSync('python3', ['-c', script, file]))
}

describe('a ZIP that is written', () => {
  it('is read by others, first entry at the very start, without extra field or descriptor', async () => {
    const zip = (await writeZip(files, time)) as Uint8Array
    expect(readByPython(zip)).toEqual(
      Object.fromEntries(files.map(({ name, data }) => [name, encodeHex(data)])),
    )
    expect(encodeHex(zip.subarray(0, 38 + 31))).toBe(
      '504b0304' +
        '1400' +
        '0000' +
        '0000' +
        '4208' +
        '765d' +
        encodeHex(zip.subarray(14, 18)) +
        '1f000000' +
        '1f000000' +
        '0800' +
        '0000' +
        encodeHex(encodeUtf8('mimetypeapplication/vnd.etsi.asic-e+zip')),
    )
  })

  it('refers to the data of a Blob', async () => {
    const zip = await writeZip([{ name: 'a', data: new Blob([text]) }], time)
    expect(zip).toBeInstanceOf(Blob)
    expect(readByPython(await asBytes(zip))).toEqual({ a: encodeHex(text) })
  })

  it.each(['../a', '/a', 'a/../b', 'C:\\a', 'a\\b', 'a//b', '', 'a\u0000b', './a'])(
    'has no name as %j',
    async (name) => {
      await expect(writeZip([{ name, data: text }], time)).rejects.toMatchObject({
        code: 'USAGE_ARGUMENT',
      })
    },
  )
})

describe('a ZIP that was there', () => {
  it.each(['bytes', 'Blob'])('is opened (%s), each entry read and hashed', async (kind) => {
    const python = writeByPython(
      `z.writestr('tờ.txt', ${JSON.stringify('abc'.repeat(500))})\nz.writestr('b/', '')`,
    )
    const archive = await openZip(kind === 'bytes' ? python : new Blob([python]))
    expect(archive.entries.map(({ name }) => name)).toEqual(['tờ.txt', 'b/'])
    const entry = findEntry(archive, 'tờ.txt')!
    const content = encodeUtf8('abc'.repeat(500))
    expect(entry.method).toBe(8)
    expect(await readEntry(archive, entry, 2000)).toEqual(content)
    expect(await digestEntry(archive, entry, 'SHA-256')).toEqual(
      await digestBytes('SHA-256', content),
    )
    await expect(readEntry(archive, entry, 100)).rejects.toMatchObject({
      code: 'FORMAT_UNSUPPORTED',
    })
  })

  it('keeps every byte of its entries where others are added or replaced', async () => {
    const python = writeByPython(
      `z.writestr('a', 'x' * 999)\nz.writestr('b', 'y')\nz.comment = b'hi'`,
    )
    for (const file of [python, new Blob([python])]) {
      const archive = await openZip(file)
      const changed = await extendZip(archive, [{ name: 'c', data: text }], time)
      expect(changed).toBeInstanceOf(file instanceof Blob ? Blob : Uint8Array)
      const bytes = await asBytes(changed)
      expect(encodeHex(bytes.subarray(0, archive.offset))).toBe(
        encodeHex(python.subarray(0, archive.offset)),
      )
      expect(readByPython(bytes)).toEqual({
        a: encodeHex(encodeUtf8('x'.repeat(999))),
        b: '79',
        c: encodeHex(text),
      })
      expect((await openZip(bytes)).comment).toEqual(encodeUtf8('hi'))
      const replaced = await extendZip(archive, [{ name: 'a', data: text }], time)
      const read = readByPython(await asBytes(replaced))
      expect(Object.entries(read)).toEqual([
        ['a', encodeHex(text)],
        ['b', '79'],
      ])
    }
  })
})

describe('a hostile ZIP', async () => {
  const good = (await writeZip(files, time)) as Uint8Array<ArrayBuffer>
  const archive = await openZip(good)
  const list = archive.offset
  const patch = (at: number, ...bytes: number[]) => {
    const copy = new Uint8Array(good)
    copy.set(bytes, at)
    return copy
  }
  const renamed = (from: string, to: string) => {
    const text = Buffer.from(good).toString('latin1').replaceAll(from, to)
    return new Uint8Array(Buffer.from(text, 'latin1'))
  }
  const second = list + 46 + 8
  const bomb = new Uint8Array(deflateRawSync(new Uint8Array(1 << 20)))

  it.each<[string, string, Uint8Array]>([
    ['FORMAT_MALFORMED', 'nothing', new Uint8Array(0)],
    ['FORMAT_MALFORMED', 'no end', good.subarray(0, -1)],
    ['FORMAT_MALFORMED', 'bytes behind its end', concatBytes(good, Uint8Array.of(0))],
    ['FORMAT_MALFORMED', 'bytes before its start', concatBytes(Uint8Array.of(0), good)],
    ['FORMAT_MALFORMED', 'one name twice', renamed('empty', 'EMPTY').subarray(0)],
    ['FORMAT_MALFORMED', 'a path that leads up', renamed('mimetype', '../etype')],
    ['FORMAT_MALFORMED', 'a path from the root', renamed('mimetype', '/imetype')],
    ['FORMAT_MALFORMED', 'a backslash', renamed('mimetype', 'mime\\ype')],
    ['FORMAT_MALFORMED', 'a name that is not UTF-8', renamed('mimetype', 'mimetyp\xff')],
    ['FORMAT_MALFORMED', 'two names for one entry', patch(list + 46, 0x4d)],
    ['FORMAT_MALFORMED', 'entries that overlap', patch(second + 42, 4, 0, 0, 0)],
    ['FORMAT_MALFORMED', 'an entry in the list', patch(second + 42, ...[list & 255, list >> 8])],
    ['FORMAT_MALFORMED', 'another size behind', patch(18, 1)],
    ['FORMAT_MALFORMED', 'more entries than it says', patch(good.length - 14, 2, 0, 2, 0)],
    ['FORMAT_MALFORMED', 'fewer entries than it says', patch(good.length - 14, 4, 0, 4, 0)],
    ['FORMAT_UNSUPPORTED', 'encryption', patch(list + 8, 1)],
    ['FORMAT_UNSUPPORTED', 'another compression', patch(list + 10, 12)],
    ['FORMAT_UNSUPPORTED', 'ZIP64', patch(list + 42, 255, 255, 255, 255)],
    ['FORMAT_UNSUPPORTED', 'several disks', patch(good.length - 18, 1)],
  ])('%s: %s', async (code, what, zip) => {
    const given = what === 'one name twice' ? await twice() : zip
    await expect(openZip(given)).rejects.toMatchObject({ code })
  })

  /** The same name in another case: one file on many systems. */
  async function twice(): Promise<Uint8Array> {
    return (await writeZip([...files, { name: 'EMPTY', data: text }], time)) as Uint8Array
  }

  it('that says less than it holds is left when that is seen', async () => {
    const stored = (await writeZip([{ name: 'a', data: bomb }], time)) as Uint8Array<ArrayBuffer>
    const { offset } = await openZip(stored)
    const lying = new Uint8Array(stored)
    // Deflated, of one byte.
    for (const [at, values] of [
      [8, [8]],
      [22, [1, 0, 0, 0]],
      [offset + 10, [8]],
      [offset + 24, [1, 0, 0, 0]],
    ] as const) {
      lying.set(values, at)
    }
    const opened = await openZip(lying)
    await expect(digestEntry(opened, opened.entries[0]!, 'SHA-256')).rejects.toMatchObject({
      code: 'FORMAT_MALFORMED',
    })
  })

  it('whose data is another than its checksum, or is not deflated, is refused when it is read', async () => {
    const changed = await openZip(patch(archive.entries[1]!.start, 1))
    await expect(readEntry(changed, changed.entries[1]!, 1e6)).rejects.toMatchObject({
      code: 'FORMAT_MALFORMED',
    })
    const python = writeByPython(`z.writestr('a', 'x' * 999)`)
    const { entries } = await openZip(python)
    const broken = new Uint8Array(python)
    broken.fill(0xff, entries[0]!.start, entries[0]!.start + 4)
    const opened = await openZip(broken)
    await expect(readEntry(opened, opened.entries[0]!, 1e6)).rejects.toMatchObject({
      code: 'FORMAT_MALFORMED',
    })
  })

  it('cut anywhere is refused, and never hangs', async () => {
    for (let end = 0; end < good.length; end += 7) {
      await expect(openZip(good.subarray(0, end))).rejects.toMatchObject({
        code: 'FORMAT_MALFORMED',
      })
    }
  })
})

it('sums as zlib does, in any portions', () => {
  for (const length of [0, 1, 3, 4, 5, 255, 1200]) {
    const part = text.subarray(0, length)
    expect(updateByTables(part, 0)).toBe(nativeCrc32(part))
    const half = length >> 1
    const first = updateByTables(part.subarray(0, half), 0)
    expect(updateByTables(part.subarray(half), first)).toBe(nativeCrc32(part))
  }
})
