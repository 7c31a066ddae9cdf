/** One dialog at a time, for the pages that are there: what waits, what goes away, and what a wrong PIN leaves behind. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  type ConsentLab,
  answerOf,
  certificatesOf,
  createConsentLab,
  failure,
  sendSign,
  signOn,
  signParams,
  untilGone,
} from '../helpers/consent-lab.ts'

describe('the dialogs of several pages', () => {
  let lab: ConsentLab
  beforeAll(async () => {
    lab = await createConsentLab()
  })
  afterEach(() => lab.tidy())
  afterAll(() => lab?.close())

  it('ends when the page cancels, and the dialog goes away', async () => {
    const page = await lab.open()
    const [certificate] = await certificatesOf(page)
    const params = await signParams(certificate!)
    lab.pinentry.answer({ getpin: 'hang' })
    sendSign(page, params)
    const [, asked] = await lab.pinentry.untilCount('asked', 2)
    page.sendJson({ jsonrpc: '2.0', method: 'cancel', params: { request: 3 } })
    expect(await answerOf(page, 3)).toMatchObject(failure('USER_CANCELLED'))
    await lab.pinentry.untilCount('ended', 2)
    await untilGone(asked!.pid!)
    lab.pinentry.answer({})
    expect(await signOn(page, params, 4)).toMatchObject({ result: { signed: 1 } })
  })

  it('ends when the page closes: its dialog goes away and the next page is asked', async () => {
    const [one, two] = [await lab.open(), await lab.open('two')]
    const [certificate] = await certificatesOf(one)
    await certificatesOf(two)
    lab.pinentry.answer({ getpin: 'hang' })
    sendSign(one, await signParams(certificate!))
    const asked = (await lab.pinentry.untilCount('asked', 3)).at(-1)!
    lab.pinentry.answer({})
    const second = signOn(two, await signParams(certificate!, { names: ['hai.txt'] }))
    one.destroy()
    expect(await second).toMatchObject({ result: { signed: 1 } })
    expect(lab.lastAsked().description).toContain(lab.originOf('two'))
    await untilGone(asked.pid!)
  })

  it('serves two tabs one after the other, never two dialogs at once', async () => {
    const [one, two] = [await lab.open(), await lab.open()]
    const [certificate] = await certificatesOf(one)
    const answers = await Promise.all([
      signOn(one, await signParams(certificate!, { names: ['một'] })),
      signOn(two, await signParams(certificate!, { names: ['hai'] })),
    ])
    for (const answer of answers) expect(answer).toMatchObject({ result: { signed: 1 } })
    const { length } = await lab.pinentry.untilCount('ended', 3)
    expect(length).toBe(3)
    const order = lab.pinentry.events().map(({ event }) => event)
    expect(order).toEqual(['asked', 'ended', 'asked', 'ended', 'asked', 'ended'])
  })

  it('takes a queued request out of the line when its page cancels it', async () => {
    const [one, two] = [await lab.open(), await lab.open('two')]
    const [certificate] = await certificatesOf(one)
    await certificatesOf(two)
    lab.pinentry.answer({ getpin: 'hang' })
    sendSign(one, await signParams(certificate!))
    await lab.pinentry.untilCount('asked', 3)
    sendSign(two, await signParams(certificate!))
    two.sendJson({ jsonrpc: '2.0', method: 'cancel', params: { request: 3 } })
    expect(await answerOf(two, 3)).toMatchObject(failure('USER_CANCELLED'))
    expect(lab.pinentry.asked()).toHaveLength(3)
  })

  it('refuses an id that is in use, and more requests than a page may have open', async () => {
    const page = await lab.open()
    const [certificate] = await certificatesOf(page)
    const params = await signParams(certificate!)
    lab.pinentry.answer({ getpin: 'hang' })
    sendSign(page, params)
    await lab.pinentry.untilCount('asked', 2)
    sendSign(page, params)
    expect(await page.json()).toMatchObject({
      id: null,
      error: { data: { details: { problem: 'duplicate-id' } } },
    })
    for (let id = 100; id < 116; id++) sendSign(page, params, id)
    const busy = await page.json()
    expect(busy).toMatchObject(failure('BRIDGE_BUSY'))
  })
})

describe('a bridge of its own', () => {
  let lab: ConsentLab
  beforeEach(async () => {
    lab = await createConsentLab()
  })
  afterEach(() => lab.close())

  it('says that the PIN was wrong, warns in the next dialogs, and never asks a locked token', async () => {
    const page = await lab.open()
    const [certificate] = await certificatesOf(page)
    const params = await signParams(certificate!)
    lab.pinentry.answer({ pin: '%0A-wrong-9z' })
    const remaining: unknown[] = []
    for (let id = 10; id < 20; id++) {
      const answer = await signOn(page, params, id)
      const { data } = answer['error'] as { data: { code: string; details: { remaining: string } } }
      if (data.code === 'TOKEN_PIN_LOCKED') break
      expect(data.code).toBe('TOKEN_PIN_INCORRECT')
      remaining.push(data.details.remaining)
    }
    expect(remaining).toContain('final')
    const dialogs = lab.pinentry.asked().filter(({ command }) => command === 'GETPIN')
    expect(dialogs[0]!.error).toBeUndefined()
    expect(dialogs[1]!.error).toMatch(/sẽ bị khóa/)
    expect(dialogs.at(-1)!.error).toMatch(/LẦN THỬ CUỐI CÙNG/)
    const count = lab.pinentry.asked().length
    expect(await signOn(page, params, 30)).toMatchObject(failure('TOKEN_PIN_LOCKED'))
    expect(lab.pinentry.asked()).toHaveLength(count)
    expect(lab.bridge.stderr()).not.toContain('wrong-9z')
  })

  it('stops with the bridge: the dialog goes away and the process ends cleanly', async () => {
    const page = await lab.open()
    const [certificate] = await certificatesOf(page)
    lab.pinentry.answer({ getpin: 'hang' })
    sendSign(page, await signParams(certificate!))
    const asked = (await lab.pinentry.untilCount('asked', 2)).at(-1)!
    expect(await lab.bridge.stop('SIGINT')).toBe(0)
    await untilGone(asked.pid!)
  })
})
