/**
 * The page's one connection to the bridge, in the language that the page speaks.
 * @module
 */
import { type Bridge, type BridgeState, connect } from '@trien/sdk/bridge'
import type { Store } from './state.ts'

/** What the page wants to hear. */
export interface BridgeListeners {
  onState(state: BridgeState): void
  onTokens(): void
}

/**
 * Looks for the bridge at once (it never makes the browser ask by itself), and anew where the person changes the
 * language, for the bridge asks in that of the connection.
 * @returns tells which connection is the current one
 */
export function keepBridge(
  store: Store,
  ports: readonly number[],
  { onState, onTokens }: BridgeListeners,
): () => Bridge {
  let { language } = store.get()
  let current = connectNow()

  function connectNow(): Bridge {
    const onPromptPage = (page: string): void => showPromptPage(store, page)
    const bridge = connect({ ports, language, onPromptPage })
    bridge.onState((state) => {
      if (state === current.state) onState(state)
    })
    bridge.onTokens(onTokens)
    return bridge
  }

  store.onChange((state) => {
    if (state.language === language || state.waiting.for !== 'nothing') return
    language = state.language
    current.close()
    current = connectNow()
  })
  return () => current
}

function showPromptPage(store: Store, page: string): void {
  const { waiting } = store.get()
  if (waiting.for === 'list' || waiting.for === 'pin' || waiting.for === 'prompt')
    store.set({ waiting: { ...waiting, page } })
}
