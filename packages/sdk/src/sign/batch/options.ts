/**
 * What a batch is told, and what it tells.
 * @module
 */
import { wrongArgument } from '../../errors.ts'
import type { AlgorithmName, Signer } from '../../types.ts'
import { assertCallOptions } from '../call-options.ts'
import type { LevelChoice } from '../level.ts'
import type { ProfileChoice } from '../profile.ts'
import type { Signed } from './format.ts'
import { type BatchStore, assertStore } from './store.ts'

/** An item that is signed, in the format's own form. */
export interface SignedItem {
  readonly id: string
  /** As the format's own sign call returns it; the caller's. */
  readonly signed: Signed
}

/** Said of an item at each step, and of all items together. */
export interface BatchProgress {
  readonly id: string
  readonly step: 'prepared' | 'signed' | 'done' | 'failed'
  /** Where it failed. */
  readonly error?: unknown
  /** How many items are done by now, and how many have failed. */
  readonly done: number
  readonly failed: number
  readonly total: number
}

export interface SignManyOptions extends LevelChoice, ProfileChoice {
  readonly signer: Signer
  /** One of `signer.algorithms`. Default: the first, and for Office files the first that Office reads. */
  readonly algorithm?: AlgorithmName | undefined
  /** Where it is kept how far each item has come, for a run that goes on after this one. Default: in memory. */
  readonly store?: BatchStore | undefined
  /**
   * Takes each item as soon as it is signed; awaited, and its error is the item's. Left out, all are in what is returned.
   */
  readonly onSigned?: ((item: SignedItem) => unknown) | undefined
  readonly onProgress?: ((progress: BatchProgress) => void) | undefined
  /** How many documents are in memory, and how many authorities are asked, at once: 1 to 64. Default: 4. */
  readonly concurrency?: number | undefined
}

/** How an item ended. */
export type ItemOutcome =
  | {
      readonly id: string
      readonly step: 'done'
      /** Undefined where `onSigned` took it, or an earlier run was done with it. */
      readonly signed?: Signed
    }
  | { readonly id: string; readonly step: 'failed'; readonly error: unknown }

/** How a batch ended. */
export interface BatchReport {
  /** In the order of the items. */
  readonly items: readonly ItemOutcome[]
  readonly done: number
  readonly failed: number
}

const DEFAULT_CONCURRENCY = 4
const MAX_CONCURRENCY = 64

/** @throws {UsageError} USAGE_ARGUMENT */
export function decideConcurrency(concurrency: number = DEFAULT_CONCURRENCY): number {
  const isCount = Number.isInteger(concurrency) && concurrency > 0
  if (isCount && concurrency <= MAX_CONCURRENCY) return concurrency
  throw wrongArgument('concurrency', `a whole number up to ${MAX_CONCURRENCY}`)
}

/** @throws {UsageError} USAGE_ARGUMENT */
export function decideStore(store: BatchStore | undefined): BatchStore {
  if (store === undefined) return new Map()
  assertStore(store)
  return store
}

/** @throws {UsageError} USAGE_ARGUMENT */
export function assertListeners(options: SignManyOptions): void {
  assertCallOptions(options)
  const { onSigned, onProgress } = options
  for (const [name, listener] of Object.entries({ onSigned, onProgress })) {
    if (listener !== undefined && typeof listener !== 'function') {
      throw wrongArgument(name, 'a function')
    }
  }
}
