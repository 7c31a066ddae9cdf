import { expect, it } from 'vitest'
import * as templates from './templates.ts'

const GIVEN_NOTHING: readonly (keyof typeof templates)[] = ['archivedRecord']

it.each(Object.entries(templates))('%s tells of options that are wrong', (name, template) => {
  const make = template as (options?: unknown) => unknown
  for (const options of [undefined, null, 'x']) {
    const isFine = options === undefined && GIVEN_NOTHING.some((one) => one === name)
    if (isFine) expect(make(options)).toHaveProperty('at')
    else {
      expect(() => make(options)).toThrow(
        expect.objectContaining({
          code: 'USAGE_ARGUMENT',
          details: expect.objectContaining({ argument: 'options' }) as unknown,
        }),
      )
    }
  }
})

it('the stamp of what comes in tells of metadata that are none', () => {
  for (const metadata of [undefined, 'x', [null]]) {
    expect(() => templates.incomingStamp({ metadata } as never)).toThrow(
      expect.objectContaining({
        code: 'USAGE_ARGUMENT',
        details: expect.objectContaining({ argument: 'metadata' }) as unknown,
      }),
    )
  }
})
