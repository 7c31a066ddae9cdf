// What failed, in words short enough to be said again where a log ends.
import path from 'node:path'

const MAX_LINES = 12
const MAX_LINE_LENGTH = 300

/**
 * Describes what failed in a tier.
 * @param {string} tier
 * @param {readonly object[]} files `testResults` of vitest's JSON report
 * @param {string} root what paths are relative to
 * @returns {string} a paragraph a failure; empty where none is
 */
export function describeFailures(tier, files, root) {
  return files
    .flatMap((file) => listFailures(file))
    .map(({ name, title, message }) => {
      const lines = message
        .split('\n')
        .filter((line) => line.trim() !== '' && !line.includes('/node_modules/'))
        .slice(0, MAX_LINES)
        .map((line) => `    ${line.slice(0, MAX_LINE_LENGTH)}\n`)
      return `✗ ${tier}: ${path.relative(root, name)} > ${title}\n${lines.join('')}`
    })
    .join('')
}

function listFailures({ name, status, message, assertionResults }) {
  // A file that fails to load reports no test of its own.
  if (status === 'failed' && assertionResults.length === 0) {
    return [{ name, title: 'does not load', message }]
  }
  return assertionResults
    .filter((test) => test.status === 'failed')
    .map((test) => ({ name, title: test.fullName, message: test.failureMessages.join('\n') }))
}
