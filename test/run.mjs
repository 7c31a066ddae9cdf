// Runs test tiers by name, one after another, and closes with the sum of all: `N passed, N failed` alone on a line.
// A tier that runs fewer tests than it must is a failure: silence cannot pass. Where TRIEN_COUNTS names a file, the sum
// is added to it as a line instead, for a caller that closes with a sum of its own; where TRIEN_FAILURES names one, each
// failure is added to that by name, with the beginning of what it said.
import { spawnSync } from 'node:child_process'
import { appendFileSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { describeFailures } from './failures.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const vitest = path.join(
  path.dirname(createRequire(import.meta.url).resolve('vitest/package.json')),
  'vitest.mjs',
)
const minimum = JSON.parse(readFileSync(new URL('minimum-tests.json', import.meta.url), 'utf8'))

const names = process.argv.slice(2)
const results = path.join(root, 'out', 'tests')
mkdirSync(results, { recursive: true })

const sum = { passed: 0, failed: 0 }
for (const name of names) {
  if (!(name in minimum)) throw new Error(`no such tier: ${name}`)
  console.log(`\n── ${name} ──`)
  const { passed, failed } = runTier(name)
  sum.passed += passed
  sum.failed += failed
}
if (process.env.TRIEN_COUNTS) {
  appendFileSync(process.env.TRIEN_COUNTS, `${sum.passed} ${sum.failed}\n`)
  console.log(`\n── ${names.join(', ')}: ${sum.passed} passed, ${sum.failed} failed ──`)
} else {
  console.log(`\n${sum.passed} passed, ${sum.failed} failed`)
}
process.exitCode = sum.failed === 0 ? 0 : 1

function runTier(name) {
  let { passed, failures } = runVitest(name)
  // No test was reached: vitest's workers did not start, or it was ended from outside. That says nothing of the tests.
  if (passed === 0 && failures.every(({ file }) => file === undefined)) {
    console.error(`${name}: no test ran, once more\n${describeFailures(name, failures, root)}`)
    ;({ passed, failures } = runVitest(name))
  }
  if (passed + failures.length < minimum[name]) {
    const message = `ran ${passed + failures.length} tests, expected at least ${minimum[name]}`
    failures.push({ title: 'too few tests', message })
  }
  const words = describeFailures(name, failures, root)
  if (process.env.TRIEN_FAILURES) appendFileSync(process.env.TRIEN_FAILURES, words)
  else process.stderr.write(words)
  return { passed, failed: failures.length }
}

/** @returns {import('./tally.mjs').Tally} with at least one failure where vitest ended badly */
function runVitest(name) {
  const file = path.join(results, `${name}.json`)
  rmSync(file, { force: true })
  const reporter = path.join(root, 'test', 'tally.mjs')
  const { status, signal } = spawnSync(
    process.execPath,
    [vitest, 'run', '--project', name, '--reporter=default', `--reporter=${reporter}`],
    { cwd: root, stdio: 'inherit', env: { ...process.env, TRIEN_TALLY: file } },
  )
  const end = `vitest ended with ${signal ?? status}`
  try {
    const { passed, failures } = JSON.parse(readFileSync(file, 'utf8'))
    if (status !== 0 && failures.length === 0) failures.push({ title: 'ended badly', message: end })
    return { passed, failures }
  } catch (error) {
    return { passed: 0, failures: [{ title: 'no report', message: `${end}, ${error.message}` }] }
  }
}
