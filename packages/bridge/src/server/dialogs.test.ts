import { UserError } from '@trien/sdk/errors'
import { describe, expect, it } from 'vitest'
import { createDialogs } from './dialogs.ts'

const from = (origin: string, signal = new AbortController().signal) => ({ origin, signal })
const refuse = () => Promise.reject(new UserError('USER_DENIED'))
const agree = () => Promise.resolve('yes')

describe('dialogs', () => {
  it('are not shown again to an origin that was refused five times in a minute', async () => {
    let now = 0
    const dialogs = createDialogs(1000, () => now)
    for (let count = 0; count < 5; count++) {
      await expect(dialogs.ask(from('a'), refuse)).rejects.toMatchObject({ code: 'USER_DENIED' })
    }
    await expect(dialogs.ask(from('a'), agree)).rejects.toMatchObject({
      code: 'BRIDGE_ORIGIN_DENIED',
    })
    await expect(dialogs.ask(from('b'), agree)).resolves.toBe('yes')
    now = 60_000
    await expect(dialogs.ask(from('a'), agree)).resolves.toBe('yes')
  })

  it('forget refusals once the person agreed', async () => {
    const dialogs = createDialogs(1000, () => 0)
    for (let count = 0; count < 4; count++) await dialogs.ask(from('a'), refuse).catch(() => {})
    await dialogs.ask(from('a'), agree)
    await dialogs.ask(from('a'), refuse).catch(() => {})
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
    for (let count = 0; count < 6; count++) {
      await expect(giveUp('a')).rejects.toEqual(code('USER_CANCELLED'))
    }
    await expect(dialogs.ask(from('a'), agree)).resolves.toBe('yes')
    shown = 0
    for (let count = 0; count < 100; count++) await giveUp('a').catch(() => {})
    expect(shown).toBe(20)
    await expect(giveUp('a')).rejects.toEqual(code('BRIDGE_ORIGIN_DENIED'))
    await expect(dialogs.ask(from('b'), agree)).resolves.toBe('yes')
    now = 60_000
    await expect(dialogs.ask(from('a'), agree)).resolves.toBe('yes')
  })
})
