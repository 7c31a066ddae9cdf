/**
 * The second step of all items together: one question to the signer, so one consent and one PIN. Each value is stored as it
 * comes: it outlives a token that is pulled out behind it.
 * @module
 */
import { isSigningError, wrongArgument } from '../../errors.ts'
import type { SigningRequest } from '../../types.ts'
import { callSigner, wrongSigner } from '../ask-signer.ts'
import type { OpenItem } from './items.ts'
import { type Run, failItem } from './run.ts'
import { findRecord } from './store.ts'

/** An item that waits for its signature value. */
export interface Asked {
  readonly item: OpenItem
  readonly request: SigningRequest
}

/**
 * Has all signed.
 * @param onSigned told of each item whose value is stored
 * @throws whatever the signer throws; what the store throws, and then nothing more is signed
 */
export async function askKey(
  run: Run,
  asked: readonly Asked[],
  onSigned: (item: OpenItem) => void,
): Promise<void> {
  let rest = asked
  while (rest.length > 0) {
    const taken = new Set<number>()
    try {
      await signAll(run, rest, { taken, onSigned })
      return
    } catch (error) {
      // Whom the signer refuses by name before it has signed any must not cost the others.
      const culprit = taken.size === 0 ? findCulprit(error, rest) : undefined
      if (culprit === undefined) throw error
      await failItem(run, culprit.item, error)
      rest = rest.filter((one) => one !== culprit)
    }
  }
}

async function signAll(
  run: Run,
  asked: readonly Asked[],
  { taken, onSigned }: { taken: Set<number>; onSigned: (item: OpenItem) => void },
): Promise<void> {
  const { signal } = run.options
  const halt = new AbortController()
  const stop = (): void => halt.abort(signal?.reason)
  if (signal?.aborted === true) stop()
  signal?.addEventListener('abort', stop)
  const saving: Promise<void>[] = []
  const take = (index: number, value: unknown): void => {
    const one = asked[index]
    if (one === undefined || !(value instanceof Uint8Array)) throw wrongSigner()
    if (taken.has(index)) return
    taken.add(index)
    const saved = saveValue(run, one.item, value.slice()).then(() => onSigned(one.item))
    // A signature that nobody keeps is worth nothing: no more of them are made.
    saved.catch((error: unknown) => halt.abort(error))
    saving.push(saved)
  }
  try {
    const requests = asked.map(({ request }) => request)
    const values = await callSigner(run.signer, requests, { signal: halt.signal, onValue: take })
    values.forEach((value, index) => take(index, value))
  } finally {
    signal?.removeEventListener('abort', stop)
    await Promise.all(saving)
  }
}

async function saveValue(run: Run, item: OpenItem, signatureValue: Uint8Array): Promise<void> {
  const record = await findRecord(run.store, item.id)
  if (record?.step !== 'prepared') throw wrongArgument('store', 'one that gives back what it took')
  const { format, prepared } = record
  await run.store.set(item.id, { step: 'signed', format, prepared, signatureValue })
  run.scoreboard.tell(item, 'signed')
}

/** A signer says whose request it refuses by its place, from 1. */
function findCulprit(error: unknown, asked: readonly Asked[]): Asked | undefined {
  return isSigningError(error) ? asked[Number(error.details['item']) - 1] : undefined
}
