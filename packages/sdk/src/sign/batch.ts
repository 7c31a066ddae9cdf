/**
 * Many documents at once, of several formats, with one consent and one PIN: prepared a few at a time, signed by one question
 * to the signer, finished and handed over one by one.
 *
 * ```
 * items ─ document() ─ prepare ─► store ─┐
 *   …        a few at once               ├─ signer.sign([…]) ─► store ─ document() ─ complete ─ level ─ onSigned ─► store
 * items ─ document() ─ prepare ─► store ─┘    one PIN           each value as it comes, a few at once
 * ```
 * @module
 */
import { decideAlgorithm } from './algorithm-choice.ts'
import { type Asked, askKey } from './batch/ask-key.ts'
import { finishItem } from './batch/finish-item.ts'
import { FORMAT_NAMES } from './batch/formats.ts'
import { type BatchItem, openItems } from './batch/items.ts'
import { openLevels } from './batch/levels.ts'
import { openLine } from './batch/line.ts'
import {
  type BatchReport,
  type ItemOutcome,
  type SignManyOptions,
  assertListeners,
  decideConcurrency,
  decideStore,
} from './batch/options.ts'
import { prepareItem } from './batch/prepare-item.ts'
import { profileBatch } from './batch/profile-batch.ts'
import { type Run, createScoreboard } from './batch/run.ts'

export type { BatchFormatName, BatchItem } from './batch/items.ts'
export type {
  BatchProgress,
  BatchReport,
  ItemOutcome,
  SignManyOptions,
  SignedItem,
} from './batch/options.ts'
export type { BatchStore, ItemRecord, KeptFailure } from './batch/store.ts'
export { type TextStorage, textStore } from './batch/text-store.ts'

/**
 * Signs many items.
 *
 * **One bad item never costs the others.** What is wrong with a document, its authorities or its hand-over is in the report
 * and in the store; the rest goes on. It rejects only for what concerns all: a wrong argument, the person's no, a token that
 * is gone, a store that fails, the signal. What was signed by then is handed over first, unless the signal was what stopped it.
 *
 * **Exactly once.** Called again with the same ids and the same store, it goes on where it was, whatever ended it:
 *
 * - An item whose signature value has reached the store is never signed again. `onSigned` sees nothing whose value is not
 *   there, so no item that was handed over is ever signed twice.
 * - An item that is `done` is neither read nor handed over again; it is done once `onSigned` has resolved and not before.
 * - Killed in between, with `onSigned` resolved and `done` not yet stored, the item is handed over once more: it is the same
 *   signature by the same id (built on anew above B-B), which a receiver that knows the id may drop. No sender can do better
 *   alone.
 * - Killed between the key's work and the store's, the value is lost, nobody has it, and the key signs the same bytes again
 *   (others, where the preparation is older than ten minutes).
 *
 * One run at a time: two at once on one store do not see each other.
 *
 * **Memory** holds what the signer is shown of all items (1 to 4 kB each), `concurrency` documents, and, with no store given,
 * what the formats keep to complete.
 *
 * @param items at most 10,000; each `id` its own
 * @returns how each ended; an item that failed is tried again by the next call
 * @throws {UsageError} USAGE_ARGUMENT, USAGE_UNSUPPORTED_ALGORITHM, USAGE_NOT_LOADED
 * @throws {UserError} USER_CANCELLED when the signal aborts, and whatever else the signer throws
 * @throws {TrustError} TRUST_REVOKED, TRUST_VALIDITY, TRUST_STATUS of the signer's certificate, before the key is asked
 * @throws what the store throws
 * @since 0.1
 */
export async function signMany(
  items: readonly BatchItem[],
  options: SignManyOptions,
): Promise<BatchReport> {
  const run = await openRun(items, (options ?? {}) as SignManyOptions)
  const asked: Asked[] = []
  const finishing = openLine(run.concurrency, (item: Run['items'][number]) => finishItem(run, item))
  const preparing = openLine(run.concurrency, async (item: Run['items'][number]) => {
    const standing = await prepareItem(run, item)
    if (standing === 'signed') finishing.add(item)
    else if (standing !== 'ended') asked.push({ item, request: standing })
  })
  for (const item of run.items) preparing.add(item)
  try {
    await preparing.finish()
    if (asked.length > 0) await run.levels.checkSigner()
    asked.sort((one, other) => one.item.index - other.item.index)
    await askKey(run, asked, finishing.add)
  } finally {
    await finishing.finish()
  }
  const { outcomes, done, failed } = run.scoreboard
  return { items: run.items.map(({ id }) => outcomes.get(id) as ItemOutcome), done, failed }
}

async function openRun(given: readonly BatchItem[], said: SignManyOptions): Promise<Run> {
  const { signer, store, concurrency, onProgress } = said
  const algorithm = decideAlgorithm(signer, said.algorithm)
  assertListeners(said)
  const opened = openItems(given, FORMAT_NAMES)
  const { items, options } =
    said.profile === undefined ? { items: opened, options: said } : await profileBatch(opened, said)
  const { level = 'B-B' } = options
  const wanted = items.map((item) => item.options.level ?? level)
  return {
    ...{ items, signer, algorithm, options },
    concurrency: decideConcurrency(concurrency),
    store: decideStore(store),
    levels: await openLevels(options, [level, ...wanted], signer),
    scoreboard: createScoreboard(items.length, onProgress),
  }
}
