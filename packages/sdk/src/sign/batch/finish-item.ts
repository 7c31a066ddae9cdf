/**
 * The last steps of an item: the signature is put in, built on, handed over, and only then noted as done.
 * @module
 */
import { assertNotAborted } from '../../digest.ts'
import { wrongArgument } from '../../errors.ts'
import type { Signed } from './format.ts'
import { loadFormat } from './formats.ts'
import type { OpenItem } from './items.ts'
import { type Run, failItem, openDocument, optionsOf } from './run.ts'
import { type ItemRecord, findRecord } from './store.ts'

/**
 * Finishes an item that the key has signed.
 * @throws {UserError} USER_CANCELLED where the signal aborts; what the store throws. What is wrong with the item is its
 *   outcome
 */
export async function finishItem(run: Run, item: OpenItem): Promise<void> {
  const { signal, onSigned } = run.options
  assertNotAborted(signal)
  const record = await findRecord(run.store, item.id)
  if (record?.step !== 'signed') throw wrongArgument('store', 'one that gives back what it took')
  let signed: Signed
  try {
    signed = await completeItem(run, item, record)
    assertNotAborted(signal)
    await onSigned?.({ id: item.id, signed })
  } catch (error) {
    assertNotAborted(signal)
    await failItem(run, item, error, record)
    return
  }
  await run.store.set(item.id, { step: 'done' })
  run.scoreboard.end(item, onSigned === undefined ? { signed } : {})
}

async function completeItem(
  run: Run,
  item: OpenItem,
  { format: name, prepared, signatureValue }: ItemRecord & { readonly step: 'signed' },
): Promise<Signed> {
  if (name !== item.format) throw wrongArgument(`items[${item.index}].format`, name)
  const format = await loadFormat(name)
  const options = optionsOf(run, item)
  const document = format.readsAgain(prepared, options) ? await openDocument(run, item) : undefined
  const again = { document, options }
  const signed = await format.complete(prepared, signatureValue, again)
  if (options.level === 'B-B') return signed
  const climb = await run.levels.climb(await format.rungs(prepared, again), options.level)
  return climb(signed)
}
