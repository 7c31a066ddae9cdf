/**
 * What the steps of a batch share.
 * @module
 */
import type { AlgorithmName, Signer } from '../../types.ts'
import { untilAborted } from '../until-aborted.ts'
import type { FormatOptions, Signed } from './format.ts'
import type { OpenItem } from './items.ts'
import type { Levels } from './levels.ts'
import type { BatchProgress, ItemOutcome, SignManyOptions } from './options.ts'
import { type BatchStore, type ItemRecord, toFailure } from './store.ts'

/** One call of `signMany`. */
export interface Run {
  readonly items: readonly OpenItem[]
  readonly signer: Signer
  readonly algorithm: AlgorithmName
  readonly options: SignManyOptions
  readonly concurrency: number
  readonly store: BatchStore
  readonly levels: Levels
  readonly scoreboard: Scoreboard
}

/** Who ended how, and who is told. */
export interface Scoreboard {
  readonly outcomes: ReadonlyMap<string, ItemOutcome>
  readonly done: number
  readonly failed: number
  tell(item: OpenItem, step: BatchProgress['step'], error?: unknown): void
  end(item: OpenItem, outcome: { readonly signed?: Signed } | { readonly error: unknown }): void
}

/** @param onProgress told of each step */
export function createScoreboard(
  total: number,
  onProgress: SignManyOptions['onProgress'],
): Scoreboard {
  const outcomes = new Map<string, ItemOutcome>()
  const counts = { done: 0, failed: 0 }
  const tell: Scoreboard['tell'] = ({ id }, step, error) => {
    onProgress?.({ id, step, ...(step === 'failed' && { error }), ...counts, total })
  }
  return {
    outcomes,
    get done() {
      return counts.done
    },
    get failed() {
      return counts.failed
    },
    tell,
    end(item, outcome) {
      const { id } = item
      const step = 'error' in outcome ? 'failed' : 'done'
      counts[step] += 1
      outcomes.set(id, { id, step, ...outcome } as ItemOutcome)
      tell(item, step, 'error' in outcome ? outcome.error : undefined)
    },
  }
}

/** What a format is told of an item. */
export function optionsOf(run: Run, { options }: OpenItem): FormatOptions {
  const { signer, algorithm } = run
  const { certificate, chain } = signer
  const { level = 'B-B', signal } = run.options
  const named = options.algorithm ?? run.options.algorithm
  const algorithms = named === undefined ? signer.algorithms : [named]
  const chosen = { algorithm: named ?? algorithm, algorithms, level: options.level ?? level }
  return { ...options, ...chosen, certificate, chain, signal }
}

/**
 * Fetches what is signed.
 * @throws {UserError} USER_CANCELLED when the signal aborts, whether or not the source listens; what the source throws
 */
export async function openDocument({ options }: Run, item: OpenItem): Promise<unknown> {
  const fetching = (async (): Promise<unknown> => item.open())()
  return untilAborted(fetching, options.signal)
}

/** Notes that an item failed before it was signed, or after: then its signature is kept. */
export async function failItem(
  run: Run,
  item: OpenItem,
  error: unknown,
  record?: ItemRecord & { readonly step: 'signed' },
): Promise<void> {
  const failure = toFailure(error)
  const failed = record === undefined ? { step: 'failed' as const } : record
  await run.store.set(item.id, { ...failed, failure })
  run.scoreboard.end(item, { error })
}
