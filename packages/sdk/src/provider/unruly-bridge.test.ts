import { describe, expect, it } from 'vitest'
import {
  failure,
  listed,
  progress,
  progressOf,
  request,
  useScriptedPage,
} from '../../../../test/helpers/scripted-page.ts'

const page = useScriptedPage()

describe('a bridge that breaks the rules', () => {
  const cases: [string, (id: number) => (string | Uint8Array | object)[]][] = [
    ['no JSON', () => ['{']],
    ['a binary frame', () => [Uint8Array.of(1)]],
    ['a frame over the limit', () => ['x'.repeat(262_145)]],
    ['a question of its own', () => [{ id: 1, method: 'eval', params: {} }]],
    ['an answer to nobody’s question', () => [{ id: 99, result: {} }]],
    ['an error without a number', () => [{ id: null, error: { code: 1, message: '' } }]],
    ['a result of another shape', (id) => [{ id, result: { signed: 'two' } }]],
    ['a count that does not fit', (id) => [progress(id, '1', 1), { id, result: { signed: 2 } }]],
    ['fewer signatures than it says', (id) => [{ id, result: { signed: 1 } }]],
    ['a signature of nothing asked', (id) => [progress(id, '2', 1)]],
    ['the same signature twice', (id) => [progress(id, '1', 1), progress(id, '1', 1)]],
    [
      'the same signature twice at once',
      (id) => [
        progressOf(id, [
          ['1', 1],
          ['1', 1],
        ]),
      ],
    ],
    ['a message without a signature', (id) => [progressOf(id, [])]],
    [
      'a signature without end',
      (id) => [
        {
          method: 'sign.progress',
          params: { request: id, signatures: [{ item: '1', value: 'A'.repeat(4000) }] },
        },
      ],
    ],
    ['a signature for nobody', () => [progress(99, '1', 1)]],
    [
      'a prompt elsewhere',
      (id) => [{ method: 'prompt.page', params: { request: id, url: 'https://evil.example/' } }],
    ],
    [
      'a prompt that is a script',
      (id) => [{ method: 'prompt.page', params: { request: id, url: 'javascript:alert(1)' } }],
    ],
    [
      'a prompt that is no address',
      (id) => [{ method: 'prompt.page', params: { request: id, url: '//' } }],
    ],
    ['a flood', () => Array<object>(1_001).fill({ method: 'noise', params: {} })],
  ]
  it.each(cases)('%s ends in BRIDGE_PROTOCOL', async (_, frames) => {
    const signing = (await page.findSigner()).sign([request])
    const { id } = await page.peer.next()
    for (const frame of frames(id)) page.peer.send(frame)
    await expect(signing).rejects.toThrowError(failure('BRIDGE_PROTOCOL'))
    expect(page.promptPages).toEqual([])
  })

  it('an unknown notification is none: a newer bridge may say more', async () => {
    page.peer.send({ method: 'tokens.changed', params: {} })
    expect(await page.list(listed)).toHaveLength(1)
  })

  it('a page that asks too much at once hears BRIDGE_BUSY', async () => {
    const asked = Array.from({ length: 17 }, () => page.bridge.listCertificates())
    const [last] = asked.slice(-1)
    await expect(last).rejects.toThrowError(failure('BRIDGE_BUSY'))
    page.bridge.close()
    for (const outcome of await Promise.allSettled(asked)) expect(outcome.status).toBe('rejected')
  })
})
