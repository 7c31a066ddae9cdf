/**
 * The connection of a page to the signing bridge on the person's machine.
 *
 * ```ts
 * const bridge = connect()                       // in a page: at once, it never asks the person by itself
 * button.onclick = async () => {
 *   await bridge.ready()                         // in a click: now the browser may ask for permission
 *   const [certificate] = await bridge.listCertificates({ usable: true })
 *   const signer = bridge.signer(certificate)
 * }
 * ```
 *
 * Knows the wire, the socket and the browser's permission; knows no document format, no trust and no Node.
 * @module
 */
import { BridgeError, type Language, type SigningError, wrongArgument } from '../errors.ts'
import { PORTS } from '../wire/limits.ts'
import { type Acts, createActs } from './acts.ts'
import type { Ask } from './ask.ts'
import type { BridgeCertificate, CertificateFilter } from './certificates.ts'
import { unlessAborted } from './connection.ts'
import type { Diagnosis, DiagnosisStep } from './diagnose.ts'
import type { IdentityMemory, IdentityState, IdentityStore } from './identity.ts'
import { type BridgeState, Link } from './link.ts'
import { load } from '../load.ts'
import { waitOut } from './pause.ts'
import { isUserGesture } from './permission.ts'
import type {
  PathOptions,
  Relay,
  RelayOptions,
  RevocationOptions,
  TimestampOptions,
} from './relay.ts'
import type { WebSocketConstructor } from './transport.ts'

export type {
  BridgeCertificate,
  BridgeState,
  CertificateFilter,
  Diagnosis,
  DiagnosisStep,
  IdentityState,
  IdentityStore,
  PathOptions,
  Relay,
  RelayOptions,
  RevocationOptions,
  TimestampOptions,
  WebSocketConstructor,
}

/** How to connect. */
export interface ConnectOptions {
  /** Where to look, in this order; default 27480 to 27484. Where only wss may be opened, at those ten above. */
  readonly ports?: readonly number[]
  /** Makes sockets, default `globalThis.WebSocket`; in Node before 22 that of the `ws` package. */
  readonly webSocket?: WebSocketConstructor
  /**
   * Whether the browser may ask the person for permission whenever the bridge is needed. Default: only while the
   * browser counts a call as the answer to a click or key (`navigator.userActivation`).
   */
  readonly mayPrompt?: boolean
  /** Where the page remembers which bridge it knows; default `localStorage`, where there is one. */
  readonly identityStore?: IdentityStore
  /** Language of the bridge's own prompt; default the bridge's. */
  readonly language?: Language
  /** Told where the person is asked when that is a page of the bridge (the embedded demo token only). */
  readonly onPromptPage?: (url: string) => void
}

/** A connection that looks after itself until it is closed. */
export interface Bridge extends Acts {
  readonly state: BridgeState
  /** Why it is not ready; undefined while it is, or while nothing went wrong yet. */
  readonly problem: SigningError | undefined
  /** The bridge's own name and version once ready; as it says, nothing to rely on. */
  readonly version: string | undefined
  /** Whether it is the bridge that this page knows; undefined while it is not ready. */
  readonly identity: IdentityState | undefined
  /** Tells of each new state, in order; returns what ends that. */
  onState(listener: (state: BridgeState) => void): () => void
  /**
   * Tells when a token was plugged in or pulled out, or the bridge is found again after a loss: what
   * `listCertificates` answered may be old. Only after the person let this page list. Returns what ends that.
   */
  onTokens(listener: () => void): () => void
  /**
   * Waits for the connection, or looks for the bridge anew. Call it in a click where the state is `permission-needed`.
   * @throws {UsageError} USAGE_INSECURE_CONTEXT, USAGE_NOT_LOADED
   * @throws {BridgeError} BRIDGE_NOT_RUNNING, BRIDGE_PERMISSION_NEEDED, BRIDGE_VERSION, BRIDGE_PROTOCOL, BRIDGE_CLOSED,
   *   BRIDGE_BLOCKED {reason: `denied` | `iframe` | `permissions-policy` | `csp` | `tls` (only wss may be opened from
   *   here, and no bridge that this browser believes answers there) | `certificate` (one answers, and is not believed)},
   *   BRIDGE_IDENTITY_CHANGED {reason: `key` | `missing` | `signature`}
   */
  ready(): Promise<Bridge>
  /**
   * Takes the bridge that was refused by BRIDGE_IDENTITY_CHANGED for the known one, and connects. Only after the person
   * said so in a click: nobody else knows whether the bridge was installed anew. A wrong signature stays refused.
   * @throws as `ready`
   */
  trustNewIdentity(): Promise<Bridge>
  /**
   * Looks at everything that may stand between the page and a bridge, and says of each how it is: plain data, nothing
   * personal. In a click also what the browser must ask the person for.
   * @throws {UsageError} USAGE_NOT_LOADED; {BridgeError} BRIDGE_CLOSED
   */
  diagnose(): Promise<Diagnosis>
  /** Ends it for good; what is under way fails with BRIDGE_CLOSED. */
  close(): void
}

/**
 * Starts to connect and returns at once; `ready()` tells how it ended. Without a click it goes only as far as it can
 * without making the browser ask the person.
 * @throws {UsageError} USAGE_ARGUMENT
 */
export function connect(options: ConnectOptions = {}): Bridge {
  const { ports = PORTS, webSocket = globalThis.WebSocket, language } = options
  if (typeof webSocket !== 'function') throw wrongArgument('webSocket', 'a WebSocket constructor')
  if (ports.length === 0 || !ports.every(isPort)) throw wrongArgument('ports', 'numbers of ports')
  const memory: IdentityMemory = { store: options.identityStore, refused: undefined }
  const link = new Link({ ports, webSocket, memory })
  const mayPrompt = (): boolean => options.mayPrompt ?? isUserGesture()
  const onPromptPage = loopbackOnly(options.onPromptPage)
  /** Whether the browser may ask the person is settled by the call, not when the code behind it has loaded. */
  const openAsk = (): Ask => {
    const mayAsk = mayPrompt()
    return async (type, params, heed = {}) => {
      const { connection } = await unlessAborted(heed.signal, () => link.ready(mayAsk))
      const request = () => connection.request(type, params, { onPromptPage, ...heed })
      try {
        return await request()
      } catch (error) {
        await waitOut(error, heed.signal)
        return request()
      }
    }
  }
  const ready = async (mayAsk = mayPrompt()): Promise<Bridge> => (await link.ready(mayAsk), bridge)
  link.ready(mayPrompt()).catch(() => {})

  const bridge: Bridge = {
    ...createActs({ openAsk, language }),
    get state() {
      return link.state
    },
    get problem() {
      return link.problem
    },
    get version() {
      return link.session?.bridgeVersion
    },
    onState: (listener) => listen(link.listeners, listener),
    onTokens: (listener) => listen(link.tokenListeners, listener),
    get identity() {
      return link.session?.identity
    },
    ready: () => ready(),
    async trustNewIdentity() {
      const mayAsk = mayPrompt()
      const { trustRefused } = await load(import('./identity.ts'))
      trustRefused(memory)
      return ready(mayAsk)
    },
    async diagnose() {
      const mayAsk = mayPrompt()
      const { diagnose } = await load(import('./diagnose.ts'))
      return diagnose(link.search(mayAsk), link.session)
    },
    close: () => link.close(),
  }
  return bridge
}

function listen<T>(listeners: Set<T>, listener: T): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port > 0 && port < 65_536
}

/** Whoever answers on the port must not send the person elsewhere. */
function loopbackOnly(
  onPromptPage: ConnectOptions['onPromptPage'],
): ConnectOptions['onPromptPage'] {
  return (url) => {
    if (!/^http:\/\/(127\.0\.0\.1|localhost|\[::1\]):\d+\//.test(url)) {
      throw new BridgeError('BRIDGE_PROTOCOL', { details: { problem: 'prompt page' } })
    }
    onPromptPage?.(url)
  }
}
