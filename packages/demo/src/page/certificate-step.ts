/**
 * Step 2 at work: the bridge is found, the person lets the page see the certificates, one is chosen.
 * @module
 */
import { type Bridge, type BridgeCertificate, type BridgeState, connect } from '@trien/sdk/bridge'
import type { Language } from '@trien/sdk/errors'
import type { Signer } from '@trien/sdk/types'
import { changeDocument, type Store } from './state.ts'
import { NO_CERTIFICATE, troubleOf } from './trouble.ts'
import type { CertificateActions } from './view-certificate.ts'

/** The step's actions, and what the next step needs of it. */
export interface CertificateStep extends CertificateActions {
  open(): void
  signer(certificate: BridgeCertificate): Signer
}

/** Looks for the bridge at once (it never makes the browser ask by itself) and waits for the person. */
export function createCertificateStep(store: Store, ports: readonly number[]): CertificateStep {
  let { language } = store.get()
  let bridge = connectIn(language)

  function connectIn(to: Language): Bridge {
    const onPromptPage = (page: string) => showPromptPage(store, page)
    const made = connect({ ports, language: to, onPromptPage })
    made.onState(follow)
    return made
  }

  /** The bridge asks in the language of the connection. */
  store.onChange((state) => {
    if (state.language === language || state.waiting.for !== 'nothing') return
    language = state.language
    bridge.close()
    bridge = connectIn(language)
  })

  function follow(state: BridgeState): void {
    if (state !== bridge.state) return
    const { waiting, trouble, step } = store.get()
    if (waiting.for === 'connection' && state === 'permission-needed') {
      store.set({ waiting: { for: 'permission' } })
    } else if (state === 'ready' && step === 'certificate' && trouble?.code.startsWith('BRIDGE_')) {
      void list()
    }
  }

  async function list(): Promise<void> {
    if (store.get().waiting.for !== 'nothing') return
    store.set({ step: 'certificate', waiting: { for: 'connection' }, trouble: undefined })
    try {
      await bridge.ready()
      store.set({ waiting: { for: 'list', page: undefined } })
      const certificates = await bridge.listCertificates()
      const [first, second] = certificates.filter(({ obstacle }) => obstacle === undefined)
      store.set({ certificates, chosen: undefined })
      if (certificates.length === 0) store.set({ trouble: NO_CERTIFICATE })
      // With one to choose there is nothing to ask.
      if (first && !second) choose(first)
    } catch (error) {
      store.set({ trouble: troubleOf(error, 'certificate') })
    } finally {
      store.set({ waiting: { for: 'nothing' } })
    }
  }

  function choose(chosen: BridgeCertificate): void {
    store.set({ chosen, step: 'sign', trouble: undefined })
  }

  return {
    open() {
      const { chosen } = store.get()
      if (chosen) choose(chosen)
      else void list()
    },
    choose,
    changeDocument: () => changeDocument(store),
    change: () => store.set({ step: 'certificate', trouble: undefined }),
    refresh: () => void list(),
    retry: () => void list(),
    signer: (certificate) => bridge.signer(certificate),
  }
}

function showPromptPage(store: Store, page: string): void {
  const { waiting } = store.get()
  if (waiting.for === 'list' || waiting.for === 'prompt')
    store.set({ waiting: { ...waiting, page } })
}
