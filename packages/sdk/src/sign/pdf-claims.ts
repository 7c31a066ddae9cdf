/**
 * What a signer claims beside the time, in a PDF: each thing in the one place that it has there (EN 319 142-1 §6.3).
 *
 * ```
 * commitment   commitment-type-indication in the CMS; then /Reason must not be there
 * roles        signer-attributes-v2 in the CMS
 * place        /Location; signer-location must not be there
 * ```
 * @module
 */
import type { Bytes } from '../bytes.ts'
import { encodeClaims } from '../cms/claim-attributes.ts'
import { wrongArgument } from '../errors.ts'
import { checkClaims } from '../signer-claims.ts'
import type { ClaimsChoice } from './claims.ts'

/** What the dictionary says beside the signature. */
export interface PdfWords extends ClaimsChoice {
  readonly reason?: string | undefined
  readonly location?: string | undefined
}

/**
 * Decides what goes where.
 * @returns the text of /Location, and signed attributes, DER
 * @throws {UsageError} USAGE_ARGUMENT, also where a reason stands beside a commitment, or a location beside a place
 */
export function placeClaims({ reason, location, claims }: PdfWords): {
  readonly location: string | undefined
  readonly claimed: readonly Bytes[]
} {
  const { place, ...others } = checkClaims(claims) ?? {}
  if (others.commitment !== undefined && reason !== undefined) {
    throw wrongArgument('reason', 'nothing beside claims.commitment: it says why')
  }
  const claimed = encodeClaims(others)
  if (place === undefined) return { location, claimed }
  if (location !== undefined) {
    throw wrongArgument('location', 'nothing beside claims.place: it is the location')
  }
  const { city, province, postalCode, country } = place
  const parts = [city, province, postalCode, country].filter((part) => part !== undefined)
  return { location: parts.join(', '), claimed }
}
