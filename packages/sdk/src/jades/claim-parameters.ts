/**
 * What a signer claims beside the time, as header parameters of JAdES.
 *
 * ```
 * srCms  [{ commId: { id } }]                                                               TS 119 182-1 §5.2.3
 * sigPl  { addressCountry, addressLocality, addressRegion, postalCode }                     §5.2.4
 * srAts  { claimed: [{ mediaType, encoding, qVals }] }                                      §5.2.5
 * ```
 * @module
 */
import { commitmentUri } from '../signer-claims.ts'
import type { SignerClaims, SigningPlace } from '../types.ts'

/** Gives them by their names. @param claims as `checkClaims` returned them */
export function listClaims({ commitment, place, roles }: SignerClaims): Record<string, object> {
  return {
    ...(commitment && { srCms: [{ commId: { id: commitmentUri(commitment) } }] }),
    ...(place && { sigPl: describePlace(place) }),
    ...(roles && {
      srAts: { claimed: [{ mediaType: 'text/plain', encoding: 'binary', qVals: roles }] },
    }),
  }
}

/** What is undefined, JSON leaves out. */
function describePlace({ city, province, postalCode, country }: SigningPlace): object {
  return {
    addressCountry: country,
    addressLocality: city,
    addressRegion: province,
    postalCode,
  }
}
