/**
 * Hashing of documents, each as fast as there is a way: in Node the native hash, fed in chunks; in a page WebCrypto where
 * all of it may be in memory at once, and beyond that a hash that is fed in chunks (`script-hash.ts`).
 * @module
 */
import { findBuiltin } from './builtin.ts'
import { concatBytes, type Bytes } from './bytes.ts'
import type { RunningHash } from './script-hash.ts'
import type { DigestName, DocumentInput, HashProgress } from './types.ts'
import { FormatError, UsageError, UserError } from './errors.ts'
import { load } from './load.ts'

/** How hashing is watched and stopped. */
export interface DigestOptions {
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: HashProgress | undefined
}

/** What of a Blob is in memory at once at the least. */
export const CHUNK_BYTES = 4 << 20
/** What of a Blob a page reads at once: WebCrypto takes one run, and holds a copy while it hashes it. */
const ONE_RUN_BYTES = 128 << 20

/**
 * Hashes one run of bytes.
 * @throws {UsageError} USAGE_INSECURE_CONTEXT where the page has no WebCrypto
 */
export async function digestBytes(name: DigestName, bytes: Uint8Array): Promise<Bytes> {
  const native = nodeHash(name)
  if (native !== undefined) {
    native.update(bytes)
    return new Uint8Array(native.digest())
  }
  // Typed as always there, but a page that is not a secure context has none.
  const subtle = crypto.subtle as SubtleCrypto | undefined
  if (subtle === undefined) throw new UsageError('USAGE_INSECURE_CONTEXT')
  return new Uint8Array(await subtle.digest(name, bytes as Bytes))
}

/**
 * Hashes parts as if they were one run.
 * @throws {UserError} USER_CANCELLED when the signal aborts
 * @throws {FormatError} FORMAT_CHANGED where a File was changed or removed since it was chosen
 * @throws {UsageError} USAGE_INSECURE_CONTEXT, USAGE_NOT_LOADED
 */
export async function digestDocument(
  name: DigestName,
  parts: readonly DocumentInput[],
  options: DigestOptions = {},
): Promise<Bytes> {
  const totalBytes = parts.reduce((sum, part) => sum + sizeOf(part), 0)
  const [first] = parts
  const isRun = parts.length === 1 && first instanceof Uint8Array
  if (nodeHash(name) === undefined && (isRun || totalBytes <= ONE_RUN_BYTES)) {
    assertNotAborted(options.signal)
    const digest = await digestBytes(name, await readChunk(joinParts(parts), 0, totalBytes))
    options.onProgress?.(totalBytes, totalBytes)
    assertNotAborted(options.signal)
    return digest
  }
  return digestChunks(await openHash(name), parts, totalBytes, options)
}

function joinParts(parts: readonly DocumentInput[]): DocumentInput {
  const [first] = parts
  if (first !== undefined && parts.length === 1) return first
  const isInMemory = parts.every((part) => part instanceof Uint8Array)
  return isInMemory ? concatBytes(...parts) : new Blob(parts as Exclude<BlobPart, string>[])
}

async function digestChunks(
  hash: RunningHash,
  parts: readonly DocumentInput[],
  totalBytes: number,
  { signal, onProgress }: DigestOptions,
): Promise<Bytes> {
  let doneBytes = 0
  for (const part of parts) {
    assertNotAborted(signal)
    for await (const chunk of readChunks(part)) {
      assertNotAborted(signal)
      hash.update(chunk)
      doneBytes += chunk.length
      onProgress?.(doneBytes, totalBytes)
      assertNotAborted(signal)
    }
  }
  return new Uint8Array(hash.digest())
}

/**
 * Goes through a document from its start to its end, never all of it in memory.
 * @returns views that hold until the next one is asked for
 * @throws {FormatError} FORMAT_CHANGED where a File was changed or removed since it was chosen
 * @throws {UsageError} USAGE_NOT_LOADED
 */
export async function* readChunks(part: DocumentInput): AsyncGenerator<Uint8Array> {
  yield* (await openStream(part)) ?? readSlices(part)
}

/** Undefined where slices do: of bytes, of what is small, and in Node, which has collected them by the next one. */
async function openStream(part: DocumentInput): Promise<AsyncIterable<Uint8Array> | undefined> {
  const isSliced = part instanceof Uint8Array || part.size <= CHUNK_BYTES || nodeCrypto()
  if (isSliced) return undefined
  const { streamBlob } = await load(import('./blob-stream.ts'))
  return streamBlob(part)
}

async function* readSlices(part: DocumentInput): AsyncGenerator<Uint8Array> {
  let next = readAhead(part, 0)
  for (let start = 0; start < sizeOf(part); start += CHUNK_BYTES) {
    const chunk = await next
    // Read while this one is hashed.
    next = readAhead(part, start + CHUNK_BYTES)
    yield chunk
  }
}

/** Starts to read the chunk at an offset; whoever never waits for it does not hear that it failed. */
function readAhead(part: DocumentInput, start: number): Promise<Uint8Array> {
  const chunk = readChunk(part, start, Math.min(start + CHUNK_BYTES, sizeOf(part)))
  chunk.catch(() => {})
  return chunk
}

/** @throws {UserError} USER_CANCELLED */
export function assertNotAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new UserError('USER_CANCELLED', { cause: signal.reason })
}

/** How many bytes a document has. */
export function sizeOf(part: DocumentInput): number {
  return part instanceof Uint8Array ? part.length : part.size
}

/**
 * Reads [start, end) of a document.
 * @returns of bytes a view
 * @throws {FormatError} FORMAT_CHANGED where a File was changed or removed since it was chosen
 */
export async function readChunk(
  part: DocumentInput,
  start: number,
  end: number,
): Promise<Uint8Array> {
  if (part instanceof Uint8Array) return part.subarray(start, end)
  try {
    // A slice of all of it would be one more Blob, which a page asks the browser for.
    const isAll = start === 0 && end === part.size
    return new Uint8Array(await (isAll ? part : part.slice(start, end)).arrayBuffer())
  } catch (cause) {
    // NotReadableError: the file behind a File was changed or removed since it was chosen.
    throw new FormatError('FORMAT_CHANGED', { cause })
  }
}

interface NodeCrypto {
  createHash(name: string): RunningHash
}

/** Node's own where there is one: five times as fast as a script, and no copy as WebCrypto makes. */
function nodeCrypto(): NodeCrypto | undefined {
  return findBuiltin('node:crypto') as NodeCrypto | undefined
}

function nodeHash(name: DigestName): RunningHash | undefined {
  return nodeCrypto()?.createHash(name.replace('-', ''))
}

/**
 * Starts a hash of what comes part by part, and can be neither bytes nor a Blob.
 * @throws {UsageError} USAGE_NOT_LOADED
 */
export async function openHash(name: DigestName): Promise<RunningHash> {
  const native = nodeHash(name)
  if (native !== undefined) return native
  const { openScriptHash } = await load(import('./script-hash.ts'))
  return openScriptHash(name)
}
