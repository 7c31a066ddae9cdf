/**
 * What a format does in a batch: its two halves, and what each level is to it.
 * @module
 */
import type { AlgorithmName, Bytes, DocumentInput, Prepared, Signer } from '../../types.ts'
import type { Rungs } from '../ladder.ts'
import type { Level } from '../level.ts'

/** What was prepared: structured-cloneable, its state nobody's business but the format's. */
export type AnyPrepared = Prepared<string, unknown>
export type Signed = Bytes | Blob

/** What every format is told, beside the item's own options. */
export interface FormatOptions extends Pick<Signer, 'certificate' | 'chain'> {
  readonly algorithm: AlgorithmName
  /** That one, and where nobody named it all others of the signer: of a format whose readers know fewer, the first is taken. */
  readonly algorithms: readonly AlgorithmName[]
  readonly level: Level
  readonly signal?: AbortSignal | undefined
}

/** What a format does for an item. */
export interface BatchFormat {
  prepare(document: unknown, options: FormatOptions): Promise<AnyPrepared>
  /** Whether what follows needs the document again. */
  readsAgain(prepared: AnyPrepared, options: FormatOptions): boolean
  complete(
    prepared: AnyPrepared,
    signatureValue: Uint8Array,
    again: { readonly document: unknown; readonly options: FormatOptions },
  ): Promise<Signed>
  /** What each level above B-B is to it. */
  rungs(
    prepared: AnyPrepared,
    again: { readonly document: unknown; readonly options: FormatOptions },
  ): Promise<Rungs<Signed>>
}

/** What a format's two halves are to a batch, in the format's own types. */
export interface FormatOf<Input, Own extends AnyPrepared, Options> {
  prepare(document: Input, options: Options & FormatOptions): Promise<Own>
  readsAgain(prepared: Own, options: Options & FormatOptions): boolean
  complete(
    prepared: Own,
    signatureValue: Uint8Array,
    again: { readonly document: Input; readonly options: Options & FormatOptions },
  ): Promise<DocumentInput>
  rungs(
    prepared: Own,
    again: { readonly document: Input; readonly options: Options & FormatOptions },
  ): Promise<unknown>
}
