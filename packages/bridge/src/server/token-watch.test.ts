import { tokensChanged } from '@trien/sdk/wire'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createTokenWatch } from './token-watch.ts'

const PORTAL = 'https://portal.gov.test'
const STRANGER = 'https://stranger.test'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] })
})
afterEach(() => {
  vi.useRealTimers()
})

function setUp() {
  const granted = new Set([PORTAL])
  let change = (): void => {}
  let looks = 0
  const watch = createTokenWatch({
    tokens: {
      look() {
        looks += 1
      },
      onChange(listener) {
        change = listener
      },
    },
    consents: { isGranted: (origin) => granted.has(origin) },
  })
  const open = (origin: string) => {
    const heard: string[] = []
    const leave = watch.enter({
      origin,
      notify(type, params) {
        heard.push(`${type.method} ${JSON.stringify(type.params.write(params))}`)
      },
    })
    return { heard, leave }
  }
  return { granted, open, change: () => change(), looks: () => looks }
}

describe('a watch over the tokens', () => {
  it('looks about once a second, only while a page is there that may list', () => {
    const { granted, open, looks } = setUp()
    vi.advanceTimersByTime(10_000)
    const stranger = open(STRANGER)
    vi.advanceTimersByTime(10_000)
    expect(looks()).toBe(0)
    const { leave } = open(PORTAL)
    vi.advanceTimersByTime(10_000)
    expect(looks()).toBe(10)
    granted.clear()
    vi.advanceTimersByTime(10_000)
    expect(looks()).toBe(10)
    stranger.leave()
    leave()
    expect(vi.getTimerCount()).toBe(0)
  })

  it('tells each page that may list, at once, and nobody else', () => {
    const { open, change } = setUp()
    const pages = [open(PORTAL), open(PORTAL), open(STRANGER)]
    change()
    const word = `${tokensChanged.method} {}`
    expect(pages.map(({ heard }) => heard)).toEqual([[word], [word], []])
  })

  it('draws changes together, so that a page hears of them once a second at most', () => {
    const { open, change } = setUp()
    const { heard } = open(PORTAL)
    for (let tenth = 0; tenth < 30; tenth++) {
      change()
      vi.advanceTimersByTime(100)
    }
    expect(heard.length).toBeGreaterThanOrEqual(3)
    expect(heard.length).toBeLessThanOrEqual(4)
    vi.advanceTimersByTime(5000)
    expect(heard.length).toBeLessThanOrEqual(4)
  })

  it('tells a page no more whose consent was taken back, and none that is gone', () => {
    const { granted, open, change } = setUp()
    const stays = open(PORTAL)
    const leaves = open(PORTAL)
    leaves.leave()
    granted.delete(PORTAL)
    change()
    vi.advanceTimersByTime(5000)
    expect([...stays.heard, ...leaves.heard]).toEqual([])
  })
})
