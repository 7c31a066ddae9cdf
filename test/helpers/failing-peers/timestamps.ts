/**
 * How `openssl ts` is made to fail.
 * @module
 */
import path from 'node:path'
import { httpTimestamp } from '@trien/sdk/http'
import type { Bytes } from '@trien/sdk/types'
import * as der from '../../../packages/sdk/src/asn1/der.ts'
import { readDer } from '../../../packages/sdk/src/asn1/reader.ts'
import { makeCertificate } from '../certificate.ts'
import type { FailingAuthorities } from '../failing-authorities.ts'
import { serialOf } from '../openssl-authorities.ts'
import { createOpensslTsa } from '../openssl-tsa.ts'
import { type TimestampWish, createTimestampAuthority } from '../timestamp-authority.ts'
import {
  type Arrange,
  type Arrangements,
  REFUSED,
  SOON_MS,
  onTheWay,
  writePair,
} from './arrange.ts'

export async function failTimestamps(failing: FailingAuthorities): Promise<Arrangements> {
  const { authority } = failing
  const ended = await openEndedTsa(failing)
  const another = await makeCertificate('ES256')
  return {
    ...onTheWay(failing, '/tsa', (body) => authority.timestampAnswer(body)),
    late() {
      failing.replace('/tsa', () => {})
      return { options: { timestampTimeoutMs: SOON_MS } }
    },
    'refused connection': () => ({
      options: { timestamp: httpTimestamp(`http://${REFUSED}/tsa`) },
    }),
    'wrong imprint': asAsked({ imprint: new Uint8Array(32) }),
    'wrong nonce': asAsked({ nonce: der.encodeInteger(9) }),
    'no nonce': asAsked({ nonce: null }),
    revoked() {
      const list = failing.makeRootCrl({ revoked: [serialOf(authority.certificate('tsa'))] })
      failing.answerWith('/root.crl', () => list)
      // That is seen where its time stamp is to be proven.
      return { from: 'B-T' }
    },
    expired: () => failing.answerWith('/tsa', ended),
    'wrong purpose': byHand({ usage: ['1.3.6.1.5.5.7.3.3'] }),
    'signed by another key': byHand({ signedBy: another.privateKey }),
    'for another certificate': byHand({ names: 'another' }),
  }

  function asAsked(change: Change): Arrange {
    return () =>
      failing.answerWith('/tsa', (body) => authority.timestampAnswer(changeQuestion(body, change)))
  }

  function byHand(wish: TimestampWish): Arrange {
    const { signal } = new AbortController()
    return async () => {
      const wrong = await createTimestampAuthority(wish)
      failing.answerWith('/tsa', (body) => wrong(body, { signal }))
    }
  }
}

async function openEndedTsa({ authority, responders }: FailingAuthorities) {
  const ended = await makeCertificate('ES256', {
    ...{ subject: 'TSA', issuedBy: responders['root']!, extensions: [TIME_STAMPING] },
    ...{ notBefore: new Date('2020-01-01'), notAfter: new Date('2021-01-01') },
  })
  const { certificateFile, keyFile } = await writePair(authority.file('tsa-ended'), ended)
  const chain = authority.file('root.pem')
  const folder = path.dirname(chain)
  return createOpensslTsa(folder, { certificate: certificateFile, key: keyFile, chain })
}

const TIME_STAMPING = der.encodeSequence(
  der.encodeOid('2.5.29.37'),
  der.encodeElement(der.TAG.BOOLEAN, Uint8Array.of(0xff)),
  der.encodeOctetString(der.encodeSequence(der.encodeOid('1.3.6.1.5.5.7.3.8'))),
)

/** How a question is to differ; a nonce that is null is left out. */
interface Change {
  readonly imprint?: Bytes
  readonly nonce?: Bytes | null
}

function changeQuestion(request: Uint8Array, change: Change): Bytes {
  const [version, asked, nonce, ...others] = readDer(request, 'request').children
  const imprint =
    change.imprint === undefined
      ? asked!.bytes
      : der.encodeSequence(asked!.children[0]!.bytes, der.encodeOctetString(change.imprint))
  const other = change.nonce === undefined ? nonce!.bytes : change.nonce
  return der.encodeSequence(
    ...[version!.bytes, imprint, ...(other === null ? [] : [other])],
    ...others.map(({ bytes }) => bytes),
  )
}
