// Runs one contender in this process of its own: `node measure.mjs CONTENDER INPUT OUTPUT WARM-UPS MORE`. Loading the library and the
// key is not measured; reading and writing the file is. Prints as JSON the first run with its peak of memory, when nothing
// is warm and no code compiled, and the median of MORE that follow some WARM-UPS, as a portal's server or a batch has them.
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { takeTurns, time } from './figures.mjs'
import { readIdentity } from './identity.mjs'

const [, , contender = '', input = '', output = '', warmUps = '', more = ''] = process.argv
const { load } = await import(`./contenders/${contender}.mjs`)
const sign = await load(await readIdentity())

globalThis.gc?.()
const before = startPeak()
clear()
const first = await time(() => sign(input, output))
const peakBytes = peak() - before
const { then } = await takeTurns(
  { then: () => sign(input, output) },
  { rounds: Number(more), warmUps: Number(warmUps), before: clear },
)
console.log(JSON.stringify({ first, then, peakBytes }))

/** Everybody writes a new file: to write over another costs what the file system makes of it, not what signing does. */
function clear() {
  rmSync(output, { force: true })
}

/** Forgets the peak of loading, where the system can (Linux), so that only signing counts. */
function startPeak() {
  try {
    writeFileSync('/proc/self/clear_refs', '5')
  } catch {
    // Elsewhere the peak since the start of the process has to do.
  }
  return process.memoryUsage.rss()
}

function peak() {
  try {
    const line = readFileSync('/proc/self/status', 'utf8')
      .split('\n')
      .find((row) => row.startsWith('VmHWM:'))
    return Number(line?.split(/\s+/)[1]) * 1024
  } catch {
    return process.resourceUsage().maxRSS * 1024
  }
}
