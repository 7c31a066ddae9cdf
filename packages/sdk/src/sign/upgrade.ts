/**
 * Builds on what was signed before, by whomever: today's signature gets its time stamp tomorrow.
 *
 * ```
 * CMS ─ each signer without a stamp gets one
 * PDF ─ the signature that the file ends with gets one, in the room that was kept for it
 * ```
 * @module
 */
import { TAG } from '../asn1/der.ts'
import { readChunk } from '../digest.ts'
import { load } from '../load.ts'
import type { Bytes, DocumentInput } from '../types.ts'
import { assertDocumentInput, assertPassword } from './document.ts'
import { type Climb, assertLevel, planClimb } from './ladder.ts'
import type { BuildChoice, Level } from './level.ts'
import * as cms from './upgrade-cms.ts'

/** What is to become of it. */
export interface UpgradeOptions extends BuildChoice {
  readonly to: Exclude<Level, 'B-B'>
  /** Opens an encrypted PDF; not needed where it opens without one. */
  readonly password?: string | undefined
}

/**
 * Brings a signed document to a level, as far as it is not there.
 * @param signed a CMS (DER) or a PDF; copied
 * @returns of bytes fresh ones, of a Blob a Blob
 * @throws {UsageError} USAGE_ARGUMENT
 * @throws {TrustError} TRUST_TIMESTAMP; the error's `signed` is what was reached, to go on from later
 * @throws {FormatError} FORMAT_MALFORMED; FORMAT_UNSUPPORTED where a PDF ends with anything but a signature;
 *   FORMAT_PASSWORD; FORMAT_PLACEHOLDER_TOO_SMALL where its room is too small for a stamp; FORMAT_CHANGED
 * @throws {UserError} USER_CANCELLED when the signal aborts
 * @see EN 319 122-1 §6.3, EN 319 142-1 §6.3   @since 0.1
 */
export async function upgrade(signed: Uint8Array, options: UpgradeOptions): Promise<Bytes>
export async function upgrade(signed: Blob, options: UpgradeOptions): Promise<Blob>
export async function upgrade(
  signed: DocumentInput,
  options: UpgradeOptions,
): Promise<DocumentInput> {
  assertDocumentInput('signed', signed)
  const { to, password, ...choice } = (options ?? {}) as UpgradeOptions
  assertLevel('to', to, 'B-T')
  assertPassword(password)
  const [first] = await readChunk(signed, 0, 1)
  if (first === TAG.SEQUENCE)
    return climbWhole(signed, planClimb(cms.createRungs(), { ...choice, to }))
  const { createRungs } = await load(import('./upgrade-pdf.ts'))
  const climb = planClimb(createRungs(password), { ...choice, to })
  return climb(signed instanceof Uint8Array ? new Uint8Array(signed) : signed)
}

/** What is read as a whole is bytes meanwhile. */
async function climbWhole(signed: DocumentInput, climb: Climb<Bytes>): Promise<DocumentInput> {
  if (signed instanceof Uint8Array) return climb(new Uint8Array(signed))
  const { type } = signed
  try {
    const bytes = await readChunk(signed, 0, signed.size)
    return new Blob([await climb(bytes as Bytes)], { type })
  } catch (error) {
    const reached = (error as { signed?: Bytes | Blob }).signed
    if (reached !== undefined) {
      ;(error as { signed: Blob }).signed = new Blob([reached], { type })
    }
    throw error
  }
}
