/** Pages hear that a card was pulled out or put in, if they may list, and hear nothing else. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type BridgeProcess, runBridge, startBridge } from '../helpers/bridge-process.ts'
import { findChildProcesses } from '../helpers/child-processes.ts'
import {
  OPENSC_MODULE,
  type PivCard,
  canUseVirtualCard,
  createPivCard,
} from '../helpers/piv-card/index.ts'
import { type RawClient, openPage } from '../helpers/raw-client.ts'
import { type ScriptedPinentry, createScriptedPinentry } from '../helpers/scripted-pinentry.ts'

const PORTAL = 'https://portal.gov.test'
const STRANGER = 'https://stranger.test'

interface Message {
  readonly id?: number
  readonly method?: string
  readonly params?: unknown
  readonly result?: { readonly certificates: readonly unknown[] }
}

/** A page that writes down all that it hears. */
class Page {
  readonly heard: Message[] = []
  readonly #client: RawClient
  #lastId = 1

  constructor(client: RawClient) {
    this.#client = client
    void this.#hear()
  }

  async #hear(): Promise<void> {
    try {
      for (;;) this.heard.push((await this.#client.json()) as Message)
    } catch {
      // The socket is closed.
    }
  }

  /** How many certificates it is given. */
  async list(): Promise<number | undefined> {
    const id = ++this.#lastId
    this.#client.sendJson({ jsonrpc: '2.0', id, method: 'certificates.list', params: {} })
    await expect.poll(() => this.heard.some((message) => message.id === id), SLOW).toBe(true)
    return this.heard.find((message) => message.id === id)?.result?.certificates.length
  }

  changes(): number {
    return this.heard.filter(({ method }) => method === 'tokens.changed').length
  }

  /** Resolves when it has heard so many changes since it was opened. */
  async untilChanges(count: number): Promise<void> {
    await expect.poll(() => this.changes(), SLOW).toBeGreaterThanOrEqual(count)
  }

  close(): void {
    this.#client.destroy()
  }
}
const SLOW = { timeout: 30_000, interval: 20 }

describe.runIf(canUseVirtualCard())('a card that comes and goes', () => {
  const state = mkdtempSync(path.join(tmpdir(), 'trien-hot-plug-'))
  const pages: Page[] = []
  let card: PivCard
  let pinentry: ScriptedPinentry
  let bridge: BridgeProcess
  let env: Record<string, string>

  beforeAll(async () => {
    card = await createPivCard()
    pinentry = createScriptedPinentry()
    env = { ...pinentry.env, XDG_STATE_HOME: state, LC_ALL: 'C.UTF-8' }
    const args = ['--module', OPENSC_MODULE, '--pinentry', pinentry.program]
    bridge = await startBridge({ args, env })
  })
  afterEach(async () => {
    for (const page of pages.splice(0)) page.close()
    await card.heal()
  })
  afterAll(async () => {
    await bridge?.stop()
    pinentry?.remove()
    await card?.close()
    rmSync(state, { recursive: true, force: true })
  })

  async function open(origin: string): Promise<Page> {
    const page = new Page(await openPage(bridge.port, origin))
    pages.push(page)
    return page
  }

  test('loads no driver for a page that may not list', async () => {
    await open(STRANGER)
    await sleep(2500)
    expect(findChildProcesses(bridge.pid, 'token-host.js')).toEqual([])
  })

  test('is told of, out, in and out again, to pages that may list and to nobody else', async () => {
    const [page, stranger] = [await open(PORTAL), await open(STRANGER)]
    await expect.poll(() => page.list(), SLOW).toBe(4)
    const another = await open(PORTAL)
    let heard = page.changes()
    for (const left of [0, 4, 0]) {
      // What one page has heard and what the next one hears may come a moment apart.
      await (left === 0 ? card.remove() : card.insert())
      const begun = performance.now()
      await page.untilChanges(++heard)
      expect(performance.now() - begun).toBeLessThan(15_000)
      await expect.poll(() => page.list(), SLOW).toBe(left)
      heard = page.changes()
    }
    await another.untilChanges(3)
    expect(page.heard.find(({ method }) => method === 'tokens.changed')).toEqual({
      jsonrpc: '2.0',
      method: 'tokens.changed',
      params: {},
    })
    expect(stranger.heard).toEqual([])
  })

  test('is told of to no page any more whose consent was taken back', async () => {
    const page = await open(PORTAL)
    await expect.poll(() => page.list(), SLOW).toBe(4)
    // The first look after a while may find what came meanwhile.
    await sleep(1500)
    expect(await runBridge(['origins', 'remove', PORTAL], env)).toMatchObject({ code: 0 })
    const heard = page.changes()
    await card.remove()
    const friend = await open(STRANGER)
    // A list may still tell what was there a moment ago.
    await expect.poll(() => friend.list(), SLOW).toBe(0)
    const before = friend.changes()
    await card.insert()
    await friend.untilChanges(before + 1)
    expect(page.changes()).toBe(heard)
  })
})
