import { deflateSync } from 'node:zlib'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { inflate } from './flate.ts'

const TEXT = Buffer.from('Đơn đề nghị '.repeat(50_000))

const withBehind = (text: string): Uint8Array =>
  Buffer.concat([deflateSync(TEXT), Buffer.from(text)])

describe.each([
  ['by Node', true],
  ['by a page', false],
])('inflating %s', (_, hasNode) => {
  const open = (): void => {
    if (!hasNode) vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined)
  }
  afterEach(() => void vi.restoreAllMocks())

  it.each(['', '\n', '\r\n', '\n'.repeat(8)])('lets %j pass behind the data', async (behind) => {
    open()
    const inflated = await inflate(withBehind(behind), 0)
    expect(Buffer.compare(inflated, TEXT)).toBe(0)
    // What is cut from it is a copy: no Buffer, of which it would be a view.
    expect(inflated.constructor).toBe(Uint8Array)
  })

  it.each([
    ['data that ends early', deflateSync(TEXT).subarray(0, -5), 'FORMAT_MALFORMED'],
    [
      'a wrong checksum',
      Buffer.concat([deflateSync(TEXT).subarray(0, -4), Buffer.alloc(4)]),
      'FORMAT_MALFORMED',
    ],
    ['no zlib data', TEXT, 'FORMAT_MALFORMED'],
    ['a bomb', deflateSync(Buffer.alloc(65 << 20)), 'FORMAT_UNSUPPORTED'],
  ])('refuses %s', async (_, data, code) => {
    open()
    await expect(inflate(data, 0)).rejects.toMatchObject({ code })
  })
})

it('refuses other bytes behind the data', async () => {
  // Node's DecompressionStream lets them pass; browsers' does not, which test/e2e/pdf-in-browser asks of Chromium.
  await expect(inflate(withBehind('\0'), 0)).rejects.toMatchObject({ code: 'FORMAT_MALFORMED' })
})
