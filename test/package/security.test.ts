/** SECURITY.md: each line of its tables names the tests that fail when the defence is gone. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { findUnproven, parseDefences } from './documents/defences.ts'
import { ROOT, listTrackedFiles } from './walls/tracked-files.ts'

const tracked = new Set(listTrackedFiles())
const read = (file: string): string | undefined =>
  tracked.has(file) ? readFileSync(path.join(ROOT, file), 'utf8') : undefined
const defences = parseDefences(readFileSync(path.join(ROOT, 'SECURITY.md'), 'utf8'))

describe('SECURITY.md', () => {
  it('names tests that are there, at least one for each defence', () => {
    expect(defences.length).toBeGreaterThan(55)
    expect(defences.flatMap((defence) => findUnproven(defence, read))).toEqual([])
  })

  it('has a place for every file of attacks', () => {
    const cited = new Set(defences.flatMap(({ proofs }) => proofs.map(({ file }) => file)))
    const attacks = [...tracked].filter((file) => file.startsWith('test/integration/hostile/'))
    expect(attacks.length).toBeGreaterThan(3)
    expect(attacks.filter((file) => !cited.has(file))).toEqual([])
  })

  it.each([
    ['no test', '', 'names no test'],
    ['a file alone', '`a.test.ts`', 'names no test'],
    ['words beside them', '`a.test.ts` “one” by hand', 'says more than tests: by hand'],
    ['a file that is not there', '`b.test.ts` “one”', 'b.test.ts is not there'],
    ['a file that is no test', '`a.ts` “one”', 'a.ts is no test'],
    ['a test that is not there', '`a.test.ts` “one”, “three”', 'a.test.ts has no test “three”'],
    [
      'a word of the file that names no test',
      '`a.test.ts` “expect”',
      'a.test.ts has no test “expect”',
    ],
  ])('is not good with %s', (_, cell, fault) => {
    const head = '| it tries to | what stands in the way | test |\n|---|---|---|\n'
    const [defence] = parseDefences(`${head}| harm | we do not let it | ${cell} |\n`)
    const files: Readonly<Record<string, string>> = {
      'a.test.ts': `it('one', () => expect(1))\nit.each([['two']])('%s', () => {})`,
      'a.ts': `'one'`,
    }
    expect(findUnproven(defence!, (file) => files[file])).toEqual([`harm: ${fault}`])
  })
})
