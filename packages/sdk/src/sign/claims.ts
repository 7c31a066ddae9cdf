/**
 * What a signer claims beside the time, as an option of every call. What looks at it and writes it comes where something is
 * claimed.
 * @module
 */
import type { Bytes } from '../bytes.ts'
import { load } from '../load.ts'
import type { SignerClaims } from '../types.ts'

/** What a sign call is told of them. */
export interface ClaimsChoice {
  /**
   * What the signature means (`commitment`), where it is made (`place`) and as whom the person signs (`roles`). The bridge
   * shows it to the person. Default: nothing is claimed.
   */
  readonly claims?: SignerClaims | undefined
}

/** @throws {UsageError} USAGE_ARGUMENT, USAGE_NOT_LOADED */
export async function readClaims({ claims }: ClaimsChoice): Promise<SignerClaims | undefined> {
  if (claims === undefined) return undefined
  return (await load(import('../signer-claims.ts'))).checkClaims(claims)
}

/**
 * Writes them for CMS.
 * @returns signed attributes, DER
 * @throws as `readClaims`
 */
export async function encodeCmsClaims(choice: ClaimsChoice): Promise<readonly Bytes[]> {
  const claims = await readClaims(choice)
  if (claims === undefined) return []
  return (await load(import('../cms/claim-attributes.ts'))).encodeClaims(claims)
}
