/**
 * How `openssl ocsp` is made to fail, where nobody has a list instead.
 * @module
 */
import path from 'node:path'
import type { Bytes } from '@trien/sdk/types'
import * as der from '../../../packages/sdk/src/asn1/der.ts'
import { readDer } from '../../../packages/sdk/src/asn1/reader.ts'
import type { FailingAuthorities } from '../failing-authorities.ts'
import { type OcspWish, makeOcspAnswer } from '../ocsp-answer.ts'
import { type Revoked, openOpensslAuthorities, serialOf } from '../openssl-authorities.ts'
import {
  type Arrange,
  type Arrangements,
  HOUR,
  SOON_MS,
  askBesides,
  onTheWay,
  pairOf,
  refusing,
  together,
  writePair,
} from './arrange.ts'

const REVOKED: Revoked = { since: new Date('2026-11-01T00:00:00Z'), reason: 'keyCompromise' }

export function failStatus(failing: FailingAuthorities): Arrangements {
  const { authority, responders } = failing
  const arrangements: Arrangements = {
    ...onTheWay(failing, '/ocsp', (body) => authority.ocspAnswer(body)),
    late() {
      failing.replace('/ocsp', () => {})
      return { options: { authorities: askBesides(failing), authoritiesTimeoutMs: SOON_MS } }
    },
    'refused connection': () => ({
      options: { authorities: askBesides(failing, refusing('/ocsp')) },
    }),
    'wrong nonce': asAsked(der.encodeOctetString(new Uint8Array(16))),
    'no nonce': asAsked(null),
    revoked: by('issuing', REVOKED),
    expired: by('ended'),
    'wrong purpose': by('plain'),
    stale: byHand({ thisUpdate: -3 * HOUR, nextUpdate: -HOUR }),
    'signed by another key': byHand({ signedBy: responders['plain']!.privateKey }),
    'for another certificate'() {
      const other = authority.ocspRequest('colleague')
      failing.answerWith('/ocsp', () => authority.ocspAnswer(other))
    },
  }
  return together(arrangements, () => failing.silence('/issuing.crl'))

  function asAsked(nonce: Bytes | null): Arrange {
    return () =>
      failing.answerWith('/ocsp', (body) => authority.ocspAnswer(changeQuestion(body, nonce)))
  }

  function byHand(wish: OcspWish): Arrange {
    return () =>
      failing.answerWith('/ocsp', (body) => makeOcspAnswer(body, responders['issuing']!, wish))
  }

  function by(who: string, revoked?: Revoked): Arrange {
    return async () => {
      const signer = authority.certificate('signer')
      const responder = await writePair(authority.file(`ocsp-${who}`), responders[who]!)
      const openssl = openOpensslAuthorities(path.dirname(authority.file('root.pem')), {
        ...{ issuer: pairOf(authority.file('issuing')), responder },
        issued: new Map([[serialOf(signer), revoked]]),
      })
      const question = { path: [], signal: new AbortController().signal }
      failing.answerWith('/ocsp', (body) => openssl.ocsp!(signer, body, question))
    }
  }
}

/** @param nonce DER OCTET STRING; null leaves it out */
function changeQuestion(request: Uint8Array, nonce: Bytes | null): Bytes {
  const tbs = readDer(request, 'request').getChild(0, der.TAG.SEQUENCE)
  const kept = tbs.children.filter(({ tag }) => tag !== der.contextTag(2)).map(({ bytes }) => bytes)
  if (nonce === null) return der.encodeSequence(der.encodeSequence(...kept))
  const extension = der.encodeSequence(
    der.encodeOid('1.3.6.1.5.5.7.48.1.2'),
    der.encodeOctetString(nonce),
  )
  const extensions = der.encodeExplicit(2, der.encodeSequence(extension))
  return der.encodeSequence(der.encodeSequence(...kept, extensions))
}
