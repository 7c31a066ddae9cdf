/**
 * The certificates at hand: whose addresses the relay believes.
 *
 * ```
 * on a token, with the issuers beside it ─┐
 * in a time stamp that was relayed ───────┼─► at hand ──► issued by one of them: as good, but not kept
 * issuer of one at hand, fetched ─────────┘
 * ```
 *
 * Anybody can write a certificate that names any address. One is believed where it lies on a token, where a certification
 * authority at hand signed it (through others, if the page brings them), where a server that the owner or a certificate
 * at hand named put it into a time stamp, or where its key is found to have signed one at hand.
 * @module
 */
import { createHash } from 'node:crypto'
import { encodeHex, equalBytes } from '@trien/sdk/bytes'
import type { Bytes } from '@trien/sdk/types'
import { type CertificateFields, parseCertificateFields } from '../der/certificate-fields.ts'
import type { TokenCertificate } from '../token/types.ts'
import { isIssuedBy } from './issued-by.ts'
import { refused } from './problem.ts'

/** A certificate as bytes and as fields. */
export interface KnownCertificate {
  readonly certificateDer: Bytes
  readonly fields: CertificateFields
}

/** What is at hand on one bridge. */
export interface Hand {
  /** Keeps a certificate; what cannot be read is not kept. */
  keep(certificateDer: Uint8Array): void
  /** The one with this SHA-256, as lists name it. @throws {BridgeError} BRIDGE_RELAY_REFUSED {reason: `certificate`} */
  get(id: Uint8Array): Promise<KnownCertificate>
  /**
   * Makes sure that a certificate is at hand or issued by one that is.
   * @param chain what lies between, its own issuer first
   * @throws {BridgeError} BRIDGE_RELAY_REFUSED {reason: `certificate`}
   */
  prove(certificateDer: Uint8Array, chain: readonly Uint8Array[]): Promise<CertificateFields>
  /** The certificates at hand that issued this one; not itself. */
  findIssuers(certificate: CertificateFields): readonly KnownCertificate[]
}

/** Those of several tokens with their issuers, of time stamps and of the issuers that were fetched. */
const MAX_KEPT = 256
/** A page that guesses does not keep the tokens busy. */
const LOOK_AGAIN_MS = 5_000
const LOOK_MS = 15_000

/** @param listTokens reads the tokens anew */
export function createHand(
  listTokens: (signal: AbortSignal) => Promise<readonly TokenCertificate[]>,
  now: () => number = () => performance.now(),
): Hand {
  const kept = new Map<string, KnownCertificate>()
  let lookedMs = -Infinity
  let looking: Promise<void> | undefined

  function keep(certificateDer: Uint8Array): void {
    const fields = findFields(certificateDer)
    if (fields === undefined) return
    const id = fingerprint(certificateDer)
    // The last that was seen is the last to be forgotten.
    kept.delete(id)
    kept.set(id, { certificateDer: new Uint8Array(certificateDer), fields })
    const [oldest] = kept.keys()
    if (kept.size > MAX_KEPT && oldest !== undefined) kept.delete(oldest)
  }

  async function look(): Promise<void> {
    // A token that cannot be read adds nothing; who signs with it will hear of it.
    const seen = await listTokens(AbortSignal.timeout(LOOK_MS)).catch(() => [])
    for (const { certificate, chain } of seen) [certificate, ...chain].forEach(keep)
    lookedMs = now()
  }

  /** @returns whether there may be something new */
  async function lookAgain(): Promise<boolean> {
    if (looking === undefined && now() - lookedMs < LOOK_AGAIN_MS) return false
    looking ??= look().finally(() => (looking = undefined))
    await looking
    return true
  }

  /** Looks among those that are kept, and if need be once more among those on the tokens. */
  async function getOrRefuse<T>(find: () => T | undefined): Promise<T> {
    const found = find() ?? ((await lookAgain()) ? find() : undefined)
    if (found === undefined) throw refused('certificate')
    return found
  }

  const isKnown = (certificateDer: Uint8Array): boolean => kept.has(fingerprint(certificateDer))
  const findIssuers = (certificate: CertificateFields): readonly KnownCertificate[] =>
    [...kept.values()].filter(
      ({ fields }) => !equalBytes(fields.tbs, certificate.tbs) && isIssuedBy(certificate, fields),
    )

  return {
    keep,
    get: (id) => getOrRefuse(() => kept.get(encodeHex(id))),
    prove(certificateDer, chain) {
      const path = [certificateDer, ...chain].map((der) => ({ der, fields: findFields(der) }))
      const [first] = path
      return getOrRefuse(() => {
        for (const [index, { der, fields }] of path.entries()) {
          const issuer = path[index + 1]?.fields
          if (fields === undefined) return undefined
          if (isKnown(der) || findIssuers(fields).length > 0) return first?.fields
          if (issuer === undefined || !isIssuedBy(fields, issuer)) return undefined
        }
        return undefined
      })
    },
    findIssuers,
  }
}

function findFields(certificateDer: Uint8Array): CertificateFields | undefined {
  try {
    return parseCertificateFields(certificateDer)
  } catch {
    return undefined
  }
}

function fingerprint(certificateDer: Uint8Array): string {
  return createHash('sha256').update(certificateDer).digest('hex')
}
