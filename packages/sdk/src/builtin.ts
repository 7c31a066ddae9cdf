/**
 * Node's own modules, where there is a Node: reached without an import, which a page could not follow.
 * @module
 */

/**
 * Finds one.
 * @param id for example `node:zlib`
 * @returns undefined in a page
 */
export function findBuiltin(id: string): unknown {
  const host = globalThis as { process?: { getBuiltinModule?: (id: string) => unknown } }
  return host.process?.getBuiltinModule?.(id)
}

interface NativeMemory {
  readonly Buffer: { allocUnsafeSlow(length: number): { readonly buffer: ArrayBuffer } }
}

/**
 * Takes memory of which every byte is written before any is read: in Node it holds whatever it held before, for filling it with
 * zeros takes longer than the copying that follows.
 * @param length bytes
 */
export function takeMemory(length: number): Uint8Array<ArrayBuffer> {
  const memory = (findBuiltin('node:buffer') as NativeMemory | undefined)?.Buffer
  return memory === undefined
    ? new Uint8Array(length)
    : new Uint8Array(memory.allocUnsafeSlow(length).buffer)
}
