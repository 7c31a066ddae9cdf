/** Attacks by JSON, of a page that was let in: what is no message, and messages that name what no page may name. */
import { encodeBase64url } from '@trien/sdk/bytes'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type HostileLab, createHostileLab } from '../../helpers/hostile-lab.ts'
import { PORTAL } from '../../helpers/page-socket.ts'
import { type RawClient, requestHead } from '../../helpers/raw-client.ts'

let lab: HostileLab
let dialogs = 0
beforeAll(async () => {
  lab = await createHostileLab()
})
afterEach(async () => {
  lab.pinentry.answer({})
  await lab.assertUnharmed(dialogs)
  dialogs = 0
})
afterAll(() => lab?.close())

const HELLO = { jsonrpc: '2.0', method: 'hello', params: { versions: [1], sdk: 'x' } }
const code = (name: string, details: object = {}) => ({ error: { data: { code: name, details } } })
const problem = (name: string) => code('BRIDGE_PROTOCOL', { problem: name })
const certificateId = (): string => encodeBase64url(lab.certificates[0]!.id as never)

async function ask(page: RawClient, method: string, params: unknown, id = 9): Promise<unknown> {
  page.sendJson({ jsonrpc: '2.0', id, method, params })
  return page.json()
}
/** The page is still there, and nothing it was not told of came before. */
async function expectServed(page: RawClient): Promise<void> {
  page.sendJson({ ...HELLO, id: 77 })
  expect(await page.json()).toMatchObject({ id: 77, result: { version: 1 } })
}

describe('what is no message', () => {
  it.each<[string, string, string]>([
    ['no JSON', 'parse', '{'],
    ['nothing', 'parse', ''],
    ['JSON and more', 'parse', `${JSON.stringify({ ...HELLO, id: 2 })}x`],
    ['100,000 brackets', 'parse', '['.repeat(100_000)],
    ['100,000 brackets and their ends', 'envelope', '['.repeat(100_000) + ']'.repeat(100_000)],
    ['a batch', 'envelope', JSON.stringify([{ ...HELLO, id: 2 }])],
    ['another protocol', 'envelope', JSON.stringify({ ...HELLO, id: 2, jsonrpc: '1.0' })],
    [
      'a message by its prototype',
      'envelope',
      `{"__proto__":${JSON.stringify({ ...HELLO, id: 2 })}}`,
    ],
    ['a result, as if the bridge had asked', 'envelope', '{"jsonrpc":"2.0","id":1,"result":{}}'],
    [
      'an error, as if the bridge had asked',
      'envelope',
      '{"jsonrpc":"2.0","id":1,"error":{"code":1}}',
    ],
    [
      'a method of 101 letters',
      'envelope',
      JSON.stringify({ ...HELLO, id: 2, method: 'x'.repeat(101) }),
    ],
    ...['0', '-1', '1.5', '1e400', '9007199254740992', '"2"', 'null', 'true', '[2]', '{}'].map(
      (id): [string, string, string] => [
        `an id of ${id}`,
        'envelope',
        `{"jsonrpc":"2.0","id":${id},"method":"hello","params":{}}`,
      ],
    ),
  ])('%s', async (_, name, text) => {
    const page = await lab.page()
    page.send('text', text)
    expect(await page.json()).toMatchObject({ id: null, ...problem(name) })
    await expectServed(page)
  })

  it('three times, and the socket is closed', async () => {
    const page = await lab.page()
    for (let count = 0; count < 3; count++) page.send('text', '{')
    expect(await page.closeCode()).toBe(1008)
  })

  it('is answered with none of its words', async () => {
    const page = await lab.page()
    page.send('text', '{"jsonrpc":"2.0","id":"<script>","method":"4711"}')
    const text = JSON.stringify(await page.json())
    expect(text).not.toMatch(/script|4711/)
  })
})

describe('a message', () => {
  it('before hello is not served', async () => {
    const client = lab.client()
    await client.upgrade(requestHead(lab.honest()))
    expect(await ask(client, 'certificates.list', {})).toMatchObject(problem('hello-first'))
  })

  it.each(['token.setModule', 'eval', '__proto__', 'constructor', 'toString', '', '\u0000'])(
    'of no method of ours is told so: %j',
    async (method) => {
      const page = await lab.page()
      expect(await ask(page, method, {})).toMatchObject({
        id: 9,
        error: { code: -32601, data: { details: { problem: 'method' } } },
      })
      await expectServed(page)
    },
  )

  it.each<[string, string, unknown, string]>([
    ['hello', 'versions as text', { versions: '1', sdk: 'x' }, 'params.versions'],
    ['hello', 'an endless version', { versions: [1e999], sdk: 'x' }, 'params.versions[0]'],
    ['hello', 'no params', undefined, 'params'],
    ['hello', 'a list as params', [], 'params'],
    [
      'hello',
      'inherited fields',
      JSON.parse('{"__proto__":{"versions":[1],"sdk":"x"}}'),
      'params.versions',
    ],
    [
      'hello',
      'a short challenge',
      { versions: [1], sdk: 'x', challenge: 'AAAA' },
      'params.challenge',
    ],
    ['sign', 'no items', { certificate: 'A'.repeat(43), items: [] }, 'params.items'],
    [
      'sign',
      '257 items',
      { certificate: 'A'.repeat(43), items: Array(257).fill(0) },
      'params.items',
    ],
    [
      'sign',
      'a path for a certificate',
      { certificate: '/tmp/x', items: [0] },
      'params.certificate',
    ],
    ['certificates.list', 'a language of its own', { language: '../vi' }, 'params.language'],
    [
      'issuer',
      'a certificate too large',
      { certificate: 'A'.repeat(30_000) },
      'params.certificate',
    ],
    ['crl.part', 'an offset below zero', { sha256: 'A'.repeat(43), offset: -1 }, 'params.offset'],
  ])('%s with %s is told where it is wrong', async (method, _, params, path) => {
    const page = await lab.page()
    const answer = await ask(page, method, params)
    expect(answer).toMatchObject({ id: 9, ...problem(path) })
    await expectServed(page)
  })

  it('may be deep and wide where nobody looks, and changes no prototype', async () => {
    const page = await lab.page()
    const deep = '['.repeat(50_000) + ']'.repeat(50_000)
    const wide = Array.from({ length: 10_000 }, (_, index) => `"k${index}":0`).join()
    const params = `{"versions":[1],"sdk":"x","__proto__":{"jsonrpc":"x"},"deep":${deep},${wide}}`
    page.send('text', `{"jsonrpc":"2.0","id":2,"method":"hello","params":${params}}`)
    expect(await page.json()).toMatchObject({ id: 2, result: { version: 1 } })
    await expectServed(page)
  })

  it('that says a name twice is one message, and answered once', async () => {
    const page = await lab.page()
    page.send('text', '{"jsonrpc":"2.0","id":4,"id":5,"method":"sign","method":"nothing"}')
    expect(await page.json()).toMatchObject({ id: 5, error: { code: -32601 } })
    await expectServed(page)
  })

  it('that wants no answer gets none, whatever it says', async () => {
    const page = await lab.page()
    for (const method of ['hello', 'certificates.list', 'sign', 'nothing', 'cancel']) {
      page.sendJson({ jsonrpc: '2.0', method, params: { request: 'x' } })
    }
    await expectServed(page)
  })

  it('by an id that was answered before is a new one', async () => {
    const page = await lab.page()
    for (let count = 0; count < 3; count++) await expectServed(page)
  })
})

describe('a page that names what is not its own', () => {
  // Bkav’s SetDLLName; Logitech Options 2018; the Slovak eID client 2019: a page that chooses what runs.
  it('(a driver, a path, a PIN, an address, an origin) is heard as itself, and nothing more', async () => {
    lab.pinentry.answer({ confirm: 'cancel' })
    dialogs = 1
    const origin = lab.stranger()
    const page = await lab.page(origin)
    const named = {
      module: '/tmp/evil.so',
      path: '/etc/passwd',
      pin: '4711',
      url: 'http://169.254.169.254/',
      origin: PORTAL,
      host: 'portal.gov.test',
    }
    expect(await ask(page, 'certificates.list', named)).toMatchObject(code('USER_DENIED'))
    const { description } = lab.pinentry.asked().at(-1)!
    expect(description).toContain(origin)
    expect(description).not.toMatch(/portal\.gov|evil|passwd|4711|169\.254/)
    expect(lab.bridge.stderr()).not.toMatch(/evil|passwd|4711|169\.254/)
  })

  it.each<[string, () => object]>([
    // A certificate that another site was let see: its name is the SHA-256 of what everybody may have seen.
    ['token.changePin', () => ({ certificate: certificateId() })],
    ['token.unblock', () => ({ certificate: certificateId() })],
    ['issuer', () => ({ certificate: encodeBase64url(lab.certificates[0]!.certificate as never) })],
    ['crl', () => ({ certificate: encodeBase64url(lab.certificates[0]!.certificate as never) })],
    ['crl.part', () => ({ sha256: certificateId(), offset: 0 })],
    // RIA 2021: any digest, signed with whatever key.
    ['digest.sign', () => ({ certificate: certificateId(), items: [digestItem()] })],
    ['sign', () => ({ certificate: certificateId(), items: [item()] })],
  ])(
    '(a certificate it was never shown: %s) is denied without a dialog',
    async (method, params) => {
      const page = await lab.page()
      expect(await ask(page, method, params())).toMatchObject({
        id: 9,
        error: { data: { code: 'BRIDGE_ORIGIN_DENIED' } },
      })
    },
  )

  it('(its own subdomain, or the same name on another port) is another origin', async () => {
    for (const origin of [
      `${PORTAL}:8443`,
      PORTAL.replace('//', '//www.'),
      `${PORTAL}.evil.test`,
    ]) {
      const page = await lab.page(origin)
      const answer = await ask(page, 'sign', { certificate: certificateId(), items: [item()] })
      expect(answer).toMatchObject(code('BRIDGE_ORIGIN_DENIED'))
    }
  })

  it('(a certificate that nobody has) learns that there is none', async () => {
    const page = await lab.page(PORTAL)
    const unknown = encodeBase64url(new Uint8Array(32))
    const answer = await ask(page, 'sign', { certificate: unknown, items: [item()] })
    expect(answer).toMatchObject(code('TOKEN_KEY_NOT_FOUND'))
  })

  it('(what is no signed structure) is refused though the origin may sign', async () => {
    const page = await lab.page(PORTAL)
    const answer = await ask(page, 'sign', { certificate: certificateId(), items: [item()] })
    expect(answer).toMatchObject({ error: { data: { code: 'BRIDGE_CLAIM_MISMATCH' } } })
  })

  it('(the request of another page) cancels nothing', async () => {
    lab.pinentry.answer({ confirm: 'hang' })
    dialogs = 1
    const before = lab.pinentry.asked().length
    const [victim, attacker] = [await lab.page(), await lab.page()]
    victim.sendJson({ jsonrpc: '2.0', id: 42, method: 'certificates.list', params: {} })
    const asked = (await lab.pinentry.untilCount('asked', before + 1)).at(-1)
    attacker.sendJson({ jsonrpc: '2.0', method: 'cancel', params: { request: 42 } })
    await expectServed(attacker)
    await expectServed(victim)
    expect(
      lab.pinentry.events().some(({ event, pid }) => event === 'ended' && pid === asked?.pid),
    ).toBe(false)
  })
})

const shown = { name: 'a', mediaType: 'b', size: 1 }
const item = () => ({
  id: '1',
  kind: 'cms-signed-attributes',
  algorithm: lab.certificates[0]!.algorithms[0]!,
  toBeSigned: 'AAAA',
  document: { ...shown, digest: { algorithm: 'SHA-256', value: 'A'.repeat(43) } },
})
const digestItem = () => ({ id: '1', algorithm: 'ES256', digest: 'A'.repeat(43), document: shown })
