/**
 * A signature in a container that somebody may confirm, whatever it is written in.
 * @module
 */
import type { Bytes } from '../../bytes.ts'
import type { AlgorithmName, Signer } from '../../types.ts'
import type { ClaimsChoice } from '../claims.ts'
import type { DocumentLabel } from '../document.ts'

/** Who confirms it, and how. */
export interface Confirming extends ClaimsChoice {
  readonly signer: Signer
  readonly algorithm: AlgorithmName
  readonly document: DocumentLabel
  readonly signingTime: Date | undefined
  readonly signal: AbortSignal | undefined
}

export interface Confirmable {
  /** Of the file in the container that it is in. */
  readonly name: string
  /** DER of its signer's certificate; undefined where it did not come along. */
  readonly certificate: Uint8Array | undefined
  /** Writes that file anew, with a counter-signature on it. @throws as the format's own */
  confirm(confirming: Confirming): Promise<Bytes>
}

/** Lists the signatures of one file, in its order, those on others left out. @throws {FormatError} FORMAT_MALFORMED */
export type ListConfirmable = (name: string, file: Bytes) => Promise<readonly Confirmable[]>
