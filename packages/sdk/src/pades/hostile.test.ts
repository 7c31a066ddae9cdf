import { deflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import {
  FileBuilder,
  hybridFile,
  ONE_PAGE,
  streamFile,
  tableFile,
  type Objects,
} from '../../../../test/helpers/pdf-file.ts'
import { concatBytes, type Bytes } from '../bytes.ts'
import { isSigningError } from '../errors.ts'
import { planSignature } from './plan.ts'

const INPUT = {
  reason: 'x',
  location: undefined,
  name: undefined,
  fieldName: undefined,
  password: undefined,
  isStamped: false,
  hasRevocation: false,
  signingTime: new Date(0),
  digest: 'SHA-256',
  certificate: new Uint8Array(1),
  contentsBytes: 8,
} as const

/** A form with a signature, a lock and a seed value: more places to break. */
const FORM: Objects = {
  1: '<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields 4 0 R /SigFlags 3 >> >>',
  2: ONE_PAGE[2]!,
  3: '<< /Type /Page /Parent 2 0 R /Annots [5 0 R] >>',
  4: '[5 0 R]',
  5: '<< /FT /Sig /T (S) /Kids [6 0 R] /V 7 0 R >>',
  6: '<< /Parent 5 0 R /Subtype /Widget /Rect [0 0 0 0] >>',
  7: `<< /Type /Sig /Contents <00> /Reference [<< /TransformMethod /FieldMDP
      /TransformParams << /Action /Include /Fields [(A)] >> >>] >>`,
}

const FILES: readonly [string, Bytes][] = [
  ['table', tableFile(FORM)],
  ['stream', streamFile(FORM)],
  ['hybrid', hybridFile()],
]

/** Plans a signature; a plan was read back by the reader, so it only matters that nothing but a FormatError is thrown. */
async function outcomeOf(bytes: Bytes): Promise<string> {
  try {
    await planSignature(bytes, INPUT)
    return 'planned'
  } catch (error) {
    if (isSigningError(error) && error.code.startsWith('FORMAT_')) return error.code
    throw error
  }
}

async function tally(variants: Iterable<Bytes>): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const variant of variants) {
    const outcome = await outcomeOf(variant)
    counts[outcome] = (counts[outcome] ?? 0) + 1
  }
  return counts
}

function* truncations(bytes: Bytes): Generator<Bytes> {
  for (let end = 0; end < bytes.length; end++) yield bytes.slice(0, end)
}

function* flips(bytes: Bytes): Generator<Bytes> {
  for (let at = 0; at < bytes.length; at++) {
    for (const mask of [0x01, 0x10, 0x80]) {
      const flipped = bytes.slice()
      flipped[at]! ^= mask
      yield flipped
    }
  }
}

/** Thousands of files a test: more than the tier's usual patience. */
const PATIENT = { timeout: 60_000 }

describe.each(FILES)('a %s file', PATIENT, (_, bytes) => {
  it('cut anywhere is refused, or was whole but for its end', async () => {
    const counts = await tally(truncations(bytes))
    expect(counts['planned'] ?? 0).toBeLessThanOrEqual('0\n%%EOF\n'.length + 3)
    expect(Object.keys(counts)).toContain('FORMAT_MALFORMED')
  })

  it('with any byte changed is planned or refused by name', async () => {
    const counts = await tally(flips(bytes))
    const total = Object.values(counts).reduce((sum, count) => sum + count, 0)
    expect(total).toBe(bytes.length * 3)
  })

  it('with random bytes in it is planned or refused by name', async () => {
    // A fixed sequence (Numerical Recipes' generator), so that a failure can be seen again.
    let state = 2026
    const next = (below: number): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      return state % below
    }
    const variants = Array.from({ length: 400 }, () => {
      const changed = bytes.slice()
      for (let count = 1 + next(8); count > 0; count--) changed[next(bytes.length)] = next(256)
      return changed
    })
    await expect(tally(variants)).resolves.toBeDefined()
  })
})

describe('circles and floods', PATIENT, () => {
  const catalog = '<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [4 0 R] >> >>'
  const refused = { code: 'FORMAT_MALFORMED' }

  it.each<[string, Objects]>([
    ['a page tree that is its own kid', { 2: '<< /Kids [2 0 R] >>' }],
    ['two page nodes that hold each other', { 2: '<< /Kids [3 0 R] >>', 3: '<< /Kids [2 0 R] >>' }],
    ['a page tree without pages', { 2: '<< /Kids [] >>' }],
    ['a page tree that doubles at each level', doublingTree()],
    ['a field that is its own kid', { 1: catalog, 4: '<< /T (a) /Kids [4 0 R] >>' }],
    ['references that go round', { 2: '4 0 R', 4: '2 0 R' }],
    ['a catalog that is a number', { 1: '7' }],
  ])('%s', async (_, objects) => {
    const start = performance.now()
    const bytes = tableFile({ ...ONE_PAGE, ...objects })
    await expect(planSignature(bytes, INPUT)).rejects.toMatchObject(refused)
    expect(performance.now() - start).toBeLessThan(5000)
  })

  /** A file whose catalog lies in an object stream of these data. */
  function packedFile(data: Uint8Array, filter = '/FlateDecode'): Bytes {
    const file = new FileBuilder().objects(ONE_PAGE)
    file.stream(4, `/Type /ObjStm /N 1 /First 4 /Filter ${filter}`, data)
    const records = [[0], [2, 4], ...[2, 3, 4].map((each) => [1, file.offsets.get(each)!])]
    records.push([1, file.size])
    file.xrefStream(5, '/Size 6 /Root 1 0 R', records, [1, 4, 2])
    return file.bytes()
  }

  it('an object stream of nothing but spaces', async () => {
    const spaces = new Uint8Array(1 << 20).fill(0x20)
    await expect(planSignature(packedFile(spaces), INPUT)).rejects.toMatchObject(refused)
    const lineEnd = concatBytes(deflateSync('1 0 << /Pages 2 0 R >>'), spaces.subarray(0, 2))
    expect(await outcomeOf(packedFile(lineEnd))).toBe('planned')
  })

  it('an object stream that unpacks to thirty million numbers', async () => {
    const bytes = packedFile(deflateSync(`1 0 [${'0 '.repeat(30_000_000)}]`))
    await expect(planSignature(bytes, INPUT)).rejects.toMatchObject(refused)
  })

  it('very many sections of subsections out of order', async () => {
    const kids = `<< /FT /Tx /T (a) /Kids [${'5 0 R '.repeat(50_000)}] >>`
    const objects = { ...ONE_PAGE, 1: catalog, 4: kids, 5: '<< /Subtype /Widget >>' }
    const file = new FileBuilder().objects(objects)
    let previous = file.table('/Size 6 /Root 1 0 R')
    for (let count = 0; count < 100; count++) {
      const start = file.size
      const trailer = `trailer\n<< /Size 6 /Root 1 0 R /Prev ${previous} >>\nstartxref\n${start}\n%%EOF\n`
      file.add(`xref\n${'99 0\n90 0\n'.repeat(500)}${trailer}`)
      previous = start
    }
    await expect(planSignature(file.bytes(), INPUT)).rejects.toMatchObject(tooComplex)
  })

  it('a signature with very many references, inherited by very many fields', async () => {
    const many = 8000
    const fields = Array.from({ length: many }, (_, index) => `<< /T (${index}) >>`).join(' ')
    const value = `<< /Type /Sig /Reference [${'<<>> '.repeat(many)}] >>`
    const field = `<< /FT /Sig /T (a) /V ${value} /Kids [${fields}] >>`
    expect(await outcomeOf(tableFile({ ...ONE_PAGE, 1: catalog, 4: field }))).toBe('planned')
  })

  it('an object stream that was packed a thousand times', async () => {
    let data: Uint8Array = Buffer.from('1 0 << /Pages 2 0 R >>')
    for (let count = 0; count < 1000; count++) data = deflateSync(data, { level: 0 })
    const bytes = packedFile(data, `[${'/FlateDecode '.repeat(1000)}]`)
    expect(await outcomeOf(bytes)).toBe('FORMAT_UNSUPPORTED')
  })

  it.each<[string, Objects]>([
    ['annotations', { 3: `<< /Type /Page /Parent 2 0 R /Annots [${'9 0 R '.repeat(150_000)}] >>` }],
    ['fields', { 1: catalog.replace('[4 0 R]', `[${'(x) '.repeat(150_000)}]`) }],
  ])('more %s than a call has room for arguments', async (_, objects) => {
    expect(await outcomeOf(tableFile({ ...ONE_PAGE, ...objects }))).toBe('planned')
  })

  it('nesting without end', async () => {
    for (const deep of ['['.repeat(50_000), '<< /A '.repeat(50_000), '('.repeat(50_000)]) {
      const bytes = tableFile({ ...ONE_PAGE, 1: deep })
      await expect(planSignature(bytes, INPUT)).rejects.toMatchObject(refused)
    }
  })

  const tooComplex = {
    code: 'FORMAT_UNSUPPORTED',
    details: { feature: 'files of this complexity' },
  }

  it('one widget, three hundred thousand times', async () => {
    const kids = '5 0 R '.repeat(300_000)
    const field = `<< /FT /Tx /T (a) /Kids [${kids}] >>`
    const bytes = tableFile({ ...ONE_PAGE, 1: catalog, 4: field, 5: '<< /Subtype /Widget >>' })
    await expect(planSignature(bytes, INPUT)).rejects.toMatchObject(tooComplex)
  })

  it('cross-reference streams that lie one in another', async () => {
    const file = new FileBuilder()
    const padding = 4 << 20
    const starts: number[] = []
    for (let index = 0; index < 96; index++) {
      starts.push(file.size)
      // Fixed widths, so that each section knows where the next one will be.
      const next = String(file.size + 150).padEnd(10)
      const dict = `<< /Type /XRef /W [1 0 0] /Size 9 /Index [0 ${padding}] /Root 1 0 R /Prev ${next} /Length ${padding} >>`
      file.add(`${10 + index} 0 obj\n${dict}\nstream\n`.padEnd(150))
    }
    file.add(new Uint8Array(padding)).add(`\nstartxref\n${starts[0]}\n%%EOF\n`)
    const start = performance.now()
    await expect(planSignature(file.bytes(), INPUT)).rejects.toMatchObject(tooComplex)
    expect(performance.now() - start).toBeLessThan(5000)
  })

  it('a table of very many subsections out of order', async () => {
    const file = new FileBuilder().objects(ONE_PAGE)
    const start = file.size
    const runs = '1 1\n0000000000 00000 f \n'.repeat(2000)
    file.add(`xref\n${runs}trailer\n<< /Size 4 /Root 1 0 R >>\nstartxref\n${start}\n%%EOF`)
    await expect(planSignature(file.bytes(), INPUT)).rejects.toMatchObject(refused)
  })

  it('a field name that fills the file', async () => {
    const field = `<< /FT /Tx /T (${'a'.repeat(5000)}) >>`
    const bytes = tableFile({ ...ONE_PAGE, 1: catalog, 4: field })
    await expect(planSignature(bytes, INPUT)).rejects.toMatchObject({ code: 'FORMAT_UNSUPPORTED' })
  })

  it('an object number at the end of what readers count', async () => {
    const bytes = tableFile({ ...ONE_PAGE, 8388607: 'null' })
    await expect(planSignature(bytes, INPUT)).rejects.toMatchObject(refused)
  })

  /** 2^60 ways down, none of which ends in a page. */
  function doublingTree(): Objects {
    const objects: Record<number, string> = {}
    for (let level = 2; level < 62; level++) {
      objects[level] = `<< /Kids [${level + 1} 0 R ${level + 1} 0 R] >>`
    }
    return { ...objects, 62: '<< /Kids [] >>' }
  }
})
