/** What a person allowed stays allowed until they take it back: over restarts, at once, and on open sockets. */
import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { encodeBase64url } from '@trien/sdk/bytes'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type BridgeProcess, runBridge, startBridge } from '../helpers/bridge-process.ts'
import { type RawClient, openPage } from '../helpers/raw-client.ts'
import { type ScriptedPinentry, createScriptedPinentry } from '../helpers/scripted-pinentry.ts'

const PORTAL = 'https://portal.gov.test'
const OTHER = 'https://other.gov.test'
let state: string
let file: string
let env: Record<string, string>
let pinentry: ScriptedPinentry
let bridge: BridgeProcess
const pages: RawClient[] = []

async function start(...args: string[]): Promise<void> {
  bridge = await startBridge({ args: [...args, '--pinentry', pinentry.program], env })
}
beforeEach(async () => {
  state = fs.mkdtempSync(path.join(tmpdir(), 'trien-origins-'))
  file = path.join(state, 'trien/origins.json')
  pinentry = createScriptedPinentry()
  env = { ...pinentry.env, XDG_STATE_HOME: state }
  await start()
})
afterEach(async () => {
  for (const page of pages.splice(0)) page.destroy()
  expect(await bridge.stop()).toBe(0)
  expect(bridge.stderr()).not.toMatch(/unexpected/)
  pinentry.remove()
  fs.rmSync(state, { recursive: true })
})

async function open(origin = PORTAL): Promise<RawClient> {
  const page = await openPage(bridge.port, origin)
  pages.push(page)
  return page
}
let lastId = 1
async function ask(page: RawClient, method: string, params: unknown): Promise<unknown> {
  lastId += 1
  page.sendJson({ jsonrpc: '2.0', id: lastId, method, params })
  const { error } = (await page.json()) as { error?: { data: { code: string } } }
  return error?.data.code
}
const list = (page: RawClient): Promise<unknown> => ask(page, 'certificates.list', {})
/** Of a certificate that is not there: what is asked first is whether the site may ask at all. */
const sign = (page: RawClient): Promise<unknown> => {
  const bytes = encodeBase64url(new Uint8Array(32))
  const digest = { algorithm: 'SHA-256', value: bytes }
  const document = { name: 'a.txt', mediaType: 'text/plain', size: 1, digest }
  const item = { id: '1', kind: 'cms-signed-attributes', algorithm: 'ES256', toBeSigned: 'MQA' }
  return ask(page, 'sign', { certificate: bytes, items: [{ ...item, document }] })
}
const cli = (...args: string[]) => runBridge(['origins', ...args], env)
const dialogs = (): number => pinentry.asked().length

describe('a site that was let see the certificates', () => {
  it('is not asked for again after a restart', async () => {
    expect(await list(await open())).toBeUndefined()
    expect(fs.statSync(file).mode & 0o777).toBe(0o600)
    await bridge.stop()
    await start()
    const page = await open()
    expect(await sign(page)).toBe('TOKEN_ABSENT')
    expect(await list(page)).toBeUndefined()
    expect(dialogs()).toBe(1)
    expect(await list(await open(OTHER))).toBeUndefined()
    expect(dialogs()).toBe(2)
  })

  it('is forgotten at once when the person takes it back, in all its open tabs', async () => {
    const [one, two, other] = [await open(), await open(), await open(OTHER)]
    for (const page of [one, two, other]) expect(await list(page)).toBeUndefined()
    expect(await cli('remove', `${PORTAL}/nop-ho-so?id=1`)).toMatchObject({
      code: 0,
      stderr: `trien-bridge: ${PORTAL} must ask again\n`,
    })
    for (const page of [one, two]) expect(await sign(page)).toBe('BRIDGE_ORIGIN_DENIED')
    expect(await sign(other)).toBe('TOKEN_ABSENT')
    pinentry.answer({ confirm: 'deny' })
    expect(await list(one)).toBe('USER_DENIED')
    pinentry.answer({})
    expect(await list(other)).toBeUndefined()
    expect(await cli('clear')).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('1 site '),
    })
    expect(await sign(other)).toBe('BRIDGE_ORIGIN_DENIED')
  })

  it('is listed, for people and as JSON', async () => {
    expect(await cli()).toMatchObject({ code: 0, stdout: '' })
    await list(await open())
    const day = /\d{4}-\d{2}-\d{2}/
    const { stdout, code } = await cli()
    expect(code).toBe(0)
    expect(stdout.replaceAll(new RegExp(day, 'g'), 'DAY')).toBe(
      `${PORTAL}\n  allowed    DAY, last used DAY\n`,
    )
    const rows: unknown = JSON.parse((await cli('--json')).stdout)
    const aDay = expect.stringMatching(day)
    expect(rows).toEqual([{ origin: PORTAL, granted: aDay, lastUsed: aDay }])
  })

  it('is kept in memory alone by the demo', async () => {
    await bridge.stop()
    await start('--demo')
    expect(await list(await open())).toBeUndefined()
    expect(await list(await open())).toBeUndefined()
    expect(dialogs()).toBe(1)
    expect(fs.existsSync(file)).toBe(false)
  })
})

describe('a site that was refused', () => {
  it('gets no dialog in any of its tabs for a while, while others are still asked', async () => {
    pinentry.answer({ confirm: 'deny' })
    const page = await open()
    expect(await list(page)).toBe('USER_DENIED')
    for (let count = 0; count < 5; count++) expect(await list(page)).toBe('BRIDGE_BUSY')
    expect(await list(await open())).toBe('BRIDGE_BUSY')
    expect(dialogs()).toBe(1)
    pinentry.answer({})
    expect(await list(await open(OTHER))).toBeUndefined()
    await expect.poll(() => list(page), { timeout: 5000, interval: 250 }).toBeUndefined()
  })
})

describe('a file of consents that cannot be believed', () => {
  it.each<[string, string, () => void]>([
    ['it is damaged', 'not JSON', () => fs.writeFileSync(file, '{')],
    ['everybody may write it', 'writable by others', () => fs.chmodSync(file, 0o666)],
  ])('because %s is set aside, and the person asked again', async (_, reason, spoil) => {
    const page = await open()
    await list(page)
    spoil()
    expect(await sign(page)).toBe('BRIDGE_ORIGIN_DENIED')
    await bridge.untilStderr(new RegExp(`did not believe the file of consents \\(${reason}\\)`))
    expect(await list(page)).toBeUndefined()
    expect(dialogs()).toBe(2)
    expect(fs.existsSync(`${file}.set-aside`)).toBe(true)
    expect(await sign(page)).toBe('TOKEN_ABSENT')
  })

  it('because its folder is open to others is not written; the consent ends with the bridge', async () => {
    fs.mkdirSync(path.dirname(file))
    fs.chmodSync(path.dirname(file), 0o777)
    const page = await open()
    expect(await list(page)).toBeUndefined()
    expect(await sign(page)).toBe('TOKEN_ABSENT')
    await bridge.untilStderr(/cannot write .*origins\.json: others may reach/)
    expect(fs.existsSync(file)).toBe(false)
  })
})

describe('the command', () => {
  it.each([
    [['remove']],
    [['remove', 'portal']],
    [['remove', OTHER]],
    [['remove', OTHER, PORTAL]],
    [['clear', OTHER]],
    [['forget']],
    [['--all']],
  ])('fails in one line and one hint: %s', async (args) => {
    const { code, stderr } = await cli(...args)
    expect(code).toBe(1)
    expect(stderr).toMatch(/^trien-bridge: [^\n]+\nhint: trien-bridge [^\n]+\n$/)
  })
})
