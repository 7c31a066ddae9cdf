/**
 * What it takes to check certificates without asking anybody.
 * @module
 */
import type { Bytes } from '../bytes.ts'

/** Whose certificates must be provable. All are DER. */
export interface Evidence {
  /** Those who signed; `pool` is what came along with the signature: issuers, and whatever else. */
  readonly signers: readonly {
    readonly certificate: Uint8Array
    readonly pool: readonly Uint8Array[]
  }[]
  /** TimeStampTokens, each with the certificates that it brings. */
  readonly tokens: readonly Uint8Array[]
  /** Certificates that are known besides. */
  readonly pool: readonly Uint8Array[]
}

/** What authorities said: DER each, none twice. */
export interface ValidationData {
  readonly certificates: readonly Bytes[]
  /** OCSPResponse (RFC 6960 §4.2.1), successful. */
  readonly ocspResponses: readonly Bytes[]
  /** CertificateList (RFC 5280 §5.1). */
  readonly crls: readonly Bytes[]
}
