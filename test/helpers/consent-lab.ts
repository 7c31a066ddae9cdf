/**
 * A bridge with the embedded token and a pinentry scripted at its own interface, and pages that speak the wire by hand:
 * what a page can have from the bridge, and what it costs the person.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { prepareCms } from '@trien/sdk/cms'
import { type Infer, type ListedCertificate, listCertificates, sign } from '@trien/sdk/wire'
import { expect } from 'vitest'
import { type BridgeProcess, startBridge } from './bridge-process.ts'
import { isRunning } from './child-processes.ts'
import { type RawClient, openPage } from './raw-client.ts'
import { type ScriptedPinentry, createScriptedPinentry } from './scripted-pinentry.ts'

export interface ConsentLab {
  readonly bridge: BridgeProcess
  readonly pinentry: ScriptedPinentry
  /** The last question the person was asked. */
  lastAsked(): ReturnType<ScriptedPinentry['asked']>[number]
  /** Consent is remembered by origin, so that each test has origins of its own. */
  originOf(name?: string): string
  open(name?: string): Promise<RawClient>
  /** Between two tests: closes the pages, lets the person agree to all again. */
  tidy(): Promise<void>
  /** Ends the bridge, which must end cleanly and have met nothing unexpected. */
  close(): Promise<void>
}

export async function createConsentLab(): Promise<ConsentLab> {
  const pinentry = createScriptedPinentry()
  const bridge = await startBridge({
    args: ['--demo', '--pinentry', pinentry.program],
    env: pinentry.env,
  })
  const pages: RawClient[] = []
  let tests = 0
  const originOf = (name = 'portal'): string => `https://${name}-${tests}.gov.test`
  return {
    bridge,
    pinentry,
    lastAsked: () => pinentry.asked().at(-1)!,
    originOf,
    async open(name) {
      const page = await openPage(bridge.port, originOf(name))
      pages.push(page)
      return page
    },
    async tidy() {
      for (const page of pages.splice(0)) page.destroy()
      await pinentry.clear()
      pinentry.answer({})
      tests += 1
    },
    async close() {
      expect(await bridge.stop()).toBe(0)
      expect(bridge.stderr()).not.toMatch(/unexpected/)
      pinentry.remove()
    },
  }
}

/** The bridge reaps what it has ended a moment later. */
export async function untilGone(pid: number): Promise<void> {
  await expect.poll(() => isRunning(pid)).toBe(false)
}

export type Answer = Record<string, unknown> & { id?: number; method?: string }

/** Reads to the answer of a request; gives it and the notifications that came before. */
export async function answerOf(
  page: RawClient,
  id: number,
): Promise<Answer & { before: Answer[] }> {
  const before: Answer[] = []
  for (;;) {
    const message = (await page.json()) as Answer
    if (message.id === id) return { ...message, before }
    before.push(message)
  }
}
export async function list(page: RawClient, id = 2): Promise<Answer & { before: Answer[] }> {
  page.sendJson({ jsonrpc: '2.0', id, method: 'certificates.list', params: {} })
  return answerOf(page, id)
}

export async function certificatesOf(page: RawClient): Promise<readonly ListedCertificate[]> {
  const { result } = (await list(page)) as { result?: unknown }
  return listCertificates.result.read(result, 'result').certificates
}

export interface SignChange {
  readonly names?: readonly string[]
  readonly change?: (params: Infer<typeof sign.params>) => Infer<typeof sign.params>
}

export async function signParams(
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

export function sendSign(page: RawClient, params: unknown, id = 3): void {
  page.sendJson({ jsonrpc: '2.0', id, method: 'sign', params })
}
export async function signOn(
  page: RawClient,
  params: unknown,
  id = 3,
): ReturnType<typeof answerOf> {
  sendSign(page, params, id)
  return answerOf(page, id)
}
/** A refusal is followed by a pause. */
export async function untilCool(ask: () => Promise<Answer>): Promise<void> {
  const retryAfterMs = expect.toSatisfy((ms: number) => ms > 0 && ms <= 2000)
  expect(await ask()).toMatchObject(failure('BRIDGE_BUSY', { reason: 'pause', retryAfterMs }))
  // The length of the pause is the very thing under test.
  await sleep(2000)
}
/** An answer that is this error. */
export const failure = (code: string, details = {}): object => ({
  error: { data: { code, details } },
})
