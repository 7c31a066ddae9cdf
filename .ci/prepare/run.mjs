// Commands: finding them and running them.
import { spawnSync } from 'node:child_process'
import { accessSync, constants, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

/** The repository's top folder. */
export const root = fileURLToPath(new URL('../..', import.meta.url))

/** Runs a command and throws where it fails; its output is the person's to see. */
export function run(command, args, { cwd = root, env = process.env } = {}) {
  // Windows finds npm.cmd only through its shell.
  const shell = process.platform === 'win32'
  const { status, error } = spawnSync(command, args, { cwd, env, shell, stdio: 'inherit' })
  if (status !== 0) {
    throw new Error(`${command} ${args.join(' ')} failed${error ? `: ${error.message}` : ''}`)
  }
}

/** Tells whether a command runs and says yes; its output goes nowhere. */
export function succeeds(command, args) {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0
}

/** What a command prints, or an empty string where it fails. */
export function outputOf(command, args) {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8' })
  return status === 0 ? stdout : ''
}

/** Tells whether a program of this name is on the PATH. */
export function hasCommand(name) {
  const endings = process.platform === 'win32' ? ['.exe', '.cmd', ''] : ['']
  return (process.env.PATH ?? '')
    .split(path.delimiter)
    .some(
      (folder) => folder && endings.some((ending) => isProgram(path.join(folder, name + ending))),
    )
}

function isProgram(file) {
  try {
    accessSync(file, constants.X_OK)
    return statSync(file).isFile()
  } catch {
    return false
  }
}

/**
 * Does a step unless its stamp says that it was done for the very same input.
 * @param {string} stamp file inside the repository that remembers the input
 * @param {string} input all that the step depends on
 * @param {() => void} step
 */
export function once(stamp, input, step) {
  const file = path.join(root, stamp)
  let done
  try {
    done = readFileSync(file, 'utf8')
  } catch {
    done = undefined
  }
  if (done === input) return
  step()
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, input)
}
