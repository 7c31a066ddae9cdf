// Runs one contender once, in this process of its own: `node measure.mjs CONTENDER INPUT OUTPUT`.
// Loading the library and the key is not measured; reading and writing the file is. Prints {ms, peakBytes} as JSON.
import { readFileSync, writeFileSync } from 'node:fs'
import { readIdentity } from './identity.mjs'

const [, , contender = '', input = '', output = ''] = process.argv
const { load } = await import(`./contenders/${contender}.mjs`)
const sign = await load(await readIdentity())

globalThis.gc?.()
const before = startPeak()
const started = process.hrtime.bigint()
await sign(input, output)
const ms = Number(process.hrtime.bigint() - started) / 1e6
console.log(JSON.stringify({ ms, peakBytes: peak() - before }))

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
