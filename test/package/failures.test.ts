import { describe, expect, it } from 'vitest'
import { describeFailures } from '../failures.mjs'

const failed = (...failureMessages: string[]) => ({
  status: 'failed',
  fullName: 'the sum is right',
  failureMessages,
})

describe('what CI says of its failures', () => {
  it('names the tier, the file, the test and how it failed', () => {
    const files = [
      {
        name: '/clone/test/a.test.ts',
        status: 'failed',
        assertionResults: [
          { status: 'passed', fullName: 'the rest is right', failureMessages: [] },
          failed(
            'expected 1 to be 2\n    at /clone/test/a.test.ts:3:1\n    at /clone/node_modules/x.js',
          ),
        ],
      },
    ]
    expect(describeFailures('unit', files, '/clone')).toBe(
      '✗ unit: test/a.test.ts > the sum is right\n' +
        '    expected 1 to be 2\n        at /clone/test/a.test.ts:3:1\n',
    )
  })

  it('names a file that does not load', () => {
    const file = {
      name: '/clone/b.test.ts',
      status: 'failed',
      message: 'none',
      assertionResults: [],
    }
    expect(describeFailures('e2e', [file], '/clone')).toBe(
      '✗ e2e: b.test.ts > does not load\n    none\n',
    )
  })

  it('cuts what is long', () => {
    const file = {
      name: '/clone/c.test.ts',
      status: 'failed',
      assertionResults: [failed(`${'x'.repeat(10_000)}\n`.repeat(1000))],
    }
    expect(describeFailures('unit', [file], '/clone').length).toBeLessThan(5000)
  })

  it('says nothing where nothing failed', () => {
    const file = { name: '/clone/d.test.ts', status: 'passed', assertionResults: [] }
    expect(describeFailures('unit', [file], '/clone')).toBe('')
  })
})
