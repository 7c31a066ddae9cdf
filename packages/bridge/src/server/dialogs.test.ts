import { UserError } from '@trien/sdk/errors'
import { describe, expect, it } from 'vitest'
import { createDialogs } from './dialogs.ts'

const from = (origin: string, signal = new AbortController().signal) => ({ origin, signal })
const refuse = () => Promise.reject(new UserError('USER_DENIED'))
const agree = () => Promise.resolve('yes')

describe('dialogs', () => {
  const pause = (retryAfterMs: number) =>
    expect.objectContaining({ code: 'BRIDGE_BUSY', details: { reason: 'pause', retryAfterMs } })

  it('are not shown to an origin that was just refused, for longer each time up to a minute', async () => {
    let now = 0
    const dialogs = createDialogs(1000, () => now)
    for (const pauseMs of [2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]) {
      await expect(dialogs.ask(from('a'), refuse)).rejects.toMatchObject({ code: 'USER_DENIED' })
      await expect(dialogs.ask(from('a'), agree)).rejects.toEqual(pause(pauseMs))
      await expect(dialogs.ask(from('b'), agree)).resolves.toBe('yes')
      now += pauseMs - 1
      await expect(dialogs.ask(from('a'), agree)).rejects.toEqual(pause(1))
      now += 1
    }
    await expect(dialogs.ask(from('a'), agree)).resolves.toBe('yes')
  })

  it('forget refusals once the person agreed, or after five quiet minutes', async () => {
    let now = 0
    const dialogs = createDialogs(1000, () => now)
    for (const forget of [() => dialogs.ask(from('a'), agree), () => (now += 300_000)]) {
      for (const pauseMs of [2000, 4000]) {
        await dialogs.ask(from('a'), refuse).catch(() => {})
        await expect(dialogs.ask(from('a'), agree)).rejects.toEqual(pause(pauseMs))
        now += pauseMs
      }
      await forget()
    }
    await dialogs.ask(from('a'), refuse).catch(() => {})
    await expect(dialogs.ask(from('a'), agree)).rejects.toEqual(pause(2000))
  })

  it('that nobody answered in time are no refusal', async () => {
    const dialogs = createDialogs(1000, () => 0)
    const timeout = () => Promise.reject(new UserError('USER_TIMEOUT'))
    await expect(dialogs.ask(from('a'), timeout)).rejects.toMatchObject({ code: 'USER_TIMEOUT' })
    await expect(dialogs.ask(from('a'), agree)).resolves.toBe('yes')
  })

  it('are not shown to a page that opens and takes them back in a loop', async () => {
    let now = 0
    const dialogs = createDialogs(1000, () => now)
    let shown = 0
    const giveUp = (origin: string): Promise<unknown> => {
      const page = new AbortController()
      return dialogs.ask(from(origin, page.signal), async (signal) => {
        shown += 1
        page.abort(new UserError('USER_CANCELLED'))
        signal.throwIfAborted()
      })
    }
    const code = (name: string) => expect.objectContaining({ code: name })
    for (let count = 0; count < 3; count++) {
      await expect(giveUp('a')).rejects.toEqual(code('USER_CANCELLED'))
    }
    await expect(dialogs.ask(from('a'), agree)).resolves.toBe('yes')
    shown = 0
    for (let count = 0; count < 100; count++) await giveUp('a').catch(() => {})
    expect(shown).toBe(4)
    await expect(giveUp('a')).rejects.toEqual(pause(2000))
    await expect(dialogs.ask(from('b'), agree)).resolves.toBe('yes')
    now = 2000
    await expect(dialogs.ask(from('a'), agree)).resolves.toBe('yes')
  })

  it('forget the oldest of very many origins, so that names cannot fill the memory', async () => {
    const dialogs = createDialogs(1000, () => 0)
    for (let count = 0; count <= 1000; count++) {
      await dialogs.ask(from(`site-${count}`), refuse).catch(() => {})
    }
    await expect(dialogs.ask(from('site-0'), agree)).resolves.toBe('yes')
    await expect(dialogs.ask(from('site-1000'), agree)).rejects.toEqual(pause(2000))
  })
})
