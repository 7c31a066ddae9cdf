import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { isSigningError } from '@trien/sdk/errors'
import { type SignItem, signItems } from '@trien/sdk/wire'
import type { Call } from './call.ts'
import { gatherItems } from './gather-items.ts'
import { createItemRoom } from './item-room.ts'

const ORIGIN = 'https://portal.gov.test'
const item = (id: number, bytes = 2): SignItem => ({
  ...{ id: `${id}`, kind: 'cms-signed-attributes', algorithm: 'ES256' },
  toBeSigned: new Uint8Array(bytes),
  document: {
    ...{ name: 'đơn.pdf', mediaType: 'application/pdf', size: 9 },
    digest: { algorithm: 'SHA-256', value: new Uint8Array(32) },
  },
})

/** A page that has asked and goes on to say more. */
function ask(
  more: number | undefined,
  {
    items = [] as SignItem[],
    room = createItemRoom(),
    origin = ORIGIN,
    controller = new AbortController(),
  } = {},
) {
  let listener: Parameters<Call['onMore']>[0] = () => undefined
  const call = {
    ...{ origin, port: 1, request: 1, signal: controller.signal, notify: () => undefined },
    onMore: (next: typeof listener) => (listener = next),
  } as Call
  const consents = { has: (asked: string) => asked === ORIGIN }
  const desk = { consents, itemRoom: room } as never
  const gathering = gatherItems({ items, ...(more === undefined ? {} : { more }) }, desk, call)
  gathering.catch(() => undefined)
  return {
    gathering,
    abort: (reason: Error) => controller.abort(reason),
    say: (...said: SignItem[]) =>
      listener(signItems.method, signItems.params.write({ request: 1, items: said })),
    sayRaw: (params: unknown) => listener(signItems.method, params),
  }
}

const problemOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'gathered',
    (error: unknown) => (isSigningError(error) ? [error.code, error.details['problem']] : error),
  )

describe('items that come in several messages', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
  afterEach(() => void vi.useRealTimers())

  it('are those of one message where there is no more', async () => {
    const { items } = await ask(undefined, { items: [item(1)] }).gathering
    expect(items).toHaveLength(1)
  })

  it('are all there, in order, before anything goes on', async () => {
    const page = ask(3)
    page.say(item(1), item(2))
    page.say(item(3))
    const { items } = await page.gathering
    expect(items.map(({ id }) => id)).toEqual(['1', '2', '3'])
  })

  it('take nobody else’s room for long', async () => {
    const room = createItemRoom(3000)
    const first = ask(2, { room })
    first.say(item(1, 1000))
    const second = ask(1, { room })
    second.say(item(1, 1000))
    expect(await problemOf(second.gathering)).toEqual(['BRIDGE_BUSY', undefined])
    first.abort(new Error('gone'))
    expect(await problemOf(first.gathering)).toEqual(new Error('gone'))
    const third = ask(1, { room })
    third.say(item(1, 2000))
    const { release } = await third.gathering
    expect(room.take(1000)).toBe(false)
    release()
    release()
    expect(room.take(3000)).toBe(true)
    expect(room.take(1)).toBe(false)
  })

  it('are not waited for where the page has taken its question back already', async () => {
    const controller = new AbortController()
    controller.abort(new Error('gone'))
    expect(await problemOf(ask(2, { controller }).gathering)).toEqual(new Error('gone'))
  })

  it.each(['toBeSigned', 'signedProperties', 'officeObject'] as const)(
    'take room for their %s',
    async (part) => {
      const page = ask(1, { room: createItemRoom(10_000) })
      page.say({ ...item(1), [part]: new Uint8Array(20_000) })
      expect(await problemOf(page.gathering)).toEqual(['BRIDGE_BUSY', undefined])
    },
  )

  it.each<[string, () => Promise<unknown>, readonly unknown[]]>([
    ['none at all', () => ask(undefined).gathering, ['BRIDGE_PROTOCOL', 'params.items']],
    [
      'both ways',
      () => ask(1, { items: [item(1)] }).gathering,
      ['BRIDGE_PROTOCOL', 'params.items'],
    ],
    [
      'a page that the person does not know',
      () => ask(1, { origin: 'https://other.test' }).gathering,
      ['BRIDGE_ORIGIN_DENIED', undefined],
    ],
    [
      'more than announced',
      () => {
        const page = ask(1)
        page.say(item(1), item(2))
        return page.gathering
      },
      ['BRIDGE_PROTOCOL', 'params.more'],
    ],
    [
      'another shape',
      () => {
        const page = ask(1)
        page.sayRaw({ request: 1, items: [{ id: 7 }] })
        return page.gathering
      },
      ['BRIDGE_PROTOCOL', 'params.items[0].id'],
    ],
    [
      'more bytes than a bridge holds for one',
      () => {
        const page = ask(600, { room: createItemRoom(Infinity) })
        for (let id = 0; id < 600; id++) page.say(item(id, 65_536))
        return page.gathering
      },
      ['BRIDGE_TOO_LARGE', undefined],
    ],
    [
      'silence',
      () => {
        const page = ask(2)
        page.say(item(1))
        vi.advanceTimersByTime(15_001)
        return page.gathering
      },
      ['BRIDGE_PROTOCOL', 'items'],
    ],
    [
      'one now and then, without an end',
      () => {
        const page = ask(100)
        for (let id = 0; id < 5; id++) {
          page.say(item(id))
          vi.advanceTimersByTime(12_001)
        }
        return page.gathering
      },
      ['BRIDGE_PROTOCOL', 'items'],
    ],
    [
      'messages with none',
      () => {
        const page = ask(1)
        page.sayRaw({ request: 1, items: [] })
        return page.gathering
      },
      ['BRIDGE_PROTOCOL', 'params.items'],
    ],
  ])('%s: refused', async (_, begin, expected) => {
    expect(await problemOf(begin())).toEqual(expected)
  })
})
