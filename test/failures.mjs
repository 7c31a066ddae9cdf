// What failed, in words short enough to be said again where a log ends.
import path from 'node:path'

const MAX_LINES = 12
const MAX_LINE_LENGTH = 300

/**
 * Describes what failed in a tier.
 * @param {string} tier
 * @param {readonly import('./tally.mjs').Failure[]} failures
 * @param {string} root what paths are relative to
 * @returns {string} a paragraph a failure; empty where none is
 */
export function describeFailures(tier, failures, root) {
  return failures
    .map(({ file, title, message }) => {
      const lines = message
        .split('\n')
        .filter((line) => line.trim() !== '' && !line.includes('/node_modules/'))
        .slice(0, MAX_LINES)
        .map((line) => `    ${line.slice(0, MAX_LINE_LENGTH)}\n`)
      const place = file === undefined ? '' : `${path.relative(root, file)} > `
      return `✗ ${tier}: ${place}${title}\n${lines.join('')}`
    })
    .join('')
}
