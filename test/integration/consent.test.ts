/** Which pages may see what certificates there are, and what it costs the person to be asked. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  type ConsentLab,
  certificatesOf,
  answerOf,
  createConsentLab,
  failure,
  list,
  untilCool,
} from '../helpers/consent-lab.ts'

describe('the list of certificates', () => {
  let lab: ConsentLab
  beforeAll(async () => {
    lab = await createConsentLab()
  })
  afterEach(() => lab.tidy())
  afterAll(() => lab?.close())

  it('is shown to an origin once the person agreed, who is asked once', async () => {
    const page = await lab.open()
    const certificates = await certificatesOf(page)
    expect(certificates.length).toBeGreaterThan(0)
    expect(certificates[0]!.summary.holder).toContain('DEMO')
    expect((await list(page, 7))['result']).toBeDefined()
    expect((await list(await lab.open()))['result']).toBeDefined()
    expect(lab.pinentry.asked()).toHaveLength(1)
    expect(lab.lastAsked()).toMatchObject({
      command: 'CONFIRM',
      ok: '_Cho phép',
      cancel: '_Từ chối',
    })
    expect(lab.lastAsked().description).toContain(lab.originOf())
  })

  it('is asked for in the language of the page', async () => {
    const page = await lab.open()
    const params = { language: 'en' }
    page.sendJson({ jsonrpc: '2.0', id: 2, method: 'certificates.list', params })
    expect(await answerOf(page, 2)).toHaveProperty('result')
    expect(lab.lastAsked()).toMatchObject({ ok: '_Allow', cancel: '_Refuse' })
  })

  it('is asked anew for another origin', async () => {
    await list(await lab.open())
    await list(await lab.open('other'))
    expect(lab.pinentry.asked()).toHaveLength(2)
  })

  it.each([
    ['cancel', 'USER_DENIED'],
    ['deny', 'USER_DENIED'],
    ['timeout', 'USER_TIMEOUT'],
    ['no-ui', 'BRIDGE_NO_PROMPT'],
    ['exit', 'BRIDGE_NO_PROMPT'],
  ] as const)('is kept when the person does: %s', async (confirm, expected) => {
    lab.pinentry.answer({ confirm })
    const page = await lab.open()
    expect(await list(page)).toMatchObject(failure(expected))
    lab.pinentry.answer({})
    if (expected === 'USER_DENIED') await untilCool(() => list(page, 3))
    expect((await list(page, 4))['result']).toBeDefined()
  })

  it('asks once for two tabs that want it at the same time', async () => {
    const [one, two] = [await lab.open(), await lab.open()]
    const answers = await Promise.all([list(one), list(two)])
    for (const answer of answers) expect(answer['result']).toBeDefined()
    expect(lab.pinentry.asked()).toHaveLength(1)
  })
})
