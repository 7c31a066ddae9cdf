import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeFailures } from '../failures.mjs'

describe('what CI says of its failures', () => {
  it('names the tier, the file and the test, and how it failed', () => {
    const failure = {
      file: '/clone/test/a.test.ts',
      title: 'the sum is right',
      message:
        'expected 1 to be 2\n    at /clone/test/a.test.ts:3:1\n    at /clone/node_modules/x.js',
    }
    expect(describeFailures('unit', [failure], '/clone')).toBe(
      '✗ unit: test/a.test.ts > the sum is right\n' +
        '    expected 1 to be 2\n        at /clone/test/a.test.ts:3:1\n',
    )
  })

  it('names what belongs to no file', () => {
    const failure = { title: 'nobody caught', message: 'none' }
    expect(describeFailures('e2e', [failure], '/clone')).toBe('✗ e2e: nobody caught\n    none\n')
  })

  it('cuts what is long', () => {
    const message = `${'x'.repeat(10_000)}\n`.repeat(1000)
    const failure = { file: '/clone/c.test.ts', title: 'c', message }
    expect(describeFailures('unit', [failure], '/clone').length).toBeLessThan(5000)
  })

  it('says nothing where nothing failed', () => {
    expect(describeFailures('unit', [], '/clone')).toBe('')
  })
})

/** Inside the repository, so that what the tests import is found. */
const OUT = fileURLToPath(new URL('../../out/', import.meta.url))

describe('what a run of vitest came to', () => {
  let folder: string
  let tally: { passed: number; failures: { file?: string; title: string; message: string }[] }

  beforeAll(() => {
    mkdirSync(OUT, { recursive: true })
    folder = mkdtempSync(path.join(OUT, 'tally-'))
    const write = (name: string, text: string): void =>
      writeFileSync(
        path.join(folder, name),
        `import { beforeAll, describe, expect, it } from 'vitest'\n${text}`,
      )
    write('vitest.config.mjs', 'export default {}')
    write('good.test.js', `it('adds', () => {})\nit.skip('waits', () => {})`)
    write('bad.test.js', `it('adds badly', () => expect(1).toBe(2))`)
    write(
      'hook.test.js',
      `describe('a world', () => {
        beforeAll(() => { throw new Error('the world did not start') })
        it('turns', () => {})
      })`,
    )
    write('top-hook.test.js', `beforeAll(() => { throw new Error('no top') })\nit('is', () => {})`)
    write('broken.test.js', `throw new Error('cannot be loaded')`)
    write(
      'loose.test.js',
      `it('forgets', async () => {
        void Promise.reject(new Error('nobody heard me'))
        await new Promise((resolve) => setTimeout(resolve, 50))
      })`,
    )
    const vitest = fileURLToPath(new URL('vitest.mjs', import.meta.resolve('vitest/package.json')))
    const reporter = fileURLToPath(new URL('../tally.mjs', import.meta.url))
    const file = path.join(folder, 'tally.json')
    spawnSync(process.execPath, [vitest, 'run', '--root', folder, `--reporter=${reporter}`], {
      env: { ...process.env, TRIEN_TALLY: file },
    })
    tally = JSON.parse(readFileSync(file, 'utf8')) as typeof tally
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('counts what passed', () => {
    expect(tally.passed).toBe(2)
  })

  it.each([
    ['a test', 'bad.test.js', 'adds badly', 'expected 1 to be 2'],
    ['a hook', 'hook.test.js', 'a hook of a world', 'the world did not start'],
    ['a hook of a whole file', 'top-hook.test.js', 'the file itself', 'no top'],
    ['a file that does not load', 'broken.test.js', 'the file itself', 'cannot be loaded'],
    ['an error that nobody caught', undefined, 'nobody caught', 'nobody heard me'],
  ])('names %s', (_, file, title, message) => {
    expect(tally.failures).toContainEqual({
      ...(file === undefined ? {} : { file: path.join(folder, file) }),
      title,
      message: expect.stringContaining(message) as string,
    })
  })

  it('names each once', () => {
    expect(tally.failures).toHaveLength(5)
  })
})
