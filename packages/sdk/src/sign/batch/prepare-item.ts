/**
 * The first step of an item: where it stands, and if nobody has signed it yet, what is to be signed.
 * @module
 */
import { equalBytes } from '../../bytes.ts'
import { assertNotAborted } from '../../digest.ts'
import type { SigningRequest } from '../../types.ts'
import { toRequest } from '../ask-signer.ts'
import type { AnyPrepared } from './format.ts'
import { loadFormat } from './formats.ts'
import type { OpenItem } from './items.ts'
import { type Run, failItem, openDocument, optionsOf } from './run.ts'
import { type ItemRecord, findRecord } from './store.ts'

/** The time that a signature claims is that of its preparation; what waited longer claims a new one. */
const FRESH_MS = 10 * 60_000

/** What is left to do with an item: nothing, all but the key's part, or all. */
export type Standing = 'ended' | 'signed' | SigningRequest

/**
 * Finds where an item stands, and prepares it where it must be.
 * @throws {UserError} USER_CANCELLED where the signal aborts; {UsageError} USAGE_ARGUMENT where the store holds what is none
 *   of ours; what the store throws. What is wrong with the item is the item's outcome
 */
export async function prepareItem(run: Run, item: OpenItem): Promise<Standing> {
  const { signal } = run.options
  assertNotAborted(signal)
  const record = await findRecord(run.store, item.id)
  if (record?.step === 'done') {
    run.scoreboard.end(item, {})
    return 'ended'
  }
  if (record?.step === 'signed') return 'signed'
  const kept = findFresh(run, item, record)
  if (kept !== undefined) return toRequest(kept)
  let prepared: AnyPrepared
  try {
    const format = await loadFormat(item.format)
    prepared = await format.prepare(await openDocument(run, item), optionsOf(run, item))
  } catch (error) {
    // Stopped, it has not failed.
    assertNotAborted(signal)
    await failItem(run, item, error)
    return 'ended'
  }
  const { format } = item
  await run.store.set(item.id, { step: 'prepared', format, at: Date.now(), prepared })
  run.scoreboard.tell(item, 'prepared')
  return toRequest(prepared)
}

/** What an earlier run prepared and can be signed as it is. */
function findFresh(
  { signer }: Run,
  { format }: OpenItem,
  record: ItemRecord | undefined,
): AnyPrepared | undefined {
  if (record?.step !== 'prepared' || record.format !== format) return undefined
  const { at, prepared } = record
  const now = Date.now()
  const isFresh = at <= now && now - at < FRESH_MS
  return isFresh && equalBytes(prepared.certificate, signer.certificate) ? prepared : undefined
}
