/**
 * FlateDecode (zlib format, RFC 1950) through the platform: Node's own zlib, for its streams cost more than the inflating,
 * and in a page DecompressionStream; capped.
 * @module
 */
import { findBuiltin } from '../builtin.ts'
import { concatBytes, type Bytes } from '../bytes.ts'
import { malformed, unsupported } from './malformed.ts'

/** Cross-reference and object streams of real files stay below 10 MB; the rest is a bomb. */
const MAX_INFLATED_BYTES = 64 << 20
/** Each byte that is left off costs another attempt. */
const MAX_TRAILING_BYTES = 8

/**
 * Inflates zlib data. White space after its end is let pass: writers count the line end before `endstream`.
 * @throws {FormatError} FORMAT_MALFORMED, FORMAT_UNSUPPORTED above the cap
 */
export async function inflate(data: Uint8Array, offset: number): Promise<Bytes> {
  for (let end = data.length; ; end--) {
    try {
      const exactly = data.subarray(0, end)
      return inflateNatively(exactly) ?? (await inflateStreaming(exactly))
    } catch (error) {
      if (!(error instanceof TypeError)) throw error
      const last = data[end - 1]
      const isSpace = last === 0x0a || last === 0x0d || last === 0x20
      if (!isSpace || data.length - end >= MAX_TRAILING_BYTES) {
        throw malformed('stream', offset, 'zlib data')
      }
    }
  }
}

interface NodeZlib {
  inflateSync(
    data: Uint8Array,
    options: { info: true; maxOutputLength: number },
  ): { readonly buffer: Bytes; readonly engine: { readonly bytesWritten: number } }
}

/** @returns undefined where there is no Node */
function inflateNatively(data: Uint8Array): Bytes | undefined {
  const zlib = findBuiltin('node:zlib') as NodeZlib | undefined
  if (zlib === undefined) return undefined
  try {
    const options = { info: true, maxOutputLength: MAX_INFLATED_BYTES } as const
    const { buffer, engine } = zlib.inflateSync(data, options)
    // A Buffer's slice is a view where a Uint8Array's is a copy; it does not leave this function.
    if (engine.bytesWritten === data.length)
      return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length)
  } catch (cause) {
    if (cause instanceof RangeError) throw aboveCap()
    throw new TypeError('not zlib data', { cause })
  }
  throw new TypeError('more than zlib data')
}

function aboveCap(): Error {
  return unsupported(`streams above ${MAX_INFLATED_BYTES} bytes`)
}

async function inflateStreaming(data: Uint8Array): Promise<Bytes> {
  const stream = new Blob([data as Bytes]).stream().pipeThrough(new DecompressionStream('deflate'))
  const reader = stream.getReader()
  const parts: Uint8Array[] = []
  let length = 0
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return concatBytes(...parts)
      parts.push(value)
      length += value.length
      if (length > MAX_INFLATED_BYTES) break
    }
  } catch (error) {
    // Node gives zlib's own Error where browsers give the TypeError of the Compression standard.
    throw error instanceof TypeError ? error : new TypeError('not zlib data', { cause: error })
  }
  await reader.cancel()
  throw aboveCap()
}
