/**
 * What a signer says in a signature beside the time: what it means, where it is made, in which role. Each format has a reader
 * of it; what was read is shown to the person, for nothing may be signed that was not.
 * @module
 */
import type { Commitment } from '@trien/sdk/types'

/** What bytes to be signed say; nothing of it is empty. */
export interface Said {
  readonly commitment?: Commitment
  /** Its parts, from the city to the country. */
  readonly place?: readonly string[]
  readonly roles?: readonly string[]
}

/** In the order of the object identifiers, id-cti-ets (EN 319 122-1 §5.2.3). */
const COMMITMENTS: readonly Commitment[] = [
  'origin',
  'receipt',
  'delivery',
  'sender',
  'approval',
  'creation',
]
const URI = /^http:\/\/uri\.etsi\.org\/01903\/v1\.2\.2#ProofOf([A-Z])([a-z]+)$/

/** As many as a prompt shows, each of them. */
export const MAX_ROLES = 4
/** Of a text, in UTF-16 units. */
const MAX_LENGTH = 128
/** No line breaks, nothing that is not seen, and nothing that writes from the other side. */
const UNFIT = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\ufffe\uffff]/u

/** The commitment of the last arc of an object identifier, from 1. */
export const commitmentOf = (arc: number | undefined): Commitment | undefined =>
  COMMITMENTS[(arc ?? 0) - 1]

/** The commitment of a URI, as XAdES and JAdES have it. */
export function findCommitment(uri: string): Commitment | undefined {
  const [, first = '', rest = ''] = URI.exec(uri) ?? []
  const name = `${first.toLowerCase()}${rest}`
  return COMMITMENTS.find((known) => known === name)
}

/** Tells whether a text is one that can be shown as it is. */
export const isShowable = (text: unknown): text is string =>
  typeof text === 'string' &&
  text !== '' &&
  text.length <= MAX_LENGTH &&
  text === text.trim() &&
  !UNFIT.test(text)

/** Two capital letters (ISO 3166-1). */
export const isCountry = (text: unknown): text is string =>
  typeof text === 'string' && /^[A-Z]{2}$/.test(text)
