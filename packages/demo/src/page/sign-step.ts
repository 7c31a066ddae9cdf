/**
 * Steps 3 and 4 at work: hash, ask, embed, offer the file. Whatever happens, document and certificate stay chosen.
 * @module
 */
import type { BridgeCertificate } from '@trien/sdk/bridge'
import type { Signer } from '@trien/sdk/types'
import { signDocument } from './sign-document.ts'
import { signSeveral } from './sign-several.ts'
import {
  type Batch,
  type BatchFile,
  changeDocument,
  type ChosenDocument,
  pickedBatch,
  pickedDocument,
  type Store,
} from './state.ts'
import { createBatch, releaseBatch } from './take-files.ts'
import { troubleOf } from './trouble.ts'
import type { SignActions } from './view-sign.ts'

/** Makes the step's actions. */
export function createSignStep(
  store: Store,
  { signer }: { signer(certificate: BridgeCertificate): Signer },
): Omit<SignActions, 'care'> {
  let abort = new AbortController()

  async function signOne(document: ChosenDocument, certificate: BridgeCertificate): Promise<void> {
    const { looks } = store.get()
    const outcome = await signDocument(document, certificate, {
      looks,
      signer: signer(certificate),
      signal: abort.signal,
      onHashed: (share) => store.set({ waiting: { for: 'hash', share } }),
      onAsked: () => store.set({ waiting: { for: 'prompt', page: undefined } }),
    })
    store.set({ step: 'result', outcome })
  }

  async function attempt(sign: () => Promise<void>): Promise<void> {
    abort = new AbortController()
    const waiting = { for: 'hash', share: 0 } as const
    store.set({ step: 'sign', waiting, trouble: undefined, pinDone: undefined })
    try {
      await sign()
    } catch (error) {
      store.set({ trouble: troubleOf(error, 'sign') })
    } finally {
      store.set({ waiting: { for: 'nothing' } })
    }
  }

  return {
    sign() {
      const document = pickedDocument(store.get())
      const batch = pickedBatch(store.get())
      const { chosen, waiting } = store.get()
      if (!chosen || waiting.for !== 'nothing') return
      if (batch)
        void attempt(() => signAll(store, batch, { signer: signer(chosen), signal: abort.signal }))
      else if (document) void attempt(() => signOne(document, chosen))
    },
    cancel: () => abort.abort(),
    changeDocument: () => changeDocument(store),
    again() {
      const { outcome, batch } = store.get()
      if (outcome) URL.revokeObjectURL(outcome.file.url)
      releaseBatch(batch)
      const anew = batch && createBatch(batch.files.map(({ document }) => document))
      store.set({ step: 'document', outcome: undefined, batch: anew })
    },
  }
}

async function signAll(
  store: Store,
  batch: Batch,
  who: { readonly signer: Signer; readonly signal: AbortSignal },
): Promise<void> {
  const files = [...batch.files]
  const { done, items } = await signSeveral(batch, {
    ...who,
    onFile(index, change) {
      files[index] = { ...(files[index] as BatchFile), ...change }
      store.set({ batch: { ...batch, files: [...files] } })
    },
    onWaiting: (waiting) => store.set({ waiting }),
  })
  const [first] = items.flatMap((item) => (item.step === 'failed' ? [item.error] : []))
  if (done > 0) store.set({ step: 'result' })
  else store.set({ trouble: troubleOf(first, 'sign') })
}
