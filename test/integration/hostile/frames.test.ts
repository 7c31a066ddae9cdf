/** Attacks by WebSocket frames, of a page that was let in: what no browser would send, and what a browser may send too much of. */
import { deflateRawSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type HostileLab, createHostileLab } from '../../helpers/hostile-lab.ts'
import { type FrameParts, encodeFrame } from '../../helpers/raw-frame.ts'
import { requestHead } from '../../helpers/raw-client.ts'

let lab: HostileLab
beforeAll(async () => {
  lab = await createHostileLab()
})
afterEach(() => lab.assertUnharmed())
afterAll(() => lab?.close())

const MALFORMED = 1002
const BAD_TEXT = 1007
const TOO_MUCH = 1008
const TOO_LARGE = 1009
const HELLO = JSON.stringify({
  jsonrpc: '2.0',
  id: 2,
  method: 'hello',
  params: { versions: [1], sdk: 'x' },
})
const bytes = (...octets: number[]): Uint8Array => Uint8Array.from(octets)
const BOMB = deflateRawSync(Buffer.alloc(200 << 20), { level: 9 })

describe('closes the socket:', () => {
  it.each<[string, number, readonly FrameParts[]]>([
    ['a frame that is not masked', MALFORMED, [{ payload: HELLO, mask: null }]],
    ['a binary frame', 1003, [{ opcode: 2, payload: bytes(1, 2, 3) }]],
    [
      'a compressed frame that was not agreed on (a bomb)',
      MALFORMED,
      [{ reserved: 4, payload: BOMB }],
    ],
    ['a reserved bit', MALFORMED, [{ reserved: 1, payload: HELLO }]],
    ['an opcode without meaning', MALFORMED, [{ opcode: 3 }]],
    ['a control opcode without meaning', MALFORMED, [{ opcode: 11 }]],
    ['a head that announces 2⁶³ octets', TOO_LARGE, [{ announced: 1n << 63n }]],
    ['a head that announces 4 GiB', TOO_LARGE, [{ announced: 1n << 32n }]],
    ['a head that announces one octet too many', TOO_LARGE, [{ announced: 262_145n }]],
    ['an oversize frame', TOO_LARGE, [{ payload: 'x'.repeat(262_145) }]],
    [
      'a message oversize in its fragments',
      TOO_LARGE,
      [
        { fin: false, payload: 'x'.repeat(200_000) },
        { opcode: 0, payload: 'x'.repeat(200_000) },
      ],
    ],
    [
      'a message in a thousand fragments',
      TOO_MUCH,
      [{ fin: false, payload: 'x' }, ...Array<FrameParts>(1000).fill({ fin: false, opcode: 0 })],
    ],
    ['a continuation of nothing', MALFORMED, [{ opcode: 0, payload: HELLO }]],
    ['a message within another', MALFORMED, [{ fin: false, payload: '{' }, { payload: HELLO }]],
    ['a ping in fragments', MALFORMED, [{ fin: false, opcode: 9, payload: 'x' }]],
    ['a ping of 126 octets', MALFORMED, [{ opcode: 9, payload: 'x'.repeat(126) }]],
    ['a close in fragments', MALFORMED, [{ fin: false, opcode: 8 }]],
    ['a close of one octet', MALFORMED, [{ opcode: 8, payload: bytes(3) }]],
    [
      'a close with a code that may not be sent',
      MALFORMED,
      [{ opcode: 8, payload: bytes(3, 237) }],
    ],
    ['a close whose reason is no text', BAD_TEXT, [{ opcode: 8, payload: bytes(3, 232, 0xff) }]],
    ['text that is not UTF-8', BAD_TEXT, [{ payload: bytes(0xc3, 0x28) }]],
    ['text with a letter in too many octets', BAD_TEXT, [{ payload: bytes(0xc0, 0xaf) }]],
    ['text with half a letter of UTF-16', BAD_TEXT, [{ payload: bytes(0xed, 0xa0, 0x80) }]],
    [
      'text that ends in the middle of a letter',
      BAD_TEXT,
      [
        { fin: false, payload: 'x' },
        { opcode: 0, payload: bytes(0xe1, 0xbb) },
      ],
    ],
  ])('%s', async (_, code, frames) => {
    const page = await lab.page()
    page.write(Buffer.concat(frames.map(encodeFrame)))
    // What comes after it is not heard.
    page.write(encodeFrame({ payload: HELLO }))
    const replies: number[] = []
    for (;;) {
      const { opcode, payload } = await page.frame()
      replies.push(opcode)
      if (opcode !== 8) continue
      expect(payload.readUInt16BE(0)).toBe(code)
      break
    }
    expect(replies).toEqual([8])
    await page.untilClosed()
  })
})

describe('is as good as any other:', () => {
  it.each<[string, readonly FrameParts[]]>([
    ['a mask of zeros', [{ payload: HELLO, mask: [0, 0, 0, 0] }]],
    ['a length in more octets than it needs', [{ payload: HELLO, lengthOctets: 8 }]],
    ['a message of 256 KiB', [{ payload: HELLO + ' '.repeat(262_144 - HELLO.length) }]],
    [
      'pings and pongs in the middle of a message',
      [
        { fin: false, payload: HELLO.slice(0, 20) },
        { opcode: 9, payload: 'x'.repeat(125) },
        { opcode: 10, payload: 'never asked for' },
        { opcode: 0, payload: HELLO.slice(20) },
      ],
    ],
    [
      'a message that begins with empty fragments',
      [{ fin: false }, { fin: false, opcode: 0 }, { opcode: 0, payload: HELLO }],
    ],
  ])('%s', async (_, frames) => {
    const page = await lab.page()
    page.write(Buffer.concat(frames.map(encodeFrame)))
    for (;;) {
      const { opcode, payload } = await page.frame()
      if (opcode === 10) continue
      expect(JSON.parse(payload.toString())).toMatchObject({ id: 2, result: { version: 1 } })
      break
    }
  })

  it('frames that come with the request that opens the socket, octet by octet', async () => {
    const client = lab.client()
    client.socket.setNoDelay(true)
    const [head, frame] = [requestHead(lab.honest()), encodeFrame({ payload: HELLO })]
    client.write(Buffer.concat([Buffer.from(head), frame.subarray(0, 3)]))
    for (const octet of frame.subarray(3)) client.write(Uint8Array.of(octet))
    expect(await client.upgrade('')).toBe(101)
    expect(await client.json()).toMatchObject({ id: 2, result: { version: 1 } })
  })
})

describe('holds no more than its share:', () => {
  it('messages that never end, on every socket of an origin', async () => {
    const before = await lab.readHeap()
    const origin = lab.stranger()
    const pages = await Promise.all(Array.from({ length: 16 }, () => lab.page(origin)))
    for (const page of pages) page.send('text', 'x'.repeat(262_000), false)
    for (const page of pages) page.send('ping', 'done')
    // Its pong says that all before it was read.
    for (const page of pages) expect((await page.frame()).opcode).toBe(10)
    // What was read in small pieces is joined, and let go a little later.
    await expect
      .poll(() => lab.readHeap(), { timeout: 20_000 })
      .toBeLessThan(before + 16 * 262_144 + (4 << 20))
    await lab.serve()
  })

  it('heads that announce what never comes', async () => {
    const origin = lab.stranger()
    const before = await lab.readHeap()
    const pages = await Promise.all(Array.from({ length: 16 }, () => lab.page(origin)))
    for (const page of pages) page.write(encodeFrame({ payload: 'x', announced: 262_144n }))
    expect(await lab.readHeap()).toBeLessThan(before + (4 << 20))
    await lab.serve()
  })
})
