/**
 * What a page does with a bridge. The code behind each act is loaded when it is first called, so that it costs a page
 * that only connects one line.
 * @module
 */
import { type Language, wrongArgument } from '../errors.ts'
import type { SignOptions, Signer } from '../types.ts'
import type { Ask } from './ask.ts'
import type { BridgeCertificate, CertificateFilter } from './certificates.ts'
import { load } from '../load.ts'
import type { DigestRequest } from './digest-signer.ts'
import type { Relay } from './relay.ts'

/** The acts of a bridge. */
export interface Acts {
  /**
   * The certificates at hand; the bridge asks the person once per origin.
   * @throws as `ready`; {BridgeError} BRIDGE_ORIGIN_DENIED, {UserError} USER_CANCELLED, {TokenError}
   */
  listCertificates(
    filter?: CertificateFilter,
    options?: { readonly signal?: AbortSignal },
  ): Promise<readonly BridgeCertificate[]>
  /**
   * The signer behind a certificate, which may also come from an earlier list. One call of its `sign` is one consent
   * and one PIN.
   * @throws {UsageError} USAGE_ARGUMENT
   */
  signer(certificate: BridgeCertificate): Signer
  /**
   * Lets the person change the PIN of the token that holds a certificate, in the bridge's own prompt.
   * @throws as `ready`; {BridgeError} BRIDGE_ORIGIN_DENIED, BRIDGE_NO_PROMPT; {UserError} USER_CANCELLED, USER_TIMEOUT
   * @throws {TokenError} TOKEN_PIN_INCORRECT {remaining}, TOKEN_PIN_LOCKED, TOKEN_PIN_INVALID {min, max},
   *   TOKEN_UNSUPPORTED {operation}
   */
  changePin(certificate: BridgeCertificate, options?: { signal?: AbortSignal }): Promise<void>
  /**
   * Lets the person unlock a locked PIN with the PUK, in the bridge's own prompt.
   * @throws as `changePin`; {TokenError} TOKEN_PUK_INCORRECT {remaining}, TOKEN_PUK_LOCKED
   */
  unblock(certificate: BridgeCertificate, options?: { signal?: AbortSignal }): Promise<void>
  /**
   * Signs bare digests with one consent and one PIN: for portals whose server builds the container, on machines whose
   * administrator names this origin.
   * @returns signature values in the order of the requests
   * @throws as `Signer.sign`; {BridgeError} BRIDGE_ORIGIN_DENIED {reason: digest}
   */
  signDigests(
    certificate: BridgeCertificate,
    requests: readonly DigestRequest[],
    options?: SignOptions,
  ): Promise<readonly Uint8Array[]>
  /** Time stamps, revocation status and issuers, from servers that a page cannot ask itself. */
  readonly relay: Relay
}

/** What the acts are made with. */
export interface ActOptions {
  /** Puts questions to the bridge. To be called by the act itself, while the click that caused it still counts. */
  readonly openAsk: () => Ask
  /** Language of the bridge's own prompt. */
  readonly language: Language | undefined
}

export function createActs({ openAsk, language }: ActOptions): Acts {
  const inLanguage = language === undefined ? {} : { language }

  /** Calls what is loaded on demand. */
  async function on<M, R>(
    module: Promise<M>,
    call: (module: M, ask: Ask) => Promise<R>,
  ): Promise<R> {
    const ask = openAsk()
    return call(await load(module), ask)
  }

  const relay =
    <K extends keyof Relay>(deed: K) =>
    (...args: Parameters<Relay[K]>): ReturnType<Relay[K]> =>
      on(import('./relay.ts'), ({ createRelay }, ask) =>
        (createRelay(ask)[deed] as (...given: unknown[]) => Promise<unknown>)(...args),
      ) as ReturnType<Relay[K]>

  return {
    relay: {
      timestamp: relay('timestamp'),
      ocsp: relay('ocsp'),
      crl: relay('crl'),
      issuers: relay('issuers'),
    },
    listCertificates: (filter = {}, { signal } = {}) =>
      on(import('./certificates.ts'), ({ listCertificates }, ask) =>
        listCertificates(ask, { ...inLanguage, filter, signal }),
      ),
    changePin: (certificate, { signal } = {}) =>
      on(import('./pin-care.ts'), ({ changePin }, ask) =>
        changePin(ask, { ...inLanguage, certificate, signal }),
      ),
    unblock: (certificate, { signal } = {}) =>
      on(import('./pin-care.ts'), ({ unblock }, ask) =>
        unblock(ask, { ...inLanguage, certificate, signal }),
      ),
    signDigests: (certificate, requests, heed) =>
      on(import('./digest-signer.ts'), ({ signDigests }, ask) =>
        signDigests(ask, requests, { ...heed, ...inLanguage, certificate }),
      ),
    signer(certificate) {
      if (!(certificate?.id instanceof Uint8Array)) {
        throw wrongArgument('certificate', 'one that listCertificates() returned')
      }
      // Whoever asks for a signer will sign: the code is there by the click.
      const loading = load(import('./bridge-signer.ts'))
      return {
        certificate: certificate.certificate,
        chain: certificate.chain,
        algorithms: certificate.algorithms,
        sign: (requests, heed) =>
          on(loading, ({ signThroughBridge }, ask) =>
            signThroughBridge(ask, requests, { ...heed, ...inLanguage, certificate }),
          ),
      }
    },
  }
}
