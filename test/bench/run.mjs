// `npm run bench`: signs the same PDFs with Trien and with two other libraries, beside the time that reading, hashing and
// writing the file takes at the least. Every figure is a median over processes of their own; the contenders take turns, so
// that a busy moment of the machine hits all of them. Nothing here fails on time: figures are for people to read.
import { spawnSync } from 'node:child_process'
import { statSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { LOADS, bundle, sourceOf } from '../package/walls/bundle.mjs'
import { makeIdentity } from './identity.mjs'
import { makeInputs } from './inputs.mjs'
import { OUT, installPeers } from './peers.mjs'

const CONTENDERS = {
  limit: 'read + SHA-256 + write',
  'trien-bytes': 'Trien, bytes',
  'trien-blob': 'Trien, Blob',
  libpdf: '@libpdf/core',
  cantoo: '@cantoo/pdf-lib',
}
const PEERS = ['libpdf', 'cantoo']
const measure = fileURLToPath(new URL('measure.mjs', import.meta.url))

installPeers()
await makeIdentity()
for (const input of makeInputs()) report(input, run(input))
await reportBundles()

/** @param {ReturnType<typeof makeInputs>[number]} input */
function run(input) {
  /** @type {Record<string, { ms: number, peakBytes: number }[]>} */
  const results = Object.fromEntries(Object.keys(CONTENDERS).map((name) => [name, []]))
  for (let round = 0; round < input.runs; round++) {
    for (const name of Object.keys(CONTENDERS)) results[name]?.push(runOnce(name, input.file))
  }
  return results
}

/** @param {string} contender @param {string} file @returns {{ ms: number, peakBytes: number }} */
function runOnce(contender, file) {
  const output = path.join(OUT, `signed-${contender}-${path.basename(file)}`)
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--expose-gc', measure, contender, file, output],
    { encoding: 'utf8' },
  )
  if (status !== 0) throw new Error(`bench: ${contender} failed on ${file}\n${stderr}`)
  if (contender !== 'limit' && statSync(output).size <= statSync(file).size) {
    throw new Error(`bench: ${contender} wrote no signature into ${output}`)
  }
  return JSON.parse(stdout)
}

/**
 * @param {ReturnType<typeof makeInputs>[number]} input
 * @param {ReturnType<typeof run>} results
 */
function report(input, results) {
  const ms = (/** @type {string} */ name) => median((results[name] ?? []).map((one) => one.ms))
  const limit = ms('limit')
  const fastestPeer = Math.min(...PEERS.map(ms))
  const size = `${(input.bytes / 1e6).toFixed(1)} MB`
  console.log(`\n${input.name} (${size}; median of ${input.runs})`)
  console.log(row('', 'time', '× limit', '× fastest peer', 'peak memory'))
  for (const [name, label] of Object.entries(CONTENDERS)) {
    const over = median((results[name] ?? []).map((one) => one.peakBytes)) - input.bytes
    const memory = `input ${over < 0 ? '−' : '+'} ${Math.abs(over / 1e6).toFixed(0)} MB`
    const time = `${ms(name).toFixed(1)} ms`
    const toLimit = (ms(name) / limit).toFixed(2)
    console.log(row(label, time, toLimit, (ms(name) / fastestPeer).toFixed(2), memory))
  }
}

async function reportBundles() {
  console.log('\nWhat a portal loads (gzip, minified, dependencies inside)')
  for (const { name, subpaths, maxBytes } of LOADS) {
    const { startBytes, onDemandBytes } = await bundle(subpaths.map(sourceOf))
    const onDemand = onDemandBytes > 0 ? ` + ${kilobytes(onDemandBytes)} on demand` : ''
    console.log(
      `  ${name.padEnd(14)} ${kilobytes(startBytes)}${onDemand} of ${kilobytes(maxBytes)}`,
    )
  }
}

/** @param {number} bytes */
function kilobytes(bytes) {
  return `${(bytes / 1000).toFixed(1)} kB`
}

/** @param {string} label @param {...string} cells */
function row(label, ...cells) {
  return `  ${label.padEnd(24)}${cells.map((cell) => cell.padStart(16)).join('')}`
}

/** @param {number[]} values */
function median(values) {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? NaN
}
