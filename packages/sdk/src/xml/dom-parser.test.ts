import { afterEach, expect, it, vi } from 'vitest'
import { findDomParser } from './dom-parser.ts'

afterEach(() => vi.unstubAllGlobals())

it('reads by the parser that it keeps where the page may not use its own, and asks once', async () => {
  const refuses = vi.fn(() => {
    throw new TypeError('This document requires TrustedHTML')
  })
  vi.stubGlobal(
    'DOMParser',
    class {
      parseFromString = refuses
    },
  )
  await findDomParser()
  const parse = await findDomParser()
  expect(parse('<a><b/></a>').documentElement.nodeName).toBe('a')
  expect(refuses).toHaveBeenCalledOnce()
})
