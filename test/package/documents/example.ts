/**
 * The README's example, as its reader copies it.
 * @module
 */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { ROOT } from '../walls/tracked-files.ts'

/** Takes the only block of JavaScript out of the README. */
export function readExample(): string {
  const blocks = readFileSync(path.join(ROOT, 'README.md'), 'utf8').split('```js\n').slice(1)
  const [example] = blocks.map((block) => block.split('```')[0])
  if (example === undefined || blocks.length !== 1) throw new Error('README has not one example')
  return example
}
