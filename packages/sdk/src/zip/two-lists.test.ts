import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { type Bytes, concatBytes, encodeUtf8 } from '../bytes.ts'
import { openZip } from './archive.ts'
import { viewOf } from './directory.ts'
import { writeZip } from './write.ts'

// Files in which one reader finds `shown`, and another `hidden`.
const folder = mkdtempSync(path.join(tmpdir(), 'trien-two-lists-'))
afterAll(() => rmSync(folder, { recursive: true }))

const END_BYTES = 22
const LOCATOR = [0x50, 0x4b, 6, 7]
const END = [0x50, 0x4b, 5, 6]
const make = async (name: string) =>
  (await writeZip([{ name, data: encodeUtf8(name) }], new Date('2026-11-22T01:02:04Z'))) as Bytes
const [shown, hidden] = [await make('shown'), await make('hidden')]
const listAt = (zip: Bytes): number => viewOf(zip, zip.length - 6).getUint32(0, true)

/** Other numbers in a copy: [from the end where negative, value, octets]. */
function patch(zip: Uint8Array, ...changes: readonly (readonly [number, number, 2 | 4])[]): Bytes {
  const copy = new Uint8Array(zip)
  for (const [at, value, octets] of changes) {
    const view = viewOf(copy, at < 0 ? copy.length + at : at)
    if (octets === 2) view.setUint16(0, value, true)
    else view.setUint32(0, value, true)
  }
  return copy
}
const withComment = (zip: Bytes, comment: Uint8Array): Bytes =>
  concatBytes(patch(zip, [-2, comment.length, 2]), comment)
/** The same ZIP, as it stands behind some octets. */
const moved = (zip: Bytes, by: number): Bytes =>
  patch(zip, [-6, listAt(zip) + by, 4], [listAt(zip) + 42, by, 4])

const inside = moved(hidden, shown.length)
const tail = encodeUtf8('tail')
const local = hidden.subarray(0, listAt(hidden))
const end = shown.subarray(-END_BYTES)
const list = shown.subarray(listAt(shown), -END_BYTES)
const gap = concatBytes(
  ...[shown.subarray(0, listAt(shown)), local, list],
  patch(end, [-6, listAt(shown) + local.length, 4]),
)
// The last entry's own comment ends with what leads to the list of a ZIP64.
const locator = concatBytes(Uint8Array.from(LOCATOR), new Uint8Array(16))
const zip64 = concatBytes(
  ...[shown.subarray(0, listAt(shown)), patch(list, [32, locator.length, 2]), locator],
  patch(end, [-10, list.length + locator.length, 4]),
)

function listByPython(zip: Bytes): string {
  const file = path.join(folder, 'a.zip')
  writeFileSync(file, zip)
  const script = 'import sys,zipfile; print(zipfile.ZipFile(sys.argv[1]).namelist()[0], end="")'
  return execFileSync('python3', ['-c', script, file], { encoding: 'utf8' })
}

describe('a ZIP in which readers find two lists', () => {
  it.each([
    ['a ZIP in its comment', withComment(shown, inside)],
    ['a ZIP in its comment, and more behind that', withComment(shown, concatBytes(inside, tail))],
    ['an end record cut off in its comment', withComment(shown, Uint8Array.from([...END, 1]))],
    ['a prefix', concatBytes(tail, moved(shown, tail.length))],
    ['an entry that is not listed, before the list', gap],
  ])('is refused: %s', async (_, zip) => {
    for (const file of [zip, new Blob([zip])]) {
      await expect(openZip(file)).rejects.toMatchObject({ code: 'FORMAT_MALFORMED' })
    }
  })

  it('is refused where a record leads to the list of a ZIP64', async () => {
    const refusal = { code: 'FORMAT_UNSUPPORTED', details: { feature: 'ZIP: ZIP64' } }
    await expect(openZip(zip64)).rejects.toMatchObject(refusal)
  })

  it('is what others would take for another', () => {
    expect(listByPython(shown)).toBe('shown')
    expect(listByPython(withComment(shown, inside))).toBe('hidden')
    expect(listByPython(withComment(shown, concatBytes(inside, tail)))).toBe('hidden')
  })

  it('has any other comment', async () => {
    const { entries, comment } = await openZip(withComment(shown, tail))
    expect(entries.map(({ name }) => name)).toEqual(['shown'])
    expect(comment).toEqual(tail)
  })
})
