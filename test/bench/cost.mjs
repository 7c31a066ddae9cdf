// `node cost.mjs`: what signing costs against how large the document is, fitted by a power law. Fixed costs flatten the
// fit, so the steepest step between two neighbours is printed beside it. The exponent is held by a test on what is read
// (test/integration/pdf-cost.test.ts), for time is not for tests.
import { signPdf } from '@trien/sdk/pades'
import { softwareSigner } from '@trien/sdk/webcrypto'
import { fitExponent, milliseconds, row, takeTurns } from './figures.mjs'
import { readIdentity } from './identity.mjs'
import { makePages, makeScans } from './inputs.mjs'

const TARGET = 1.05
const signer = softwareSigner({ ...(await readIdentity()), chain: [] })

await report('MB', [1, 4, 16, 64, 256], makeScans)
await report('pages', [10, 100, 1000, 5000, 20_000], makePages)

/** @param {string} unit @param {readonly number[]} sizes @param {(size: number) => Buffer} make */
async function report(unit, sizes, make) {
  const ways = Object.fromEntries(
    sizes.flatMap((size) => {
      const pdf = make(size)
      const blob = new Blob([pdf])
      return [
        [`bytes ${size}`, () => signPdf(pdf, { signer })],
        [`blob ${size}`, () => signPdf(blob, { signer })],
      ]
    }),
  )
  const taken = await takeTurns(ways, { rounds: 3, warmUps: 2 })
  console.log(
    `\n${row(`Cost against ${unit}`, ...sizes.map(String), 'exponent', 'steepest', 'target')}`,
  )
  for (const kind of ['bytes', 'blob']) {
    const costs = sizes.map((size) => taken[`${kind} ${size}`]?.cpuMs ?? NaN)
    const points = sizes.map((size, at) => /** @type {const} */ ([size, costs[at] ?? NaN]))
    const steps = points.slice(1).map((point, at) => fitExponent([points[at] ?? point, point]))
    const figures = [fitExponent(points), Math.max(...steps)].map((each) => each.toFixed(2))
    console.log(row(`${kind}, processor`, ...costs.map(milliseconds), ...figures, `≤ ${TARGET}`))
  }
}
