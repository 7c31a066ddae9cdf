/**
 * Documents and options by a fixed sequence of numbers: whatever they are, the output starts with the input, is read
 * again, and two readers that are not ours find every signature valid.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Appearance } from '@trien/sdk/appearance'
import { type Bytes, equalBytes } from '@trien/sdk/bytes'
import { type SignPdfOptions, signPdf } from '@trien/sdk/pades'
import type { Level } from '@trien/sdk/cms'
import type { Authorities, Signer, TimestampSource } from '@trien/sdk/types'
import { upgrade } from '@trien/sdk/upgrade'
import { withOneList } from '../helpers/openssl-authorities.ts'
import { hybridFile, type Objects, streamFile, tableFile } from '../helpers/pdf-file.ts'
import { createTestAuthority } from '../helpers/pki.ts'
import { encodePng } from '../helpers/png-file.ts'
import { readSigned } from '../helpers/read-signed-pdf.ts'
import { runTool } from '../helpers/referees/tool.ts'
import { Sequence } from '../helpers/sequence.ts'
import { softwareSignerOf } from '../helpers/software-signer.ts'
import { hasTools } from '../helpers/tools.ts'

const LEVELS: readonly Level[] = ['B-B', 'B-T', 'B-LT', 'B-LTA']
const TEXTS = ['', 'a', 'Phê duyệt', '(((', '\\', '>>', 'þÿ', '\r\n', '😀', 'x'.repeat(300)]
const ENCRYPTIONS = [[], [], ['40'], ['128', '--use-aes=n'], ['128', '--use-aes=y'], ['256']]

/** A document of one to four pages, with or without a form, annotations and a catalog that holds strings. */
function makeObjects(next: Sequence): Objects {
  const pages = 1 + next.below(4)
  const first = 10
  const kids = Array.from({ length: pages }, (_, index) => `${first + index} 0 R`)
  const form = next.one(['', '/AcroForm 3 0 R', '/AcroForm << /Fields [4 0 R] /SigFlags 1 >>'])
  const annotations = next.one(['', '/Annots []', '/Annots 5 0 R', '/Annots [4 0 R]'])
  const objects: Record<number, string> = {
    1: `<< /Type /Catalog /Pages 2 0 R ${form} ${next.one(['', '/Lang (vi)', '/X [(a) <</B (b)>>]'])} >>`,
    2: `<< /Type /Pages /Kids [${kids.join(' ')}] /Count ${pages} ${next.one(['', '/Rotate 90'])} >>`,
    3: '<< /Fields [4 0 R] /DA (/F 0 Tf) >>',
    4: '<< /FT /Tx /T (Ten) /V (An) /Subtype /Widget /Type /Annot /Rect [0 0 9 9] >>',
    5: '[]',
  }
  for (let index = 0; index < pages; index++) {
    objects[first + index] =
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] ${annotations} >>`
  }
  return objects
}

interface Made {
  readonly bytes: Bytes
  readonly password: string
}

const isReady = hasTools('qpdf', 'pdfsig', 'openssl')
const folder = mkdtempSync(path.join(tmpdir(), 'trien-property-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let signer: Signer
let timestamp: TimestampSource
let authorities: Authorities
beforeAll(async () => {
  const authority = createTestAuthority(folder)
  signer = await softwareSignerOf(authority.issue('P-256', 'signer'), 'ES256', authority)
  timestamp = authority.openTimestamps()
  authorities = withOneList(authority.openAuthorities())
})

async function makeDocument(next: Sequence): Promise<Made> {
  const layout = next.one([tableFile, streamFile, streamFile, hybridFile])
  const bytes = layout === hybridFile ? hybridFile() : layout(makeObjects(next))
  const encryption = next.one(ENCRYPTIONS)
  if (encryption.length === 0) return { bytes, password: '' }
  const [plain, encrypted] = [path.join(folder, 'plain.pdf'), path.join(folder, 'encrypted.pdf')]
  const password = next.one(['', 'xem'])
  writeFileSync(plain, bytes)
  const [length = '', ...how] = encryption
  const streams = `--object-streams=${next.one(['disable', 'generate'])}`
  const words = ['--allow-weak-crypto', streams, '--encrypt', password, 'chu', length, ...how]
  const { status, stderr } = await runTool('qpdf', [...words, '--', plain, encrypted])
  if (status !== 0) throw new Error(stderr)
  return { bytes: new Uint8Array(readFileSync(encrypted)), password }
}

function makeOptions(
  next: Sequence,
  isFirst: boolean,
): Omit<SignPdfOptions, 'signer'> & { readonly level: Level } {
  const text = (): string | undefined => next.one([undefined, ...TEXTS])
  const lock = { action: 'include', fields: [next.one(['Khong', 'Co (x)'])] } as const
  return {
    ...{ reason: text(), location: text(), name: text() },
    certify: isFirst ? next.one([undefined, 2, 3]) : undefined,
    lock: next.one([undefined, undefined, lock]),
    reserveBytes: next.one([undefined, 9000]),
    appearance: next.one([undefined, makeAppearance(next)]),
    ...{ level: next.one(LEVELS), timestamp, authorities, revocation: 'off' as const },
  }
}

/** Text, a picture or both, somewhere on a page of 210 by 297 mm, or the other way round. */
function makeAppearance(next: Sequence): Appearance {
  const lines = [next.one(['Đã ký', 'Nguyễn Thị Ước', 'x']), { time: 'iso8601' } as const]
  const text = { lines, align: next.one(['left', 'centre', 'right'] as const) }
  const colourType = next.one([2, 6])
  const image = encodePng({
    ...{ width: 3, height: 2, colourType },
    at: (x) => [x * 80, 0, 90, 40 + x * 90].slice(0, colourType === 2 ? 3 : 4),
  })
  const width = 90 + next.below(20)
  return {
    page: next.one([1, 'last'] as const),
    at: {
      ...{ x: next.below(100), y: next.below(170), width, height: 20 + next.below(20) },
      from: next.one(['top-left', 'top-right', 'bottom-left', 'bottom-right'] as const),
    },
    content: {
      ...next.one([{ text }, { image }, { text, image }]),
      layout: next.one(['left', 'behind'] as const),
      padding: next.one([0, 2]),
    },
  }
}

const isStamp = (text: string): boolean => /Type: unknown$/m.test(text)

/** What was reached, and how. */
interface Reached {
  readonly password: string
  readonly signatures: number
  /** Of the last step. */
  readonly level: Level
}

async function assertGood(pdf: Bytes, { password, signatures, level }: Reached): Promise<void> {
  const file = path.join(folder, 'signed.pdf')
  writeFileSync(file, pdf)
  const check = await runTool('qpdf', ['--check', `--password=${password}`, file])
  expect(check.status, check.stdout + check.stderr).toBe(0)
  const { stdout } = await runTool('pdfsig', ['-nocert', '-upw', password, '-opw', password, file])
  // It knows of document time stamps, which B-T may need, no more than how far they reach.
  const all = stdout.split(/^Signature #\d+:$/m).slice(1)
  const judged = all.filter((text) => !isStamp(text))
  if (level === 'B-LTA') expect(all.filter(isStamp).join('')).toContain(' - Total document signed')
  const valid = judged.join('').match(/Signature Validation: Signature is Valid\./g)
  expect(valid, stdout).toHaveLength(signatures)
  // What B-LT stores lies behind all signatures, where it was not stored before.
  const whole = stdout.match(/ - Total document signed/g)?.length ?? 0
  expect(level === 'B-LT' ? [0, 1] : [1]).toContain(whole)
}

const SEEDS = Array.from({ length: 24 }, (_, index) => index + 1)

describe.runIf(isReady)('a document by chance that is none', () => {
  it.each(SEEDS)('number %i is signed up to three times, and built on', async (seed) => {
    const next = new Sequence(seed * 7919)
    const { bytes, password } = await makeDocument(next)
    let file = bytes
    let level: Level = 'B-B'
    const times = 1 + next.below(3)
    for (let done = 0; done < times; done++) {
      const options = { signer, password, ...makeOptions(next, done === 0) }
      const input = next.one([file, new Blob([file])])
      const signed = await signPdf(input as Blob, options)
      const output = new Uint8Array(await new Blob([signed]).arrayBuffer())
      expect(equalBytes(output.subarray(0, file.length), file)).toBe(true)
      file = output
      level = options.level
    }
    const to = next.one([undefined, 'B-T', 'B-LT', 'B-LTA'] as const)
    if (to !== undefined) {
      file = await upgrade(file, { to, password, timestamp, authorities })
      expect(equalBytes(file.subarray(0, bytes.length), bytes)).toBe(true)
      level = to
    }
    await assertGood(file, { password, signatures: times, level })
    if (bytes.length > 0 && !Buffer.from(bytes).includes('/Encrypt')) {
      const { signatures, catalog } = await readSigned(file)
      if (level.startsWith('B-LT')) expect(catalog.dict.entries.has('DSS')).toBe(true)
      // /M has no place in a document time stamp.
      expect(signatures.filter((each) => each?.entries.has('M'))).toHaveLength(times)
    }
  })
})
