/**
 * Step 2 at work: the bridge is found, the person lets the page see the certificates, one is chosen.
 * @module
 */
import type { Bridge, BridgeCertificate, BridgeState } from '@trien/sdk/bridge'
import type { Signer } from '@trien/sdk/types'
import { keepBridge } from './keep-bridge.ts'
import { changeDocument, type State, type Store } from './state.ts'
import { NO_CERTIFICATE, troubleOf } from './trouble.ts'
import type { CertificateActions } from './view-certificate.ts'

/** The step's actions, and what the next step needs of it. */
export interface CertificateStep extends CertificateActions {
  open(): void
  /** The page's connection. */
  current(): Bridge
  signer(certificate: BridgeCertificate): Signer
}

/** Looks for the bridge at once (it never makes the browser ask by itself) and waits for the person. */
export function createCertificateStep(store: Store, ports: readonly number[]): CertificateStep {
  const current = keepBridge(store, ports, { onState: follow, onTokens: refresh })

  function follow(state: BridgeState): void {
    const { waiting, trouble, step } = store.get()
    if (waiting.for === 'connection' && state === 'permission-needed') {
      store.set({ waiting: { for: 'permission' } })
    } else if (state === 'ready' && step === 'certificate' && trouble?.code.startsWith('BRIDGE_')) {
      void list()
    }
  }

  /** A token came or went: who waits for one goes on, who reads the list sees it change. */
  function refresh(): void {
    const isWaiting = waitsForToken(store.get())
    if (isWaiting || readsList(store.get())) void list(isWaiting)
  }

  async function list(mayChoose = true): Promise<void> {
    if (store.get().waiting.for !== 'nothing') return
    store.set({ step: 'certificate', waiting: { for: 'connection' }, trouble: undefined })
    try {
      await current().ready()
      store.set({ waiting: { for: 'list', page: undefined } })
      const certificates = await current().listCertificates()
      store.set({ certificates, chosen: undefined })
      if (certificates.length === 0) store.set({ trouble: NO_CERTIFICATE })
      const only = findOnlyUsable(certificates)
      if (mayChoose && only) choose(only)
    } catch (error) {
      store.set({ trouble: troubleOf(error, 'certificate') })
    } finally {
      store.set({ waiting: { for: 'nothing' } })
    }
  }

  function choose(chosen: BridgeCertificate): void {
    store.set({ chosen, step: 'sign', trouble: undefined, pinDone: undefined })
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
    trust: () =>
      void current()
        .trustNewIdentity()
        .catch(() => {})
        .then(() => list()),
    current,
    signer: (certificate) => current().signer(certificate),
  }
}

function waitsForToken({ step, trouble }: State): boolean {
  const { code = '' } = trouble?.step === 'certificate' ? trouble : {}
  return step === 'certificate' && (code === 'NO_CERTIFICATE' || code.startsWith('TOKEN_'))
}

function readsList({ step, certificates }: State): boolean {
  return step === 'certificate' && certificates !== undefined
}

/** With one to choose there is nothing to ask. */
function findOnlyUsable(certificates: readonly BridgeCertificate[]): BridgeCertificate | undefined {
  const [first, second] = certificates.filter(({ obstacle }) => obstacle === undefined)
  return second === undefined ? first : undefined
}
