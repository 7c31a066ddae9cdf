/**
 * What a signer says in JAdES beside the time.
 *
 * ```
 * srCms  [{ commId: { id } }], one of them                                                  TS 119 182-1 §5.2.3
 * sigPl  { addressCountry?, addressLocality?, addressRegion?, postalCode? }                 §5.2.4
 * srAts  { claimed: [{ mediaType: text/plain, encoding: binary, qVals: 1 to 4 roles }] }    §5.2.5
 * ```
 * @module
 */
import type { Commitment } from '@trien/sdk/types'
import { assertClaim } from './mismatch.ts'
import { MAX_ROLES, type Said, findCommitment, isCountry, isShowable } from './said.ts'

type Json = Readonly<Record<string, unknown>>

/** In the order in which the person is shown them. */
const PLACE = ['addressLocality', 'addressRegion', 'postalCode', 'addressCountry'] as const

/**
 * Reads them.
 * @throws {BridgeError} BRIDGE_CLAIM_MISMATCH {claim: header}
 */
export function readSaid({ srCms, sigPl, srAts }: Json): Said {
  return {
    ...(srCms !== undefined && { commitment: readCommitment(srCms) }),
    ...(sigPl !== undefined && { place: readPlace(sigPl) }),
    ...(srAts !== undefined && { roles: readRoles(srAts) }),
  }
}

function readCommitment(srCms: unknown): Commitment {
  const { commId } = getFields(getOnly(srCms), ['commId'])
  const { id } = getFields(commId, ['id'])
  const commitment = typeof id === 'string' ? findCommitment(id) : undefined
  assertClaim('header', commitment !== undefined)
  return commitment
}

function readPlace(sigPl: unknown): readonly string[] {
  const fields = getFields(sigPl, PLACE)
  const { addressCountry: country } = fields
  assertClaim('header', country === undefined || isCountry(country))
  const parts = PLACE.map((name) => fields[name]).filter((part) => part !== undefined)
  assertClaim('header', parts.length > 0 && parts.every(isShowable))
  return parts
}

function readRoles(srAts: unknown): readonly string[] {
  const { claimed } = getFields(srAts, ['claimed'])
  const { mediaType, encoding, qVals } = getFields(getOnly(claimed), [
    ...['mediaType', 'encoding', 'qVals'],
  ])
  assertClaim('header', mediaType === 'text/plain' && encoding === 'binary')
  assertClaim('header', Array.isArray(qVals) && qVals.length > 0 && qVals.length <= MAX_ROLES)
  const roles: readonly unknown[] = qVals
  assertClaim('header', roles.every(isShowable))
  return roles
}

/** Gives an object that has no other fields than these. */
function getFields(value: unknown, known: readonly string[]): Json {
  assertClaim('header', typeof value === 'object' && value !== null && !Array.isArray(value))
  const names = Object.keys(value)
  assertClaim(
    'header',
    names.every((name) => known.includes(name)),
  )
  return value as Json
}

function getOnly(value: unknown): unknown {
  assertClaim('header', Array.isArray(value) && value.length === 1)
  const [only]: readonly unknown[] = value
  return only
}
