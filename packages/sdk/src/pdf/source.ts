/**
 * Random access to a document that may be a Blob of any size: only what is asked for is ever in memory.
 * @module
 */
import { concatBytes } from '../bytes.ts'
import { FormatError } from '../errors.ts'
import type { DocumentInput } from '../types.ts'

/** Bytes that can be read anywhere. */
export interface ByteSource {
  readonly size: number
  /**
   * Reads [start, end), cut at the size.
   * @returns a view that must not be written to
   */
  read(start: number, end: number): Promise<Uint8Array>
  /** The offset up to which one read from `start` takes no longer than that of a single byte. */
  reach(start: number): number
}

/** Neighbouring objects are read together: a Blob answers each slice through the event loop. */
const BLOCK_BYTES = 1 << 16
/** 2 MiB of blocks: enough for forms of thousands of fields, far below what may be kept. */
const MAX_BLOCKS = 32

/** Opens bytes (no copy) or a Blob (read in blocks, a few of which are kept). */
export function openSource(document: DocumentInput): ByteSource {
  return document instanceof Uint8Array ? openBytes(document) : openBlob(document)
}

function openBytes(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    read: (start, end) => Promise.resolve(bytes.subarray(start, end)),
    reach: () => bytes.length,
  }
}

function openBlob(blob: Blob): ByteSource {
  const blocks = new Map<number, Uint8Array>()

  async function slice(start: number, end: number): Promise<Uint8Array> {
    try {
      return new Uint8Array(await blob.slice(start, end).arrayBuffer())
    } catch (cause) {
      // NotReadableError: the file behind a File was changed or removed since it was chosen.
      throw new FormatError('FORMAT_CHANGED', { cause })
    }
  }

  async function block(index: number): Promise<Uint8Array> {
    const known = blocks.get(index)
    if (known !== undefined) return known
    const start = index * BLOCK_BYTES
    const bytes = await slice(start, Math.min(start + BLOCK_BYTES, blob.size))
    const oldest = blocks.keys().next()
    if (blocks.size >= MAX_BLOCKS && oldest.done !== true) blocks.delete(oldest.value)
    blocks.set(index, bytes)
    return bytes
  }

  return {
    size: blob.size,
    async read(start, end) {
      const stop = Math.min(end, blob.size)
      const index = Math.floor(start / BLOCK_BYTES)
      const base = index * BLOCK_BYTES
      if (stop > base + BLOCK_BYTES) return slice(start, stop)
      return (await block(index)).subarray(start - base, Math.max(stop - base, 0))
    },
    reach: (start) => (Math.floor(start / BLOCK_BYTES) + 1) * BLOCK_BYTES,
  }
}

/** A source as it will be with bytes appended to it. */
export function joinSource(head: ByteSource, tail: Uint8Array): ByteSource {
  return {
    size: head.size + tail.length,
    async read(start, end) {
      if (end <= head.size) return head.read(start, end)
      const after = tail.subarray(Math.max(0, start - head.size), end - head.size)
      if (start >= head.size) return after
      return concatBytes(await head.read(start, head.size), after)
    },
    reach: (start) => (start < head.size ? head.reach(start) : head.size + tail.length),
  }
}
