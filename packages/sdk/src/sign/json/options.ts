/**
 * What signing JSON can be told, and the documents that lie outside.
 * @module
 */
import type { Bytes } from '../../bytes.ts'
import { wrongArgument } from '../../errors.ts'
import type { JwsForm } from '../../jades/jws.ts'
import type { AlgorithmName, DocumentInput, HashProgress, Prepared, Signer } from '../../types.ts'
import type { ClaimsChoice } from '../claims.ts'
import type { DocumentLabel } from '../document.ts'
import type { LevelChoice } from '../level.ts'
import { isBuiltOn } from '../prepare-level.ts'

/** A document that a signature names by its digest. */
export interface JsonDocument {
  /** A relative path with `/` between its steps; the receiver finds the document by it. */
  readonly name: string
  readonly data: DocumentInput
  /** Default: the Blob's type, else `application/octet-stream`. */
  readonly mediaType?: string | undefined
}

/** What every way of signing JSON can be told. */
export interface JsonSignatureOptions extends ClaimsChoice {
  /** The time that the signer claims, whole seconds count; the bridge refuses one that is far off. Default: now. */
  readonly signingTime?: Date | undefined
  readonly signal?: AbortSignal | undefined
  /** How far hashing has come. */
  readonly onProgress?: HashProgress | undefined
}

/** What a new JWS can be told. */
export interface JsonOptions extends JsonSignatureOptions {
  /** Default: flattened above B-B, else compact. */
  readonly form?: JwsForm | undefined
  /** True leaves the documents outside and signs their digests (sigD): the way for more than 48 kB. Default: false. */
  readonly detached?: boolean | undefined
  /** False signs and encloses the payload as it is, not in base64url (RFC 7797). Default: true. */
  readonly b64?: boolean | undefined
  /** What the payload is, cty. Default: its media type. */
  readonly contentType?: string | undefined
  /** What the person is told of the payload before signing. */
  readonly document?: DocumentLabel | undefined
}

/** Who will sign, where the signer is not at hand. */
export interface JsonCertificate {
  /** DER of the signer's certificate. */
  readonly certificate: Uint8Array
  /** DER of its issuers. Default: none. */
  readonly chain?: readonly Uint8Array[] | undefined
  readonly algorithm: AlgorithmName
}

/** Who signs. */
export interface JsonSigner extends LevelChoice {
  readonly signer: Signer
  /** One of `signer.algorithms`. Default: the first. */
  readonly algorithm?: AlgorithmName | undefined
}

/** What completing needs besides the request. */
export interface JsonState {
  readonly form: JwsForm
  /** False where the payload is not part of what is written. */
  readonly isEnclosed: boolean
  /** The JWS that others signed. */
  readonly others: Bytes | undefined
  /** The place among them of the signature that is countersigned. */
  readonly countersigned: number | undefined
}

export type PreparedJson = Prepared<'jades', JsonState>

const FORMS: readonly unknown[] = ['compact', 'flattened', 'general']

/**
 * The form that was asked for, or the shortest that has room for the level.
 * @throws {UsageError} USAGE_ARGUMENT where it has none
 */
export function decideForm(form: JsonOptions['form'], choice: LevelChoice): JwsForm {
  const own = form ?? (isBuiltOn(choice) ? 'flattened' : 'compact')
  if (!isBuiltOn(choice) || own !== 'compact') return own
  throw wrongArgument('form', 'flattened or general above B-B: a compact text has no place for it')
}

/** @throws {UsageError} USAGE_ARGUMENT for what plain JavaScript may pass */
export function assertJsonOptions({ form, detached, b64, contentType }: JsonOptions): void {
  if (form !== undefined && !FORMS.includes(form)) {
    throw wrongArgument('form', 'compact, flattened or general')
  }
  for (const [name, value] of Object.entries({ detached, b64 })) {
    if (value !== undefined && typeof value !== 'boolean')
      throw wrongArgument(name, 'true or false')
  }
  if (detached === true && b64 !== undefined) {
    throw wrongArgument('b64', 'nothing where detached is true: no payload is enclosed')
  }
  const isText = typeof contentType === 'string' && /^[\x20-\x7e]{1,100}$/.test(contentType)
  if (contentType !== undefined && !isText) throw wrongArgument('contentType', 'a media type')
}
