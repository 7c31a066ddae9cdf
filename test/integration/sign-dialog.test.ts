/** What a page that may list can have signed, and what the person is shown for it. */
import { X509Certificate } from 'node:crypto'
import { encodeBase64url } from '@trien/sdk/bytes'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  type ConsentLab,
  certificatesOf,
  createConsentLab,
  failure,
  signOn,
  signParams,
  untilCool,
} from '../helpers/consent-lab.ts'

describe('signing', () => {
  let lab: ConsentLab
  beforeAll(async () => {
    lab = await createConsentLab()
  })
  afterEach(() => lab.tidy())
  afterAll(() => lab?.close())

  it('shows who asks for what, and sends each signature before the answer', async () => {
    const page = await lab.open()
    const [certificate] = await certificatesOf(page)
    const params = await signParams(certificate!, { names: ['một.txt', 'hai%.txt'] })
    const answer = await signOn(page, params)
    expect(answer).toMatchObject({ result: { signed: 2 } })
    expect(answer.before.map(({ method }) => method)).toEqual(['sign.progress', 'sign.progress'])
    const asked = lab.lastAsked()
    expect(asked).toMatchObject({ command: 'GETPIN', prompt: 'Mã PIN:', ok: '_Ký' })
    for (const shown of ['“một.txt”', '“hai%.txt”', lab.originOf(), '8 B']) {
      expect(asked.description).toContain(shown)
    }
    const { subject } = new X509Certificate(certificate!.certificate)
    expect(asked.description).toContain(/CN=(.*)/.exec(subject)![1]!.slice(0, 20))
    await lab.pinentry.untilCount('ended', lab.pinentry.asked().length)
  })

  it('speaks English to an English page', async () => {
    const page = await lab.open()
    const [certificate] = await certificatesOf(page)
    const params = await signParams(certificate!, {
      change: (given) => ({ ...given, language: 'en' }),
    })
    await signOn(page, params)
    expect(lab.lastAsked()).toMatchObject({ ok: '_Sign' })
  })

  it('is refused to an origin that was never let see the list, without a dialog', async () => {
    const [certificate] = await certificatesOf(await lab.open())
    const stranger = await lab.open('stranger')
    const params = await signParams(certificate!)
    expect(await signOn(stranger, params)).toMatchObject(failure('BRIDGE_ORIGIN_DENIED'))
    expect(lab.pinentry.asked()).toHaveLength(1)
  })

  it('is refused without a dialog when one item of many does not say what would be shown', async () => {
    const page = await lab.open()
    const [certificate] = await certificatesOf(page)
    const params = await signParams(certificate!, {
      names: ['a', 'b', 'c'],
      change: (given) => {
        const items = [...given.items]
        const digest = { ...items[2]!.document.digest, value: items[1]!.document.digest.value }
        items[2] = { ...items[2]!, document: { ...items[2]!.document, digest } }
        return { ...given, items }
      },
    })
    expect(await signOn(page, params)).toMatchObject(
      failure('BRIDGE_CLAIM_MISMATCH', { claim: 'message-digest' }),
    )
    expect(lab.pinentry.asked()).toHaveLength(1)
  })

  it('is refused without a dialog for an algorithm, a certificate or ids that cannot be', async () => {
    const page = await lab.open()
    const certificates = await certificatesOf(page)
    const ec = certificates.find(({ algorithms }) => algorithms[0]!.startsWith('ES'))!
    const wrongAlgorithm = await signParams(ec, {
      change: (given) => ({
        ...given,
        items: given.items.map((item) => ({ ...item, algorithm: 'RS256' as const })),
      }),
    })
    expect(await signOn(page, wrongAlgorithm)).toMatchObject(
      failure('TOKEN_MECHANISM', { algorithm: 'RS256' }),
    )
    const unknown = {
      ...((await signParams(ec)) as object),
      certificate: encodeBase64url(new Uint8Array(32)),
    }
    expect(await signOn(page, unknown, 4)).toMatchObject(failure('TOKEN_KEY_NOT_FOUND'))
    const twins = await signParams(ec, {
      names: ['a', 'b'],
      change: (given) => ({ ...given, items: given.items.map((item) => ({ ...item, id: 'x' })) }),
    })
    expect(await signOn(page, twins, 5)).toMatchObject({
      error: { data: { code: 'BRIDGE_PROTOCOL' } },
    })
    expect(lab.pinentry.asked()).toHaveLength(1)
  })

  it.each([
    ['cancel', 'USER_CANCELLED'],
    ['timeout', 'USER_TIMEOUT'],
    ['no-ui', 'BRIDGE_NO_PROMPT'],
    ['exit', 'BRIDGE_NO_PROMPT'],
    ['inquire', 'USER_CANCELLED'],
  ] as const)(
    'ends in its own code when the dialog ends by %s, and the next works',
    async (getpin, expected) => {
      const page = await lab.open()
      const [certificate] = await certificatesOf(page)
      const params = await signParams(certificate!)
      lab.pinentry.answer({ getpin })
      expect(await signOn(page, params)).toMatchObject(failure(expected))
      lab.pinentry.answer({})
      if (expected === 'USER_CANCELLED') await untilCool(() => signOn(page, params, 5))
      expect(await signOn(page, params, 4)).toMatchObject({ result: { signed: 1 } })
    },
  )
})
