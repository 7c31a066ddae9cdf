/**
 * A card as officials carry them, through the system's card service and stock OpenSC: the bridge signs with each of its
 * keys, and lives through what people and readers do to cards.
 */
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { X509Certificate } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Bridge, connect } from '@trien/sdk/bridge'
import { equalBytes } from '@trien/sdk/bytes'
import { signCms } from '@trien/sdk/cms'
import { codeOf } from '../helpers/code-of.ts'
import { type BridgeProcess, startBridge } from '../helpers/bridge-process.ts'
import { pageSocket } from '../helpers/page-socket.ts'
import {
  OPENSC_MODULE,
  type PivCard,
  type PivKeyName,
  canUseVirtualCard,
  createPivCard,
} from '../helpers/piv-card/index.ts'
import { openssl } from '../helpers/referees/openssl.ts'
import { type ScriptedPinentry, createScriptedPinentry } from '../helpers/scripted-pinentry.ts'

const DOCUMENT = new TextEncoder().encode('Biên bản bàn giao tài sản công')
const WRONG_PIN = '111111'
const KEY_NAMES: readonly PivKeyName[] = ['9A', '9C', '9D', '9E']

describe.runIf(canUseVirtualCard())('a PIV card', () => {
  let card: PivCard
  let pinentry: ScriptedPinentry
  let bridge: BridgeProcess
  let page: Bridge
  const pages: Bridge[] = []

  beforeAll(async () => {
    card = await createPivCard()
    pinentry = createScriptedPinentry()
    bridge = await startBridge({
      args: ['--module', OPENSC_MODULE, '--pinentry', pinentry.program],
      env: { ...pinentry.env, LC_ALL: 'C.UTF-8' },
    })
    page = open()
  })
  afterAll(async () => {
    pages.forEach((opened) => opened.close())
    await bridge?.stop()
    pinentry?.remove()
    await card?.close()
  })
  beforeEach(async () => {
    pinentry.answer({ pin: card.pin })
    await card.heal()
    await untilListed(KEY_NAMES.length)
  })

  function open(): Bridge {
    const opened = connect({ ports: [bridge.port], webSocket: pageSocket() })
    pages.push(opened)
    return opened
  }

  /** The card service looks at its readers a few times a second. */
  async function untilListed(count: number): Promise<void> {
    for (let waited = 0; (await page.listCertificates()).length !== count; waited += 100) {
      if (waited > 20_000) throw new Error(`never listed ${count} certificates`)
      await sleep(100)
    }
  }

  async function getSigner(name: PivKeyName) {
    const { issued } = card.keys.find((key) => key.name === name)!
    const listed = await page.listCertificates()
    const found = listed.find(({ certificate }) => equalBytes(certificate, issued.certificate))
    if (found === undefined) throw new Error(`${name} is not listed`)
    return page.signer(found)
  }

  async function sign(name: PivKeyName): Promise<Uint8Array> {
    return signCms(DOCUMENT, { signer: await getSigner(name) })
  }

  test('is listed with its four certificates, and no PIN', async () => {
    const asked = pinentry.asked().length
    const listed = await page.listCertificates()
    const holders = listed.map(({ certificate }) => new X509Certificate(certificate).subject)
    for (const name of KEY_NAMES) expect(holders.join()).toContain(`piv-${name}`)
    expect(listed).toHaveLength(KEY_NAMES.length)
    expect(pinentry.asked()).toHaveLength(asked)
  })

  test.each(KEY_NAMES)(
    'signs with key %s what openssl accepts, asking the PIN once',
    async (name) => {
      const asked = pinentry.asked().length
      const cms = await sign(name)
      expect(pinentry.asked()).toHaveLength(asked + 1)
      const data = path.join(card.folder, 'data')
      const signature = path.join(card.folder, `${name}.p7s`)
      writeFileSync(data, DOCUMENT)
      writeFileSync(signature, cms)
      const [verdict] = await openssl.judge(
        [{ kind: 'detached', signature, data }],
        card.authority.certificateFile,
      )
      expect(verdict).toMatchObject({ accepted: true })
    },
  )

  test('that is slow signs, and the bridge answers other pages meanwhile', async () => {
    card.delayMs = 3000
    const signing = card.untilSigning()
    let isSigned = false
    const slow = sign('9A').then(() => (isSigned = true))
    await signing
    const begun = performance.now()
    await open().ready()
    expect(performance.now() - begun).toBeLessThan(1000)
    expect(isSigned).toBe(false)
    expect((await page.listCertificates()).length).toBe(KEY_NAMES.length)
    await slow
  })

  test('that was pulled out is not listed, and to sign with it is TOKEN_ABSENT', async () => {
    const signer = await getSigner('9A')
    await card.remove()
    const asked = pinentry.asked().length
    expect(await codeOf(signCms(DOCUMENT, { signer }))).toBe('TOKEN_ABSENT')
    expect(pinentry.asked()).toHaveLength(asked)
    expect(await page.listCertificates()).toEqual([])
    await card.insert()
    await untilListed(KEY_NAMES.length)
    expect(await codeOf(signCms(DOCUMENT, { signer }))).toBe('signed')
  })

  test.each<PivKeyName>(['9A', '9C'])(
    'pulled out in the middle of a signature with %s: the next one works',
    async (name) => {
      card.delayMs = 20_000
      const signing = card.untilSigning()
      const result = codeOf(sign(name))
      await signing
      await card.remove()
      expect(await result).toBe('TOKEN_REMOVED')
      card.delayMs = 0
      await card.insert()
      await untilListed(KEY_NAMES.length)
      expect(await codeOf(sign(name))).toBe('signed')
    },
  )

  test('pulled out just when it is told to sign: the next one works', async () => {
    card.removeOnSign()
    expect(await codeOf(sign('9A'))).toBe('TOKEN_REMOVED')
    await card.insert()
    await untilListed(KEY_NAMES.length)
    expect(await codeOf(sign('9A'))).toBe('signed')
  })

  test('a wrong PIN is told as such, and the third locks the card: no one is asked again', async () => {
    pinentry.answer({ pin: WRONG_PIN })
    // OpenSC says nothing of the first failure.
    for (const [left, remaining] of [
      [2, 'unknown'],
      [1, 'final'],
    ]) {
      await expect(sign('9A')).rejects.toMatchObject({
        code: 'TOKEN_PIN_INCORRECT',
        details: { remaining },
      })
      expect(card.tries).toBe(left)
    }
    expect(await codeOf(sign('9A'))).toBe('TOKEN_PIN_LOCKED')
    expect(card.tries).toBe(0)
    const asked = pinentry.asked().length
    expect(await codeOf(sign('9A'))).toBe('TOKEN_PIN_LOCKED')
    expect(pinentry.asked()).toHaveLength(asked)
  })

  test('that answers a signature with an error: OpenSC or the person tries again, and it works', async () => {
    card.statusOnSign(0x6f00)
    expect(['signed', 'TOKEN_DEVICE']).toContain(await codeOf(sign('9A')))
    expect(await codeOf(sign('9A'))).toBe('signed')
  })
})
