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
  if (passed + failed < minimum[name]) {
    console.error(`${name}: ran ${passed + failed} tests, expected at least ${minimum[name]}`)
    sum.failed += 1
  }
}
if (process.env.TRIEN_COUNTS) {
  appendFileSync(process.env.TRIEN_COUNTS, `${sum.passed} ${sum.failed}\n`)
  console.log(`\n── ${names.join(', ')}: ${sum.passed} passed, ${sum.failed} failed ──`)
} else {
  console.log(`\n${sum.passed} passed, ${sum.failed} failed`)
}
process.exitCode = sum.failed === 0 ? 0 : 1

function runTier(name) {
  const outputFile = path.join(results, `${name}.json`)
  rmSync(outputFile, { force: true })
  const { status } = spawnSync(
    process.execPath,
    [
      vitest,
      'run',
      '--project',
      name,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${outputFile}`,
    ],
    { cwd: root, stdio: 'inherit' },
  )
  let passed = 0
  let failed = 0
  try {
    const report = JSON.parse(readFileSync(outputFile, 'utf8'))
    passed = report.numPassedTests
    // A file that fails to load reports no test of its own.
    const brokenFiles = report.testResults.filter(
      (file) => file.status === 'failed' && file.assertionResults.length === 0,
    )
    failed = report.numFailedTests + brokenFiles.length
    if (process.env.TRIEN_FAILURES) {
      appendFileSync(process.env.TRIEN_FAILURES, describeFailures(name, report.testResults, root))
    }
  } catch (error) {
    console.error(`${name}: no report (${error.message})`)
    failed = 1
  }
  return { passed, failed: status !== 0 && failed === 0 ? 1 : failed }
}
