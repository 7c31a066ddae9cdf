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

it('the seal stands on the page of the signature that it is over, which is the first where none is named', () => {
  const at = { x: 100, y: 200, width: 30, height: 15 }
  const pageOf = (over: Parameters<typeof templates.organisationSeal>[0]['over']) =>
    templates.organisationSeal({ image: new Uint8Array(0), over }).page
  expect(pageOf({ at })).toBe(1)
  expect(pageOf({ at, page: 'last' })).toBe('last')
  expect(pageOf({ at, page: 7 })).toBe(7)
})
