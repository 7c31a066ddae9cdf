/**
 * What becomes of a document where a live peer fails: each peer, each way to fail. Not a cell is left out: it says the error,
 * or why the failure is none, or why there is no such failure. `failure-table.test.ts` of test/integration has those of
 * openssl come true, `certomancer-failures.test.ts` of test/conformance the others; docs/failures.md is written from it.
 * @module
 */

export const PEERS = [
  'openssl ts',
  'openssl ocsp',
  'openssl lists',
  'certomancer ts',
  'certomancer ocsp',
  'certomancer lists',
] as const
export type Peer = (typeof PEERS)[number]

export type Failure =
  | 'late'
  | 'refused connection'
  | 'HTTP error'
  | 'broken off'
  | 'truncated'
  | 'garbage'
  | 'wrong imprint'
  | 'wrong nonce'
  | 'no nonce'
  | 'revoked'
  | 'expired'
  | 'wrong purpose'
  | 'stale'
  | 'signed by another key'
  | 'for another certificate'

/** A cell: the error as code, reason and what; or that all goes on; or that the peer cannot fail so. */
export type Cell =
  | { readonly error: string; readonly byHand?: string }
  | { readonly accepted: string }
  | { readonly never: string }

const error = (text: string): Cell => ({ error: text })
/** @param byHand why no program of the peer does so, and its answer is written by hand with the same keys */
const made = (text: string, byHand: string): Cell => ({ error: text, byHand })
const never = (why: string): Cell => ({ never: why })
const ADVANCE = 'Answers made in advance have none: it is their time that counts (RFC 5019 §4).'
const NO_DOCUMENT = 'It is about a certificate, not a document.'
const NO_QUESTION = 'A list answers no question.'

const stamp = (why: string): string => `TRUST_TIMESTAMP ${why}`
const status = (why: string): string => `TRUST_STATUS ${why}`

/** The same of all three, by any peer. */
function onTheWay(why: string): Readonly<Record<Peer, Cell>> {
  const [one, other] = [error(stamp(why)), error(status(why))]
  return {
    ...{ 'openssl ts': one, 'openssl ocsp': other, 'openssl lists': other },
    ...{ 'certomancer ts': one, 'certomancer ocsp': other, 'certomancer lists': other },
  }
}

/** The same by openssl and certomancer. */
function byBoth(ts: Cell, ocsp: Cell, lists: Cell): Readonly<Record<Peer, Cell>> {
  return {
    ...{ 'openssl ts': ts, 'openssl ocsp': ocsp, 'openssl lists': lists },
    ...{ 'certomancer ts': ts, 'certomancer ocsp': ocsp, 'certomancer lists': lists },
  }
}

export const FAILURE_TABLE: Readonly<Record<Failure, Readonly<Record<Peer, Cell>>>> = {
  late: onTheWay('late'),
  'refused connection': onTheWay('unreachable'),
  'HTTP error': onTheWay('unreachable'),
  'broken off': onTheWay('unreachable'),
  truncated: onTheWay('invalid der'),
  garbage: onTheWay('invalid der'),
  'wrong imprint': byBoth(error(stamp('invalid imprint')), never(NO_DOCUMENT), never(NO_DOCUMENT)),
  'wrong nonce': byBoth(
    error(stamp('invalid nonce')),
    error(status('invalid nonce')),
    never(NO_QUESTION),
  ),
  'no nonce': byBoth(error(stamp('invalid nonce')), { accepted: ADVANCE }, never(NO_QUESTION)),
  revoked: byBoth(
    error('TRUST_REVOKED keyCompromise'),
    error('TRUST_REVOKED keyCompromise'),
    error('TRUST_REVOKED keyCompromise'),
  ),
  expired: byBoth(
    error(stamp('invalid validity')),
    error(status('invalid responder')),
    never('The issuer signs it, whose own end is looked at before anybody signs: TRUST_VALIDITY.'),
  ),
  'wrong purpose': {
    ...byBoth(
      error(stamp('invalid usage')),
      error(status('invalid responder')),
      never(
        'An issuer needs none; one whose key may not sign lists is `invalid issuer`, in `packages/sdk/src/trust/hostile-answers.test.ts`.',
      ),
    ),
    'openssl ts': made(stamp('invalid usage'), 'openssl ts refuses to do so: written by hand.'),
  },
  stale: {
    ...byBoth(
      never(
        'A time stamp has no end; one from before the signer’s certificate began is `invalid time`, from after its end `expired`.',
      ),
      error(status('invalid time')),
      error(status('invalid time')),
    ),
    'openssl ocsp': made(
      status('invalid time'),
      'openssl ocsp knows no time but now: written by hand, with its key.',
    ),
  },
  'signed by another key': {
    ...byBoth(
      error(stamp('invalid signature')),
      error(status('invalid signature')),
      error(status('invalid signature')),
    ),
    'openssl ts': made(stamp('invalid signature'), 'openssl ts refuses to do so: written by hand.'),
    'openssl ocsp': made(
      status('invalid signature'),
      'openssl ocsp refuses to do so: written by hand, with its key.',
    ),
  },
  'for another certificate': {
    ...byBoth(
      error(stamp('invalid signer')),
      error(status('invalid certificate')),
      error(status('invalid issuer')),
    ),
    'openssl ts': made(stamp('invalid signer'), 'openssl ts names its own: written by hand.'),
    'certomancer ts': never('It names its own certificate, whatever it is told.'),
  },
}

/** The ways in which a peer fails, each with what becomes of it; those that never happen are left out. */
export function failuresOf(peer: Peer): readonly (readonly [Failure, string])[] {
  return Object.entries(FAILURE_TABLE).flatMap(([failure, cells]) => {
    const cell = cells[peer]
    if ('never' in cell) return []
    return [[failure as Failure, 'error' in cell ? cell.error : 'accepted'] as const]
  })
}
