/**
 * What the bytes to be signed say about themselves, re-read before a person is asked: a page can have only that signed
 * which the prompt shows.
 *
 * Each kind has one strict reader, which knows exactly the structures that Trien's formats write and refuses the rest:
 * digests, algorithm, time and certificate are compared with what was asked and will be shown.
 * @module
 */
import { setImmediate as breathe } from 'node:timers/promises'
import { BridgeError, isSigningError } from '@trien/sdk/errors'
import type { SignItem } from '@trien/sdk/wire'
import { createClaimedCertificate } from './claims/certificate.ts'
import { type Claimed, readClaimed } from './claims/claimed.ts'
import { assertCountersignature } from './claims/countersignature.ts'
import type { Said } from './claims/said.ts'
import { assertSignedAttributes } from './claims/signed-attributes.ts'
import { assertSignedInfo } from './claims/signed-info.ts'
import { assertSigningInput } from './claims/signing-input.ts'

/** What is found beside that all is as it will be shown, of all items together. */
export interface Claims {
  /** False where some bytes bind the signature to no certificate, but to a key alone. */
  readonly namesCertificate: boolean
  /** What signatures say beside time and certificate: each once, those that say nothing left out. */
  readonly said: readonly Said[]
}

interface Found {
  readonly namesCertificate: boolean
  readonly said: Said
}

const naming =
  (assertNaming: (claimed: Claimed) => Said) =>
  (claimed: Claimed): Found => ({ namesCertificate: true, said: assertNaming(claimed) })

const READERS: Readonly<Record<SignItem['kind'], (claimed: Claimed) => Found>> = {
  'cms-signed-attributes': naming(assertSignedAttributes),
  'cms-countersignature': naming(assertCountersignature),
  'xml-signed-info': assertSignedInfo,
  'jws-signing-input': naming(assertSigningInput),
}

/**
 * Refuses items of which one has bytes to be signed that do not say what the person will be shown.
 * @param certificateDer the certificate whose key would sign
 * @throws {BridgeError} BRIDGE_CLAIM_MISMATCH {claim, item}
 */
export function assertClaims(
  items: readonly SignItem[],
  certificateDer: Uint8Array,
  now: Date = new Date(),
): Claims {
  const certificate = createClaimedCertificate(certificateDer)
  const claims = items.map((item) => {
    const { namesCertificate, said } = nameItem(item, () =>
      READERS[item.kind](readClaimed(item, certificate, now)),
    )
    return { namesCertificate, said: [said] }
  })
  return join(claims)
}

/** What is found of some items together with what is found of others. */
function join(claims: readonly Claims[]): Claims {
  const said = claims.flatMap((one) => one.said).filter((one) => Object.keys(one).length > 0)
  const each = new Map(said.map((one) => [JSON.stringify(one), one]))
  return {
    namesCertificate: claims.every(({ namesCertificate }) => namesCertificate),
    said: [...each.values()],
  }
}

/** As many as are read without a pause: others are served in between. */
const ITEMS_AT_ONCE = 64

/** As `assertClaims`, for so many items that others must not wait for all of them. */
export async function assertAllClaims(
  items: readonly SignItem[],
  certificateDer: Uint8Array,
): Promise<Claims> {
  const found: Claims[] = []
  for (let start = 0; start < items.length; start += ITEMS_AT_ONCE) {
    if (start > 0) await breathe()
    found.push(assertClaims(items.slice(start, start + ITEMS_AT_ONCE), certificateDer))
  }
  return join(found)
}

/** Says whose claim it was, by the page's own name for it. */
function nameItem<T>({ id }: SignItem, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!isSigningError(error) || error.code !== 'BRIDGE_CLAIM_MISMATCH') throw error
    const details = { ...error.details, item: id }
    throw new BridgeError('BRIDGE_CLAIM_MISMATCH', { details, cause: error.cause })
  }
}
