/**
 * A Blob as it is read in a page, loaded only where one is too large to be in memory: through one buffer, used again for each
 * piece. Slices would each be an ArrayBuffer of their own, and a browser takes its time to collect those.
 * @module
 */
import { FormatError } from './errors.ts'

const BUFFER_BYTES = 1 << 20

/**
 * What is being read. Chromium (156) collects the reader of a Blob's own stream while nothing but its unanswered read refers to
 * it, and then the read is never answered.
 */
const READING = new Set<ReadableStreamBYOBReader>()

/**
 * Goes through a Blob from its start to its end. Between pieces the page has its turn, which a stream alone does not give it:
 * where reading is faster than hashing, the next piece is always there.
 * @returns views that hold until the next one is asked for; undefined where the browser's Blob fills no buffer of others
 * @throws {FormatError} FORMAT_CHANGED where the file behind a File was changed or removed since it was chosen
 */
export function streamBlob(blob: Blob): AsyncGenerator<Uint8Array> | undefined {
  try {
    return readPieces(blob.stream().getReader({ mode: 'byob' }), blob.size)
  } catch {
    return undefined
  }
}

async function* readPieces(
  reader: ReadableStreamBYOBReader,
  size: number,
): AsyncGenerator<Uint8Array> {
  const turns = openTurns()
  READING.add(reader)
  try {
    let buffer = new ArrayBuffer(BUFFER_BYTES)
    for (let left = size; left > 0;) {
      const { value } = await reader.read(new Uint8Array(buffer))
      // Of more or less than it was, a hash would be of another file.
      if (!value?.length || value.length > left) throw new FormatError('FORMAT_CHANGED')
      left -= value.length
      yield value
      buffer = value.buffer
      await turns.next()
    }
  } catch (cause) {
    throw new FormatError('FORMAT_CHANGED', { cause })
  } finally {
    turns.close()
    // Who stops early, stops the stream.
    await reader.cancel().catch(() => undefined)
    READING.delete(reader)
  }
}

/** Turns of the page's event loop; a timer waits longer than a piece takes, in a page out of sight a second. */
function openTurns(): { next(): Promise<unknown>; close(): void } {
  const { port1, port2 } = new MessageChannel()
  return {
    next: () =>
      new Promise((resolve) => {
        port1.onmessage = resolve
        port2.postMessage(undefined)
      }),
    close: () => port1.close(),
  }
}
