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
import type { Signer, TimestampSource } from '@trien/sdk/types'
import { softwareSigner } from '@trien/sdk/webcrypto'
import { makeCertificate } from '../helpers/certificate.ts'
import { hybridFile, type Objects, streamFile, tableFile } from '../helpers/pdf-file.ts'
import { encodePng } from '../helpers/png-file.ts'
import { readSigned } from '../helpers/read-signed-pdf.ts'
import { runTool } from '../helpers/referees/tool.ts'
import { createTimestampAuthority } from '../helpers/timestamp-authority.ts'
import { hasTools } from '../helpers/tools.ts'

/** A linear congruential generator (Numerical Recipes'): the same numbers in every run. */
class Sequence {
  #state: number

  constructor(seed: number) {
    this.#state = seed
  }

  below(count: number): number {
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0
    return Math.floor((this.#state / 2 ** 32) * count)
  }

  one<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)]!
  }
}

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

const isReady = hasTools('qpdf', 'pdfsig')
const folder = mkdtempSync(path.join(tmpdir(), 'trien-property-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let signer: Signer
let timestamp: TimestampSource
beforeAll(async () => {
  timestamp = await createTimestampAuthority()
  signer = softwareSigner(await makeCertificate('ES256'))
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

function makeOptions(next: Sequence, isFirst: boolean): Omit<SignPdfOptions, 'signer'> {
  const text = (): string | undefined => next.one([undefined, ...TEXTS])
  const lock = { action: 'include', fields: [next.one(['Khong', 'Co (x)'])] } as const
  return {
    ...{ reason: text(), location: text(), name: text() },
    certify: isFirst ? next.one([undefined, 2, 3]) : undefined,
    lock: next.one([undefined, undefined, lock]),
    reserveBytes: next.one([undefined, 9000]),
    appearance: next.one([undefined, makeAppearance(next)]),
    ...{ level: next.one(['B-B', 'B-T'] as const), timestamp },
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

async function assertGood(pdf: Bytes, password: string, signatures: number): Promise<void> {
  const file = path.join(folder, 'signed.pdf')
  writeFileSync(file, pdf)
  const check = await runTool('qpdf', ['--check', `--password=${password}`, file])
  expect(check.status, check.stdout + check.stderr).toBe(0)
  const { stdout } = await runTool('pdfsig', ['-nocert', '-upw', password, '-opw', password, file])
  // It knows of document time stamps, which B-T may need, no more than how far they reach.
  const judged = stdout.split(/^Signature #\d+:$/m).filter((text) => !/Type: unknown$/m.test(text))
  const valid = judged.join('').match(/Signature Validation: Signature is Valid\./g)
  expect(valid, stdout).toHaveLength(signatures)
  expect(stdout.match(/ - Total document signed/g)).toHaveLength(1)
}

const SEEDS = Array.from({ length: 24 }, (_, index) => index + 1)

describe.runIf(isReady)('a document by chance that is none', () => {
  it.each(SEEDS)('number %i is signed up to three times', async (seed) => {
    const next = new Sequence(seed * 7919)
    const { bytes, password } = await makeDocument(next)
    let file = bytes
    const times = 1 + next.below(3)
    for (let done = 0; done < times; done++) {
      const options = { signer, password, ...makeOptions(next, done === 0) }
      const input = next.one([file, new Blob([file])])
      const signed = await signPdf(input as Blob, options)
      const output = new Uint8Array(await new Blob([signed]).arrayBuffer())
      expect(equalBytes(output.subarray(0, file.length), file)).toBe(true)
      file = output
    }
    await assertGood(file, password, times)
    if (bytes.length > 0 && !Buffer.from(bytes).includes('/Encrypt')) {
      const { signatures } = await readSigned(file)
      // /M has no place in a document time stamp.
      expect(signatures.filter((each) => each?.entries.has('M'))).toHaveLength(times)
    }
  })
})
