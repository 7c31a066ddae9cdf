/**
 * The PIN of a token, changed or unlocked: the page asks, the person types in Trien's own window, and the page hears no
 * more than how it ended.
 * @module
 */
import type { Bridge, BridgeCertificate } from '@trien/sdk/bridge'
import type { Store } from './state.ts'
import { troubleOfPin } from './trouble.ts'
import type { PinActions, PinDeed } from './view-pin.ts'

/** Makes the actions. */
export function createPinStep(store: Store, current: () => Bridge): PinActions {
  let abort = new AbortController()
  let last: { deed: PinDeed; card: BridgeCertificate } | undefined

  async function care(deed: PinDeed, card: BridgeCertificate): Promise<void> {
    if (store.get().waiting.for !== 'nothing') return
    abort = new AbortController()
    last = { deed, card }
    const waiting = { for: 'pin', deed, page: undefined } as const
    store.set({ waiting, trouble: undefined, pinDone: undefined })
    try {
      const { signal } = abort
      if (deed === 'unblock') await current().unblock(card, { signal })
      else await current().changePin(card, { signal })
      store.set({ pinDone: { deed, token: card.token.label } })
    } catch (error) {
      store.set({ trouble: troubleOfPin(error) })
    } finally {
      store.set({ waiting: { for: 'nothing' } })
    }
  }

  return {
    care: (deed, card) => void care(deed, card),
    retry() {
      if (last) void care(last.deed, last.card)
    },
    cancel: () => abort.abort(),
  }
}
