// `npm run bench`: signs the same PDFs with Trien and with two other libraries, beside the time that reading, hashing and
// writing the file takes at the least; then the other formats, a batch, and cost against size. Figures of PDF are medians
// over processes of their own; contenders take turns, so that a busy moment of the machine hits all of them. Time is on the
// clock; processor time, which other programs disturb less, is of all threads. Nothing here fails on time: figures are
// for people to read, and docs/speed.md has them with what they mean.
import { spawnSync } from 'node:child_process'
import { statSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { LOADS, bundle, sourceOf } from '../package/walls/bundle.mjs'
import { median, milliseconds, row } from './figures.mjs'
import { makeIdentity } from './identity.mjs'
import { makeInputs } from './inputs.mjs'
import { OUT, installPeers } from './peers.mjs'

const CONTENDERS = {
  limit: 'read + SHA-256 + write',
  'trien-file': 'Trien, from file to file',
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
for (const part of ['formats.mjs', 'cost.mjs']) runPart(part)
await reportBundles()

/** @typedef {import('./figures.mjs').Taken} Taken */
/** @typedef {import('./inputs.mjs').Input} Input */
/** @typedef {{ first: Taken, then: Taken, peakBytes: number }} Run */

/** @param {Input} input */
function run(input) {
  /** @type {Record<string, Run[]>} */
  const results = Object.fromEntries(Object.keys(CONTENDERS).map((name) => [name, []]))
  for (let round = 0; round < input.runs; round++) {
    for (const name of Object.keys(CONTENDERS)) results[name]?.push(runOnce(name, input))
  }
  return results
}

/** @param {string} contender @param {Input} input @returns {Run} */
function runOnce(contender, { file, warmUps, more }) {
  const output = path.join(OUT, `signed-${contender}-${path.basename(file)}`)
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--expose-gc', measure, contender, file, output, String(warmUps), String(more)],
    { encoding: 'utf8' },
  )
  if (status !== 0) throw new Error(`bench: ${contender} failed on ${file}\n${stderr}`)
  if (contender !== 'limit' && statSync(output).size <= statSync(file).size) {
    throw new Error(`bench: ${contender} wrote no signature into ${output}`)
  }
  return JSON.parse(stdout)
}

/** @param {string} file */
function runPart(file) {
  const program = fileURLToPath(new URL(file, import.meta.url))
  const { status } = spawnSync(process.execPath, [program], { stdio: 'inherit' })
  if (status !== 0) throw new Error(`bench: ${file} failed`)
}

/**
 * @param {Input} input
 * @param {ReturnType<typeof run>} results
 */
function report(input, results) {
  const of = (/** @type {string} */ name, /** @type {(one: Run) => number} */ figure) =>
    median((results[name] ?? []).map(figure))
  const size = `${(input.bytes / 1e6).toFixed(1)} MB`
  console.log(`\n${input.name} (${size}; ${input.runs} processes; target ${input.target})`)
  console.log(
    row(
      '',
      'first',
      '× limit',
      'then',
      '× limit',
      'processor',
      '× limit',
      '× fastest peer',
      'peak memory',
    ),
  )
  const figures = [
    (/** @type {Run} */ one) => one.first.ms,
    (/** @type {Run} */ one) => one.then.ms,
    (/** @type {Run} */ one) => one.then.cpuMs,
  ]
  const then = (/** @type {Run} */ one) => one.then.ms
  const fastestPeer = Math.min(...PEERS.map((peer) => of(peer, then)))
  for (const [name, label] of Object.entries(CONTENDERS)) {
    const cells = figures.flatMap((figure) => [
      milliseconds(of(name, figure)),
      (of(name, figure) / of('limit', figure)).toFixed(2),
    ])
    const over = of(name, ({ peakBytes }) => peakBytes) - input.bytes
    const memory = `input ${over < 0 ? '−' : '+'} ${Math.abs(over / 1e6).toFixed(0)} MB`
    console.log(row(label, ...cells, (of(name, then) / fastestPeer).toFixed(2), memory))
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
