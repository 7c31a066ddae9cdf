/**
 * Steps 3 and 4 at work: hash, ask, embed, offer the file. Whatever happens, document and certificate stay chosen.
 * @module
 */
import type { BridgeCertificate } from '@trien/sdk/bridge'
import type { Signer } from '@trien/sdk/types'
import { signDocument } from './sign-document.ts'
import { changeDocument, type ChosenDocument, pickedDocument, type Store } from './state.ts'
import { troubleOf } from './trouble.ts'
import type { SignActions } from './view-sign.ts'

/** Makes the step's actions. */
export function createSignStep(
  store: Store,
  { signer }: { signer(certificate: BridgeCertificate): Signer },
): Omit<SignActions, 'care'> {
  let abort = new AbortController()

  async function sign(document: ChosenDocument, certificate: BridgeCertificate): Promise<void> {
    abort = new AbortController()
    store.set({ waiting: { for: 'hash', share: 0 }, trouble: undefined, pinDone: undefined })
    try {
      const { looks } = store.get()
      const outcome = await signDocument(document, certificate, {
        looks,
        signer: signer(certificate),
        signal: abort.signal,
        onHashed: (share) => store.set({ waiting: { for: 'hash', share } }),
        onAsked: () => store.set({ waiting: { for: 'prompt', page: undefined } }),
      })
      store.set({ step: 'result', outcome })
    } catch (error) {
      store.set({ trouble: troubleOf(error, 'sign') })
    } finally {
      store.set({ waiting: { for: 'nothing' } })
    }
  }

  return {
    sign() {
      const document = pickedDocument(store.get())
      const { chosen, waiting } = store.get()
      if (document && chosen && waiting.for === 'nothing') void sign(document, chosen)
    },
    cancel: () => abort.abort(),
    changeDocument: () => changeDocument(store),
    again() {
      const { outcome } = store.get()
      if (outcome) URL.revokeObjectURL(outcome.file.url)
      store.set({ step: 'document', outcome: undefined })
    },
  }
}
