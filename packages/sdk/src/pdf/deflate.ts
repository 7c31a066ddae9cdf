/**
 * FlateDecode's other direction, through the platform's own CompressionStream (zlib format, RFC 1950).
 * @module
 */
import type { Bytes } from '../bytes.ts'

/** Deflates bytes. */
export async function deflate(data: Uint8Array): Promise<Bytes> {
  const stream = new Blob([data as Bytes]).stream().pipeThrough(new CompressionStream('deflate'))
  return new Uint8Array(await new Response(stream).arrayBuffer())
}
