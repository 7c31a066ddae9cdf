/**
 * What `trien-bridge tokens` shows.
 * @module
 */
import { encodeHex } from '@trien/sdk/bytes'
import { type SigningError, createError, isSigningError } from '@trien/sdk/errors'
import type { AlgorithmName } from '@trien/sdk/types'
import { type CertificateSummary, summarizeCertificate } from './summary.ts'
import type { TokenDescription, TokenSource } from './types.ts'

/** A certificate of the listing. */
export interface DescribedCertificate {
  /** SHA-256 of its DER. */
  readonly idHex: string
  readonly summary: CertificateSummary
  readonly algorithms: readonly AlgorithmName[]
}

/** A source of the listing; its error, or what it holds. */
export interface DescribedSource {
  readonly name: string
  readonly error: SigningError | undefined
  readonly tokens: readonly {
    readonly token: TokenDescription
    readonly certificates: readonly DescribedCertificate[]
  }[]
}

/** Describes the tokens of each source that have a certificate to sign with. */
export function describeTokens(
  sources: readonly TokenSource[],
  signal: AbortSignal,
): Promise<readonly DescribedSource[]> {
  return Promise.all(sources.map((source) => describeSource(source, signal)))
}

async function describeSource(source: TokenSource, signal: AbortSignal): Promise<DescribedSource> {
  const { name } = source
  try {
    const tokens = new Map<
      string,
      { token: TokenDescription; certificates: DescribedCertificate[] }
    >()
    for (const { id, certificate, algorithms, token } of await source.listCertificates(signal)) {
      const key = JSON.stringify([token.manufacturer, token.serial])
      const entry = tokens.get(key) ?? { token, certificates: [] }
      entry.certificates.push({
        idHex: encodeHex(id),
        summary: summarizeCertificate(certificate),
        algorithms,
      })
      tokens.set(key, entry)
    }
    return { name, error: undefined, tokens: [...tokens.values()] }
  } catch (cause) {
    const error = isSigningError(cause) ? cause : createError('BRIDGE_INTERNAL', { cause })
    return { name, error, tokens: [] }
  }
}
