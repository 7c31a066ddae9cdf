/**
 * A document that comes in pieces: hashed as they come, none of them kept. Loaded only where one is signed.
 * @module
 */
import type { Bytes } from '../bytes.ts'
import { type DigestOptions, assertNotAborted, openHash } from '../digest.ts'
import { wrongArgument } from '../errors.ts'
import type { DigestName, DocumentStream } from '../types.ts'
import { untilAborted } from './until-aborted.ts'

/** What is known of a document that went by. */
export interface DigestedStream {
  readonly documentDigest: Bytes
  /** Bytes. */
  readonly size: number
}

interface Chunks {
  next(): Promise<{ readonly done?: boolean | undefined; readonly value?: unknown }>
  /** Tells the source that nobody reads on. */
  stop(reason: unknown): unknown
}

/**
 * Hashes a stream to its end.
 * @param stream read whole; a ReadableStream is locked, and cancelled where the signal aborts
 * @param options.onProgress is told the bytes so far twice, for nobody knows how many will come
 * @throws {UsageError} USAGE_ARGUMENT where it is no stream, or gives anything but bytes
 * @throws {UserError} USER_CANCELLED when the signal aborts, also while a piece is waited for
 * @throws what the stream throws
 */
export async function digestStream(
  name: DigestName,
  stream: DocumentStream,
  { signal, onProgress }: DigestOptions = {},
): Promise<DigestedStream> {
  const chunks = openStream(stream)
  const hash = await openHash(name)
  let size = 0
  try {
    for (;;) {
      // A source that has fallen silent must not hold up who wants to stop.
      const { done, value } = await untilAborted(chunks.next(), signal)
      if (done === true) break
      if (!(value instanceof Uint8Array)) throw notBytes()
      hash.update(value)
      size += value.length
      onProgress?.(size, size)
    }
    assertNotAborted(signal)
  } catch (error) {
    // Its own error, where stopping fails too, says less than the first.
    void Promise.resolve(chunks.stop(error)).catch(() => {})
    throw error
  }
  return { documentDigest: new Uint8Array(hash.digest()), size }
}

function openStream(stream: unknown): Chunks {
  const { getReader, [Symbol.asyncIterator]: iterate } = (stream ?? {}) as Partial<
    ReadableStream<unknown> & AsyncIterable<unknown>
  >
  // First, for Safari's streams cannot be iterated.
  if (getReader !== undefined) {
    const reader = (stream as ReadableStream<unknown>).getReader()
    return { next: () => reader.read(), stop: (reason) => reader.cancel(reason) }
  }
  if (iterate === undefined) throw notBytes()
  const iterator = iterate.call(stream as AsyncIterable<unknown>)
  return { next: () => iterator.next(), stop: () => iterator.return?.() }
}

function notBytes(): Error {
  return wrongArgument('data', 'a Uint8Array, Blob or File, or a stream of Uint8Array')
}
