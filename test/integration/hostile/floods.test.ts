/** Attacks by numbers: more sockets, requests and answers than anybody needs. A page beside them is served all the while. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type HostileLab, createHostileLab } from '../../helpers/hostile-lab.ts'
import { PORTAL } from '../../helpers/page-socket.ts'
import { type RawClient, honestHeaders, requestHead } from '../../helpers/raw-client.ts'

let lab: HostileLab
beforeAll(async () => {
  lab = await createHostileLab()
})
afterEach(() => lab.assertUnharmed())
afterAll(() => lab?.close())

describe('sockets', () => {
  it('a seventeenth of one origin is refused, that of another is not', async () => {
    const origin = lab.stranger()
    const headers = () => honestHeaders(lab.bridge.port, origin)
    for (let index = 0; index < 16; index++) expect(await lab.knock(headers())).toBe(101)
    expect(await lab.knock(headers())).toBe(429)
    expect(await lab.knock(lab.honest())).toBe(101)
  })

  it('a sixty-first of one origin in a minute is refused', async () => {
    const origin = lab.stranger()
    for (let index = 0; index < 60; index++) {
      const page = await lab.page(origin)
      page.send('close', '')
      await page.untilClosed()
    }
    expect(await lab.knock(honestHeaders(lab.bridge.port, origin))).toBe(429)
  })

  it('silent ones without number are dropped, and room is there when they are gone', async () => {
    const flood = Array.from({ length: 400 }, () => lab.client())
    await Promise.any(flood.map((client) => client.untilClosed()))
    await lab.serve()
  })

  it('of many origins at once take up no more than there is, and leave open pages theirs', async () => {
    const origins = Array.from({ length: 20 }, () => lab.stranger())
    const statuses = await Promise.all(
      origins.flatMap((origin) =>
        Array.from({ length: 16 }, () =>
          lab.client().upgrade(requestHead(honestHeaders(lab.bridge.port, origin))),
        ),
      ),
    )
    const open = statuses.filter((status) => status === 101).length
    expect(open).toBeGreaterThan(200)
    expect(open).toBeLessThan(256)
    await lab.serve()
  })
})

describe('requests', () => {
  const hello = (id: number): object => ({
    jsonrpc: '2.0',
    id,
    method: 'hello',
    params: { versions: [1], sdk: 'x' },
  })

  it('5,000 in one breath are each answered once, by BRIDGE_BUSY where there are too many', async () => {
    const page = await lab.page()
    for (let id = 2; id < 5002; id++) page.sendJson(hello(id))
    await lab.serve()
    const answered = new Set<unknown>()
    for (let count = 0; count < 5000; count++) {
      const { id, result, error } = (await page.json()) as unknown as Answer
      expect(answered.has(id)).toBe(false)
      answered.add(id)
      if (result === undefined) expect(error?.data.code).toBe('BRIDGE_BUSY')
    }
    expect(answered.size).toBe(5000)
  })

  it('by one id at once are one, and words beyond it close the socket', async () => {
    const page = await lab.page(PORTAL)
    // In one piece, so that none is answered before the next arrives.
    page.socket.cork()
    for (let count = 0; count < 20; count++) {
      page.sendJson({ jsonrpc: '2.0', id: 5, method: 'certificates.list', params: {} })
    }
    page.socket.uncork()
    const codes: unknown[] = []
    await readToEnd(page, (answer) => codes.push(answer.id))
    expect(codes.filter((id) => id === 5).length).toBeLessThanOrEqual(1)
    expect(codes.filter((id) => id === null)).toHaveLength(3)
  })

  it('whose answers are not read are not kept: the socket is cut off', async () => {
    const before = await lab.readHeap()
    const page = await lab.page(PORTAL)
    page.socket.pause()
    let id = 2
    const timer = setInterval(() => {
      for (let count = 0; count < 8; count++) {
        page.sendJson({ jsonrpc: '2.0', id: id++, method: 'certificates.list', params: {} })
      }
    }, 1)
    await page.untilClosed().finally(() => clearInterval(timer))
    expect(await lab.readHeap()).toBeLessThan(before + (8 << 20))
  })

  it('of 256 KiB each, one after another, hold up nobody', async () => {
    const pages = await Promise.all(Array.from({ length: 8 }, () => lab.page()))
    const padding = 'x'.repeat(262_000)
    for (const page of pages) {
      for (let id = 2; id < 12; id++) {
        page.sendJson({ ...hello(id), params: { versions: [1], sdk: 'x', padding } })
      }
    }
    await lab.serve()
    for (const page of pages) {
      for (let count = 0; count < 10; count++)
        expect((await page.json())['id']).toBeTypeOf('number')
    }
  })

  it('cancelled without number cancel nothing and are not answered', async () => {
    const page = await lab.page()
    for (let request = 1; request < 20_000; request++) {
      page.sendJson({ jsonrpc: '2.0', method: 'cancel', params: { request } })
    }
    page.sendJson(hello(2))
    expect(await page.json()).toMatchObject({ id: 2 })
  })
})

interface Answer {
  readonly id: number | null
  readonly result?: unknown
  readonly error?: { readonly data: { readonly code: string } }
}

async function readToEnd(page: RawClient, onAnswer: (answer: Answer) => void): Promise<void> {
  for (;;) {
    const { opcode, payload } = await page.frame()
    if (opcode === 8) return
    onAnswer(JSON.parse(payload.toString()) as Answer)
  }
}
