/**
 * What a page can have from the bridge, and what it costs the person: list, sign, refuse, cancel, wrong PIN, closed
 * pages, two tabs. The token is the embedded one; the pinentry is scripted at its own interface.
 */
import { X509Certificate } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { encodeBase64url } from '@trien/sdk/bytes'
import { prepareCms } from '@trien/sdk/cms'
import { type Infer, type ListedCertificate, sign } from '@trien/sdk/wire'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type BridgeProcess, startBridge } from '../helpers/bridge-process.ts'
import { isRunning } from '../helpers/child-processes.ts'
import { type RawClient, openPage } from '../helpers/raw-client.ts'
import { type ScriptedPinentry, createScriptedPinentry } from '../helpers/scripted-pinentry.ts'

let bridge: BridgeProcess
let pinentry: ScriptedPinentry
let tests = 0
const pages: RawClient[] = []

async function start(): Promise<void> {
  pinentry = createScriptedPinentry()
  bridge = await startBridge({
    args: ['--demo', '--pinentry', pinentry.program],
    env: pinentry.env,
  })
}
async function stop(): Promise<void> {
  expect(await bridge.stop()).toBe(0)
  expect(bridge.stderr()).not.toMatch(/unexpected/)
  pinentry.remove()
}
async function tidy(): Promise<void> {
  for (const page of pages.splice(0)) page.destroy()
  await pinentry.clear()
  pinentry.answer({})
  tests += 1
}

/** Consent is remembered by origin, so that each test has origins of its own. */
const originOf = (name = 'portal'): string => `https://${name}-${tests}.gov.test`

async function open(name?: string): Promise<RawClient> {
  const page = await openPage(bridge.port, originOf(name))
  pages.push(page)
  return page
}

/** The bridge reaps what it has ended a moment later. */
async function untilGone(pid: number): Promise<void> {
  await expect.poll(() => isRunning(pid)).toBe(false)
}

type Answer = Record<string, unknown> & { id?: number; method?: string }

/** Reads to the answer of a request; gives it and the notifications that came before. */
async function answerOf(page: RawClient, id: number): Promise<Answer & { before: Answer[] }> {
  const before: Answer[] = []
  for (;;) {
    const message = (await page.json()) as Answer
    if (message.id === id) return { ...message, before }
    before.push(message)
  }
}
async function list(page: RawClient, id = 2): Promise<Answer & { before: Answer[] }> {
  page.sendJson({ jsonrpc: '2.0', id, method: 'certificates.list', params: {} })
  return answerOf(page, id)
}

async function certificatesOf(page: RawClient): Promise<readonly ListedCertificate[]> {
  const { result } = (await list(page)) as { result?: unknown }
  const { listCertificates } = await import('@trien/sdk/wire')
  return listCertificates.result.read(result, 'result').certificates
}

interface SignChange {
  readonly names?: readonly string[]
  readonly change?: (params: Infer<typeof sign.params>) => Infer<typeof sign.params>
}

async function signParams(
  certificate: ListedCertificate,
  { names = ['đơn.txt'], change = (params) => params }: SignChange = {},
): Promise<unknown> {
  const algorithm = certificate.algorithms[0]!
  const items = await Promise.all(
    names.map(async (name, index) => {
      const prepared = await prepareCms(new TextEncoder().encode(name), {
        certificate: certificate.certificate,
        algorithm,
        document: { name, mediaType: 'text/plain' },
      })
      const hash = `SHA-${algorithm.slice(2)}` as 'SHA-256'
      return {
        id: String(index),
        kind: prepared.kind,
        algorithm,
        toBeSigned: prepared.toBeSigned as Uint8Array<ArrayBuffer>,
        document: {
          ...prepared.document,
          digest: { algorithm: hash, value: prepared.documentDigest as Uint8Array<ArrayBuffer> },
        },
      }
    }),
  )
  return sign.params.write(change({ certificate: certificate.id, items }))
}

function sendSign(page: RawClient, params: unknown, id = 3): void {
  page.sendJson({ jsonrpc: '2.0', id, method: 'sign', params })
}
async function signOn(page: RawClient, params: unknown, id = 3): ReturnType<typeof answerOf> {
  sendSign(page, params, id)
  return answerOf(page, id)
}
/** A refusal is followed by a pause. */
async function untilCool(ask: () => Promise<Answer>): Promise<void> {
  const retryAfterMs = expect.toSatisfy((ms: number) => ms > 0 && ms <= 2000)
  expect(await ask()).toMatchObject(code('BRIDGE_BUSY', { reason: 'pause', retryAfterMs }))
  // The length of the pause is the very thing under test.
  await sleep(2000)
}
const code = (code: string, details = {}) => ({ error: { data: { code, details } } })
const lastAsked = () => pinentry.asked().at(-1)!

describe('the list of certificates', () => {
  beforeAll(start)
  afterEach(tidy)
  afterAll(stop)

  it('is shown to an origin once the person agreed, who is asked once', async () => {
    const page = await open()
    const certificates = await certificatesOf(page)
    expect(certificates.length).toBeGreaterThan(0)
    expect(certificates[0]!.summary.holder).toContain('DEMO')
    expect((await list(page, 7))['result']).toBeDefined()
    expect((await list(await open()))['result']).toBeDefined()
    expect(pinentry.asked()).toHaveLength(1)
    expect(lastAsked()).toMatchObject({ command: 'CONFIRM', ok: '_Cho phép', cancel: '_Từ chối' })
    expect(lastAsked().description).toContain(originOf())
  })

  it('is asked for in the language of the page', async () => {
    const page = await open()
    const params = { language: 'en' }
    page.sendJson({ jsonrpc: '2.0', id: 2, method: 'certificates.list', params })
    expect(await answerOf(page, 2)).toHaveProperty('result')
    expect(lastAsked()).toMatchObject({ ok: '_Allow', cancel: '_Refuse' })
  })

  it('is asked anew for another origin', async () => {
    await list(await open())
    await list(await open('other'))
    expect(pinentry.asked()).toHaveLength(2)
  })

  it.each([
    ['cancel', 'USER_DENIED'],
    ['deny', 'USER_DENIED'],
    ['timeout', 'USER_TIMEOUT'],
    ['no-ui', 'BRIDGE_NO_PROMPT'],
    ['exit', 'BRIDGE_NO_PROMPT'],
  ] as const)('is kept when the person does: %s', async (confirm, expected) => {
    pinentry.answer({ confirm })
    const page = await open()
    expect(await list(page)).toMatchObject(code(expected))
    pinentry.answer({})
    if (expected === 'USER_DENIED') await untilCool(() => list(page, 3))
    expect((await list(page, 4))['result']).toBeDefined()
  })

  it('asks once for two tabs that want it at the same time', async () => {
    const [one, two] = [await open(), await open()]
    const answers = await Promise.all([list(one), list(two)])
    for (const answer of answers) expect(answer['result']).toBeDefined()
    expect(pinentry.asked()).toHaveLength(1)
  })
})

describe('signing', () => {
  beforeAll(start)
  afterEach(tidy)
  afterAll(stop)

  it('shows who asks for what, and sends each signature before the answer', async () => {
    const page = await open()
    const [certificate] = await certificatesOf(page)
    const params = await signParams(certificate!, { names: ['một.txt', 'hai%.txt'] })
    const answer = await signOn(page, params)
    expect(answer).toMatchObject({ result: { signed: 2 } })
    expect(answer.before.map(({ method }) => method)).toEqual(['sign.progress', 'sign.progress'])
    const asked = lastAsked()
    expect(asked).toMatchObject({ command: 'GETPIN', prompt: 'Mã PIN:', ok: '_Ký' })
    for (const shown of ['“một.txt”', '“hai%.txt”', originOf(), '8 B']) {
      expect(asked.description).toContain(shown)
    }
    const { subject } = new X509Certificate(certificate!.certificate)
    expect(asked.description).toContain(/CN=(.*)/.exec(subject)![1]!.slice(0, 20))
    await pinentry.untilCount('ended', pinentry.asked().length)
  })

  it('speaks English to an English page', async () => {
    const page = await open()
    const [certificate] = await certificatesOf(page)
    const params = await signParams(certificate!, {
      change: (given) => ({ ...given, language: 'en' }),
    })
    await signOn(page, params)
    expect(lastAsked()).toMatchObject({ ok: '_Sign' })
  })

  it('is refused to an origin that was never let see the list, without a dialog', async () => {
    const [certificate] = await certificatesOf(await open())
    const stranger = await open('stranger')
    const params = await signParams(certificate!)
    expect(await signOn(stranger, params)).toMatchObject(code('BRIDGE_ORIGIN_DENIED'))
    expect(pinentry.asked()).toHaveLength(1)
  })

  it('is refused without a dialog when one item of many does not say what would be shown', async () => {
    const page = await open()
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
      code('BRIDGE_CLAIM_MISMATCH', { claim: 'message-digest' }),
    )
    expect(pinentry.asked()).toHaveLength(1)
  })

  it('is refused without a dialog for an algorithm, a certificate or ids that cannot be', async () => {
    const page = await open()
    const certificates = await certificatesOf(page)
    const ec = certificates.find(({ algorithms }) => algorithms[0]!.startsWith('ES'))!
    const wrongAlgorithm = await signParams(ec, {
      change: (given) => ({
        ...given,
        items: given.items.map((item) => ({ ...item, algorithm: 'RS256' as const })),
      }),
    })
    expect(await signOn(page, wrongAlgorithm)).toMatchObject(
      code('TOKEN_MECHANISM', { algorithm: 'RS256' }),
    )
    const unknown = {
      ...((await signParams(ec)) as object),
      certificate: encodeBase64url(new Uint8Array(32)),
    }
    expect(await signOn(page, unknown, 4)).toMatchObject(code('TOKEN_KEY_NOT_FOUND'))
    const twins = await signParams(ec, {
      names: ['a', 'b'],
      change: (given) => ({ ...given, items: given.items.map((item) => ({ ...item, id: 'x' })) }),
    })
    expect(await signOn(page, twins, 5)).toMatchObject({
      error: { data: { code: 'BRIDGE_PROTOCOL' } },
    })
    expect(pinentry.asked()).toHaveLength(1)
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
      const page = await open()
      const [certificate] = await certificatesOf(page)
      const params = await signParams(certificate!)
      pinentry.answer({ getpin })
      expect(await signOn(page, params)).toMatchObject(code(expected))
      pinentry.answer({})
      if (expected === 'USER_CANCELLED') await untilCool(() => signOn(page, params, 5))
      expect(await signOn(page, params, 4)).toMatchObject({ result: { signed: 1 } })
    },
  )

  it('ends when the page cancels, and the dialog goes away', async () => {
    const page = await open()
    const [certificate] = await certificatesOf(page)
    const params = await signParams(certificate!)
    pinentry.answer({ getpin: 'hang' })
    sendSign(page, params)
    const [, asked] = await pinentry.untilCount('asked', 2)
    page.sendJson({ jsonrpc: '2.0', method: 'cancel', params: { request: 3 } })
    expect(await answerOf(page, 3)).toMatchObject(code('USER_CANCELLED'))
    await pinentry.untilCount('ended', 2)
    await untilGone(asked!.pid!)
    pinentry.answer({})
    expect(await signOn(page, params, 4)).toMatchObject({ result: { signed: 1 } })
  })

  it('ends when the page closes: its dialog goes away and the next page is asked', async () => {
    const [one, two] = [await open(), await open('two')]
    const [certificate] = await certificatesOf(one)
    await certificatesOf(two)
    pinentry.answer({ getpin: 'hang' })
    sendSign(one, await signParams(certificate!))
    const asked = (await pinentry.untilCount('asked', 3)).at(-1)!
    pinentry.answer({})
    const second = signOn(two, await signParams(certificate!, { names: ['hai.txt'] }))
    one.destroy()
    expect(await second).toMatchObject({ result: { signed: 1 } })
    expect(lastAsked().description).toContain(originOf('two'))
    await untilGone(asked.pid!)
  })

  it('serves two tabs one after the other, never two dialogs at once', async () => {
    const [one, two] = [await open(), await open()]
    const [certificate] = await certificatesOf(one)
    const answers = await Promise.all([
      signOn(one, await signParams(certificate!, { names: ['một'] })),
      signOn(two, await signParams(certificate!, { names: ['hai'] })),
    ])
    for (const answer of answers) expect(answer).toMatchObject({ result: { signed: 1 } })
    const { length } = await pinentry.untilCount('ended', 3)
    expect(length).toBe(3)
    const order = pinentry.events().map(({ event }) => event)
    expect(order).toEqual(['asked', 'ended', 'asked', 'ended', 'asked', 'ended'])
  })

  it('takes a queued request out of the line when its page cancels it', async () => {
    const [one, two] = [await open(), await open('two')]
    const [certificate] = await certificatesOf(one)
    await certificatesOf(two)
    pinentry.answer({ getpin: 'hang' })
    sendSign(one, await signParams(certificate!))
    await pinentry.untilCount('asked', 3)
    sendSign(two, await signParams(certificate!))
    two.sendJson({ jsonrpc: '2.0', method: 'cancel', params: { request: 3 } })
    expect(await answerOf(two, 3)).toMatchObject(code('USER_CANCELLED'))
    expect(pinentry.asked()).toHaveLength(3)
  })

  it('refuses an id that is in use, and more requests than a page may have open', async () => {
    const page = await open()
    const [certificate] = await certificatesOf(page)
    const params = await signParams(certificate!)
    pinentry.answer({ getpin: 'hang' })
    sendSign(page, params)
    await pinentry.untilCount('asked', 2)
    sendSign(page, params)
    expect(await page.json()).toMatchObject({
      id: null,
      error: { data: { details: { problem: 'duplicate-id' } } },
    })
    for (let id = 100; id < 116; id++) sendSign(page, params, id)
    const busy = await page.json()
    expect(busy).toMatchObject(code('BRIDGE_BUSY'))
  })
})

describe('a bridge of its own', () => {
  beforeEach(start)
  afterEach(stop)

  it('says that the PIN was wrong, warns in the next dialogs, and never asks a locked token', async () => {
    const page = await open()
    const [certificate] = await certificatesOf(page)
    const params = await signParams(certificate!)
    pinentry.answer({ pin: '%0A-wrong-9z' })
    const remaining: unknown[] = []
    for (let id = 10; id < 20; id++) {
      const answer = await signOn(page, params, id)
      const { data } = answer['error'] as { data: { code: string; details: { remaining: string } } }
      if (data.code === 'TOKEN_PIN_LOCKED') break
      expect(data.code).toBe('TOKEN_PIN_INCORRECT')
      remaining.push(data.details.remaining)
    }
    expect(remaining).toContain('final')
    const dialogs = pinentry.asked().filter(({ command }) => command === 'GETPIN')
    expect(dialogs[0]!.error).toBeUndefined()
    expect(dialogs[1]!.error).toMatch(/sẽ bị khóa/)
    expect(dialogs.at(-1)!.error).toMatch(/LẦN THỬ CUỐI CÙNG/)
    const count = pinentry.asked().length
    expect(await signOn(page, params, 30)).toMatchObject(code('TOKEN_PIN_LOCKED'))
    expect(pinentry.asked()).toHaveLength(count)
    expect(bridge.stderr()).not.toContain('wrong-9z')
  })

  it('stops with the bridge: the dialog goes away and the process ends cleanly', async () => {
    const page = await open()
    const [certificate] = await certificatesOf(page)
    pinentry.answer({ getpin: 'hang' })
    sendSign(page, await signParams(certificate!))
    const asked = (await pinentry.untilCount('asked', 2)).at(-1)!
    expect(await bridge.stop('SIGINT')).toBe(0)
    await untilGone(asked.pid!)
  })
})
