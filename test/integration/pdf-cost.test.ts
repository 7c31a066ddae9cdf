/**
 * What signing a PDF costs against how large it is: how often and how much of a Blob is read, which, unlike time, no load of
 * the machine stretches. `npm run bench` has the time.
 */
import { mkdtempSync, openAsBlob, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest'
import { signPdf } from '../../packages/sdk/src/sign/pdf.ts'
import { softwareSigner } from '../../packages/sdk/src/provider/webcrypto.ts'
import { fitExponent } from '../bench/figures.mjs'
import { makePackedPages, makePages } from '../bench/inputs.mjs'
import { makeCertificate } from '../helpers/certificate.ts'
import { writeSparsePdf } from '../helpers/sparse-pdf.ts'

const MAX_EXPONENT = 1.05
const MIB = 1 << 20
/** The form, the catalog, the way to the first page, and what was written, read again. */
const MAX_STRUCTURE_BYTES = MIB

const folder = mkdtempSync(path.join(tmpdir(), 'trien-cost-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
afterEach(() => void vi.restoreAllMocks())

interface Cost {
  readonly reads: number
  readonly bytes: number
}

/** Signs, and counts what is read meanwhile. */
async function costOf(pdf: Blob): Promise<Cost> {
  const signer = softwareSigner(await makeCertificate('ES256'))
  const { arrayBuffer } = Blob.prototype
  const cost = { reads: 0, bytes: 0 }
  vi.spyOn(Blob.prototype, 'arrayBuffer').mockImplementation(function (this: Blob) {
    cost.reads++
    cost.bytes += this.size
    return arrayBuffer.call(this)
  })
  await signPdf(pdf, { signer })
  vi.restoreAllMocks()
  return cost
}

async function expectProportional(
  sizes: readonly number[],
  open: (size: number) => Promise<Blob>,
): Promise<void> {
  const costs: (Cost & { readonly size: number; readonly fileBytes: number })[] = []
  for (const size of sizes) {
    const pdf = await open(size)
    costs.push({ size, fileBytes: pdf.size, ...(await costOf(pdf)) })
  }
  for (const figure of ['reads', 'bytes'] as const) {
    const exponent = fitExponent(costs.map((cost) => [cost.size, cost[figure]]))
    console.log(`${figure} against size: exponent ${exponent.toFixed(2)}`)
    expect(exponent).toBeLessThanOrEqual(MAX_EXPONENT)
  }
  // Once to be hashed, and of its structure a part.
  for (const { bytes, fileBytes } of costs) {
    expect(bytes).toBeGreaterThanOrEqual(fileBytes)
    expect(bytes).toBeLessThanOrEqual(2 * fileBytes + MAX_STRUCTURE_BYTES)
  }
}

describe('the cost of signing a PDF', () => {
  it('is in proportion to its size, from 1 to 256 MB', async () => {
    await expectProportional([1, 4, 16, 64, 256], async (size) => {
      const file = path.join(folder, `${size}.pdf`)
      writeSparsePdf(file, size * MIB)
      return openAsBlob(file)
    })
  })

  it.each([
    ['a table', makePages],
    ['object streams', makePackedPages],
  ])('is no more than in proportion to its pages, from 10 to 20,000 with %s', async (_, make) => {
    await expectProportional([10, 100, 1000, 5000, 20_000], (pages) =>
      Promise.resolve(new Blob([make(pages)])),
    )
  })
})
