import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { concatBytes } from './bytes.ts'
import { readChunks } from './digest.ts'

/** More than one slice. */
const BYTES = Uint8Array.from({ length: (4 << 20) + 12_345 }, (_, index) => index * 31)

describe('a Blob in a page', () => {
  beforeEach(() => void vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined))
  afterEach(() => void vi.restoreAllMocks())

  async function read(blob: Blob): Promise<Uint8Array> {
    const copies: Uint8Array[] = []
    for await (const view of readChunks(blob)) copies.push(view.slice())
    return concatBytes(...copies)
  }

  /** A Blob that says one size and streams what it is told to. */
  function streaming(source: UnderlyingDefaultSource | UnderlyingByteSource): Blob {
    const blob = new Blob([BYTES])
    blob.stream = () => new ReadableStream(source as UnderlyingByteSource)
    return blob
  }

  it('is read whole and without a slice', async () => {
    const slice = vi.spyOn(Blob.prototype, 'slice')
    expect(Buffer.compare(await read(new Blob([BYTES])), BYTES)).toBe(0)
    expect(slice).not.toHaveBeenCalled()
  })

  it('is read by slices where its stream fills no buffer of others', async () => {
    expect(Buffer.compare(await read(streaming({})), BYTES)).toBe(0)
  })

  it.each([
    ['less', BYTES.subarray(1)],
    ['more', concatBytes(BYTES, BYTES.subarray(0, 1))],
  ])('is refused where there is %s of it than it said', async (_, bytes) => {
    const blob = streaming({
      type: 'bytes',
      start(controller) {
        controller.enqueue(bytes.slice())
        controller.close()
      },
    })
    await expect(read(blob)).rejects.toMatchObject({ code: 'FORMAT_CHANGED' })
  })

  it('is refused where it cannot be read any more', async () => {
    const cause = new Error('gone')
    const pull = () => Promise.reject(cause)
    const reading = read(streaming({ type: 'bytes', pull }))
    await expect(reading).rejects.toMatchObject({ code: 'FORMAT_CHANGED', cause })
  })

  it('is let go of where nobody reads on', async () => {
    const cancel = vi.fn()
    const pull = (controller: ReadableByteStreamController) => controller.enqueue(new Uint8Array(9))
    for await (const view of readChunks(streaming({ type: 'bytes', pull, cancel }))) {
      expect(view).toHaveLength(9)
      break
    }
    expect(cancel).toHaveBeenCalledOnce()
  })

  it('leaves the page its turns between pieces', async () => {
    let turns = 0
    let pieces = 0
    const timer = setInterval(() => turns++)
    const pull = (controller: ReadableByteStreamController) => controller.enqueue(new Uint8Array(9))
    for await (const view of readChunks(streaming({ type: 'bytes', pull }))) {
      pieces += view.length / 9
      if (turns > 1 || pieces > 100_000) break
    }
    clearInterval(timer)
    expect(turns).toBeGreaterThan(1)
  })
})
