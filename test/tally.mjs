// What a tier's run came to: how many tests passed, and what did not go well, with the words it used. Passed to vitest as
// a reporter, for a hook that fails (all its tests are then merely skipped) and an error that nobody caught fail a run too,
// and vitest's own JSON says nothing of either. Written where TRIEN_TALLY names a file.
import { writeFileSync } from 'node:fs'

/**
 * @typedef {object} Failure
 * @property {string} [file] absolute; none where an error belongs to no file
 * @property {string} title
 * @property {string} message
 *
 * @typedef {object} Tally
 * @property {number} passed tests
 * @property {readonly Failure[]} failures a test, a hook, a file that does not load, an error that nobody caught
 */

export default class TallyReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const file = process.env.TRIEN_TALLY
    if (file) writeFileSync(file, JSON.stringify(tally(modules, unhandledErrors)))
  }
}

/** @returns {Tally} */
function tally(modules, unhandledErrors) {
  const failures = modules.flatMap((module) =>
    [
      fail('the file itself', module.errors()),
      ...[...module.children.allSuites()].map((suite) =>
        fail(`a hook of ${suite.fullName}`, suite.errors()),
      ),
      ...[...module.children.allTests('failed')].map((test) =>
        fail(test.fullName, test.result().errors),
      ),
    ]
      .flat()
      .map((failure) => ({ file: module.moduleId, ...failure })),
  )
  const passed = modules.reduce(
    (sum, module) => sum + [...module.children.allTests('passed')].length,
    0,
  )
  return { passed, failures: [...failures, ...fail('nobody caught', unhandledErrors)] }
}

/** One failure, whatever number of errors it has. */
function fail(title, errors) {
  if (errors.length === 0) return []
  return [{ title, message: errors.map(({ message, stack }) => stack ?? message).join('\n') }]
}
