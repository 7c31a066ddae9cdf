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
