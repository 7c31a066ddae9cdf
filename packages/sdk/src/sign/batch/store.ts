/**
 * How far each item of a batch has come, kept where it outlives the page, so that nothing is signed twice.
 *
 * ```
 * ─ prepare ─► prepared ─ signer ─► signed ─ complete, level, onSigned ─► done
 *      └► failed                      └ with a failure: what comes after it is tried again, the signature stays
 * ```
 * @module
 */
import { encodeErrorMessage, isSigningError, wrongArgument } from '../../errors.ts'
import type { BatchFormatName } from './items.ts'
import type { AnyPrepared } from './format.ts'

/** What went wrong with an item, as far as it can be kept. */
export interface KeptFailure {
  /** A code of the catalogue; undefined where the error was none of Trien's. */
  readonly code: string | undefined
  /** For logs. */
  readonly message: string
}

/** How far an item has come. What has no record has not begun. */
export type ItemRecord =
  /** Hashed, and nobody asked yet. */
  | {
      readonly step: 'prepared'
      readonly format: BatchFormatName
      /** Milliseconds since 1970. */
      readonly at: number
      readonly prepared: AnyPrepared
    }
  /** The key has signed: it is not asked again for this item. */
  | {
      readonly step: 'signed'
      readonly format: BatchFormatName
      readonly prepared: AnyPrepared
      readonly signatureValue: Uint8Array
      /** Why it is not done yet, where it was tried. */
      readonly failure?: KeptFailure
    }
  /** Handed over. */
  | { readonly step: 'done' }
  /** Nothing was signed. */
  | { readonly step: 'failed'; readonly failure: KeptFailure }

/**
 * Where records are kept by the items' ids, one batch for itself: a `Map`, an object store of IndexedDB (`get` and `set` of
 * idb-keyval as they are), a table of a server. Records are structured-cloneable; `textStore` makes text of them.
 */
export interface BatchStore {
  get(id: string): unknown
  /** Awaited: when it resolves, the record must be where a crash does not reach it; until then, the one before it must. */
  set(id: string, record: ItemRecord): unknown
}

/** @throws {UsageError} USAGE_ARGUMENT */
export function assertStore(store: unknown): asserts store is BatchStore {
  const { get, set } = (store ?? {}) as Partial<BatchStore>
  if (typeof get === 'function' && typeof set === 'function') return
  throw wrongArgument('store', 'a Map, or what has get(id) and set(id, record)')
}

/**
 * Reads what is kept of an item.
 * @throws {UsageError} USAGE_ARGUMENT where it is none of ours; what the store throws
 */
export async function findRecord(store: BatchStore, id: string): Promise<ItemRecord | undefined> {
  const record = (await store.get(id)) ?? undefined
  if (record === undefined || isRecord(record)) return record
  throw wrongArgument('store', 'records that signMany wrote')
}

/** Makes of an error what can be kept. */
export function toFailure(error: unknown): KeptFailure {
  if (isSigningError(error)) {
    return { code: error.code, message: encodeErrorMessage(error.code, error.details) }
  }
  return { code: undefined, message: String(error) }
}

function isRecord(value: unknown): value is ItemRecord {
  const { step, prepared, signatureValue } = Object(value) as Record<string, unknown>
  if (step === 'done' || step === 'failed') return true
  if (typeof prepared !== 'object' || prepared === null) return false
  return step === 'prepared' || (step === 'signed' && signatureValue instanceof Uint8Array)
}
