/**
 * How a peer of openssl is made to fail, for a cell of the table of failures.
 * @module
 */
import { writeFileSync } from 'node:fs'
import { type HttpAuthoritiesOptions, httpAuthorities } from '@trien/sdk/http'
import type { Authorities } from '@trien/sdk/types'
import type { UpgradeOptions } from '@trien/sdk/upgrade'
import { BROKEN, type FailingAuthorities } from '../failing-authorities.ts'
import type { Failure } from '../failure-table.ts'
import type { Responder } from '../ocsp-answer.ts'
import type { PemPair } from '../openssl-authorities.ts'

/** What is arranged besides: what to build from, and what of the options differs. */
export interface Arranged {
  readonly from?: 'B-B' | 'B-T'
  readonly options?: Partial<UpgradeOptions>
}

/** Has the peer fail. */
export type Arrange = () => void | Arranged | Promise<void | Arranged>

export type Arrangements = Readonly<Partial<Record<Failure, Arrange>>>

/** Nobody but root may listen there, and root does not. */
export const REFUSED = '127.0.0.1:2'
/** For whom never answers. */
export const SOON_MS = 50
export const HOUR = 3600

/** What goes wrong on the way, whoever answers. @param good what is answered else */
export function onTheWay(
  failing: FailingAuthorities,
  place: string,
  good: (body: Uint8Array) => Uint8Array,
): Arrangements {
  const broken = Object.entries(BROKEN).map(([failure, answer]): [string, Arrange] => [
    failure,
    () => failing.replace(place, (_request, response) => void answer(response)),
  ])
  return {
    ...Object.fromEntries(broken),
    truncated() {
      failing.answerWith(place, (body) => {
        const whole = good(body)
        return whole.subarray(0, whole.length >> 1)
      })
    },
  }
}

/** Each as it is, but with something done before, and options unless it has its own. */
export function together(
  arrangements: Arrangements,
  before: () => void,
  options: Partial<UpgradeOptions> = {},
): Arrangements {
  const all = Object.entries(arrangements).map(([failure, arrange]): [string, Arrange] => [
    failure,
    async () => {
      before()
      const arranged = (await arrange()) ?? {}
      return { ...arranged, options: { ...options, ...arranged.options } }
    },
  ])
  return Object.fromEntries(all)
}

/** Knows the issuers, so that a deadline is of nothing but what is late. */
export function askBesides(
  { authority }: FailingAuthorities,
  options?: HttpAuthoritiesOptions,
): Required<Authorities> {
  const issuers = ['issuing', 'root'].map((name) => authority.certificate(name))
  const { ocsp, crl } = httpAuthorities(options)
  return { ocsp: ocsp!, crl: crl!, issuers: async () => issuers }
}

/** Asks where nobody listens instead of at one place. */
export function refusing(place: string): HttpAuthoritiesOptions {
  return {
    fetch: (url, init) =>
      fetch(url.endsWith(place) ? url.replace(/127\.0\.0\.1:\d+/, REFUSED) : url, init),
  }
}

/** Files of a key by their name without its ending. */
export const pairOf = (file: string): PemPair => ({
  certificateFile: `${file}.pem`,
  keyFile: `${file}.key`,
})

/** Writes such files. */
export async function writePair(
  file: string,
  { certificate, privateKey }: Responder,
): Promise<PemPair> {
  const pem = (kind: string, bytes: Uint8Array): string =>
    `-----BEGIN ${kind}-----\n${Buffer.from(bytes).toString('base64')}\n-----END ${kind}-----\n`
  const pkcs8 = new Uint8Array(await crypto.subtle.exportKey('pkcs8', privateKey))
  writeFileSync(`${file}.pem`, pem('CERTIFICATE', certificate))
  writeFileSync(`${file}.key`, pem('PRIVATE KEY', pkcs8))
  return pairOf(file)
}
