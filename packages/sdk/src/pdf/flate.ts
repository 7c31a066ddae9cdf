/**
 * FlateDecode through the platform's own DecompressionStream (zlib format, RFC 1950), capped.
 * @module
 */
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
      return await inflateExactly(data.subarray(0, end))
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

async function inflateExactly(data: Uint8Array): Promise<Bytes> {
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
  throw unsupported(`streams above ${MAX_INFLATED_BYTES} bytes`)
}
