/**
 * Records of a batch as text, for what keeps nothing else: localStorage, a file, a column of a table.
 * @module
 */
import { encodeBase64url, parseBase64url } from '../../bytes.ts'
import { wrongArgument } from '../../errors.ts'
import type { BatchStore } from './store.ts'

/** What keeps text by name; `localStorage` is one. */
export interface TextStorage {
  getItem(name: string): string | null | undefined | Promise<string | null | undefined>
  setItem(name: string, text: string): unknown
}

/** What JSON has no word for. */
const BYTES = '$bytes'
const DATE = '$date'

/**
 * Keeps records as JSON.
 * @param prefix goes before each id; one for each batch
 * @throws {UsageError} USAGE_ARGUMENT
 */
export function textStore(storage: TextStorage, prefix: string): BatchStore {
  const { getItem, setItem } = (storage ?? {}) as Partial<TextStorage>
  if (typeof getItem !== 'function' || typeof setItem !== 'function') {
    throw wrongArgument('storage', 'localStorage, or what has getItem and setItem')
  }
  if (typeof prefix !== 'string' || prefix === '') throw wrongArgument('prefix', 'text')
  return {
    async get(id) {
      const text = await storage.getItem(prefix + id)
      return text === null || text === undefined ? undefined : parseRecord(text)
    },
    set: (id, record) => storage.setItem(prefix + id, JSON.stringify(toJson(record))),
  }
}

function parseRecord(text: string): unknown {
  try {
    return JSON.parse(text, revive)
  } catch (cause) {
    throw Object.assign(wrongArgument('storage', 'text that signMany wrote'), { cause })
  }
}

/** Before JSON sees it: of a Date it would make text, of bytes an object with a member for each. */
function toJson(value: unknown): unknown {
  if (value instanceof Uint8Array) return { [BYTES]: encodeBase64url(value) }
  if (value instanceof Date) return { [DATE]: value.getTime() }
  if (Array.isArray(value)) return value.map(toJson)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, toJson(member)]))
}

function revive(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  const { [BYTES]: bytes, [DATE]: time } = value as Record<string, unknown>
  if (typeof bytes === 'string') return parseBase64url(bytes)
  return typeof time === 'number' ? new Date(time) : value
}
