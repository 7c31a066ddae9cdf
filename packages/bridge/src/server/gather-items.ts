/**
 * The items of one `sign`, where they do not fit one message: gathered before anybody is asked, so that the person is shown
 * all of them and gives one PIN.
 * @module
 */
import { BridgeError } from '@trien/sdk/errors'
import {
  type Infer,
  MACHINE_TIMEOUT_MS,
  MAX_BATCH_BYTES,
  MAX_BATCH_ITEMS,
  ShapeError,
  type SignItem,
  type sign,
  signItems,
} from '@trien/sdk/wire'
import type { Call } from './call.ts'
import type { Desk } from './desk.ts'
import { weigh } from './item-room.ts'

/** A page has all items when it asks: it is not waited for as long as it keeps saying a little. */
const MAX_GATHERING_MS = 60_000

/** Items that take room until they are let go. */
export interface GatheredItems {
  readonly items: readonly SignItem[]
  readonly release: () => void
}

/**
 * Waits for all items that were announced.
 * @throws {BridgeError} BRIDGE_ORIGIN_DENIED where the person never let the origin see certificates; BRIDGE_PROTOCOL
 *   {problem} where they are not as announced, stay away, or take too long; BRIDGE_TOO_LARGE {maxItems, maxBytes};
 *   BRIDGE_BUSY where others hold the room
 */
export async function gatherItems(
  { items, more }: Pick<Infer<typeof sign.params>, 'items' | 'more'>,
  { consents, itemRoom }: Pick<Desk, 'consents' | 'itemRoom'>,
  call: Call,
): Promise<GatheredItems> {
  if ((items.length === 0) !== (more !== undefined)) throw protocolError('params.items')
  if (more === undefined) return { items, release: () => undefined }
  // Memory is only for pages that the person knows.
  if (!consents.has(call.origin)) throw new BridgeError('BRIDGE_ORIGIN_DENIED')
  // A listener hears nothing of what has been.
  call.signal.throwIfAborted()
  const gathered: SignItem[] = []
  let bytes = 0
  const release = (): void => {
    itemRoom.release(bytes)
    bytes = 0
  }
  const add = (params: unknown): void => {
    const part = readItems(params)
    if (gathered.length + part.length > more) throw protocolError('params.more')
    const weight = part.reduce((sum, item) => sum + weigh(item), 0)
    if (bytes + weight > MAX_BATCH_BYTES) throw tooLarge()
    if (!itemRoom.take(weight)) throw new BridgeError('BRIDGE_BUSY')
    bytes += weight
    gathered.push(...part)
  }
  try {
    await untilGathered(call, { add, isWhole: () => gathered.length === more })
  } catch (error) {
    release()
    throw error
  }
  return { items: gathered, release }
}

function untilGathered(
  call: Call,
  { add, isWhole }: { readonly add: (params: unknown) => void; readonly isWhole: () => boolean },
): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => end(() => reject(call.signal.reason as Error))
    const onLate = (): void => end(() => reject(protocolError('items')))
    const deadline = setTimeout(onLate, MAX_GATHERING_MS)
    let silence = setTimeout(onLate, MACHINE_TIMEOUT_MS)
    const end = (settle: () => void): void => {
      clearTimeout(deadline)
      clearTimeout(silence)
      call.signal.removeEventListener('abort', onAbort)
      call.onMore(() => undefined)
      settle()
    }
    call.signal.addEventListener('abort', onAbort)
    call.onMore((method, params) => {
      if (method !== signItems.method) return
      clearTimeout(silence)
      silence = setTimeout(onLate, MACHINE_TIMEOUT_MS)
      try {
        add(params)
      } catch (error) {
        end(() => reject(error as Error))
        return
      }
      if (isWhole()) end(resolve)
    })
  })
}

function readItems(params: unknown): readonly SignItem[] {
  try {
    return signItems.params.read(params, 'params').items
  } catch (error) {
    throw error instanceof ShapeError ? protocolError(error.path) : error
  }
}

function protocolError(problem: string): BridgeError {
  return new BridgeError('BRIDGE_PROTOCOL', { details: { problem } })
}

function tooLarge(): BridgeError {
  const details = { maxBytes: MAX_BATCH_BYTES, maxItems: MAX_BATCH_ITEMS }
  return new BridgeError('BRIDGE_TOO_LARGE', { details })
}
