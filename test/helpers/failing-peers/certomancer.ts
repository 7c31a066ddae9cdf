/**
 * How certomancer is made to fail: by certificates that are not for it (`pki.yml`), by a clock of another year, by services
 * that answer wrongly (`faults.py`), by what spoils its answers on the way (`serve.py`).
 * @module
 */
import { type HttpOptions, httpTimestamp } from '@trien/sdk/http'
import type { Authorities } from '@trien/sdk/types'
import type { UpgradeOptions } from '@trien/sdk/upgrade'
import { type CertomancerDesk, type Instead, NO_LIST, at } from '../certomancer-desk.ts'
import type { Failure, Peer } from '../failure-table.ts'
import { REFUSED, SOON_MS } from './arrange.ts'

/** How it is made to fail. */
export interface Failing {
  readonly options?: Partial<UpgradeOptions>
  /** What is built on. Default: what each peer is asked for first. */
  readonly from?: 'B-B' | 'B-T' | 'B-T by who was revoked' | 'B-T stamped by who was revoked'
  readonly isSilent?: true
}
export type Failings = Readonly<Partial<Record<Failure, () => Failing>>>

const refusing = (url: string): string => url.replace(/127\.0\.0\.1:\d+/, REFUSED)
const WAYS = ['broken-off', 'truncated', 'garbage'] as const
const nameOf = (way: (typeof WAYS)[number]): Failure => (way === 'broken-off' ? 'broken off' : way)
/** Each is spoilt on the way, as a header says. */
const onTheWay = (make: (headers: HttpOptions['headers']) => Failing): Failings =>
  Object.fromEntries(WAYS.map((way) => [nameOf(way), () => make({ 'X-Trien-Way': way })]))

export type CertomancerPeer = Extract<Peer, `certomancer ${string}`>

/** Each by what is built on, and how it fails. */
export function failCertomancer(
  desk: CertomancerDesk,
): Readonly<Record<CertomancerPeer, readonly ['B-B' | 'B-T', Failings]>> {
  return {
    'certomancer ts': ['B-B', failTimestamps(desk)],
    'certomancer ocsp': ['B-T', failStatus(desk)],
    'certomancer lists': ['B-T', failLists(desk)],
  }
}

function failTimestamps(desk: CertomancerDesk): Failings {
  const { peer, tsa } = desk
  const by = (service: string, options?: HttpOptions): Failing => ({
    options: { timestamp: tsa(service, options) },
  })
  return {
    ...onTheWay((headers) => ({
      options: { timestamp: httpTimestamp(peer.url('tsa/good'), { headers }) },
    })),
    late: () => ({ options: { timestampTimeoutMs: SOON_MS }, isSilent: true }),
    'refused connection': () => ({
      options: { timestamp: httpTimestamp(refusing(peer.url('tsa/good'))) },
    }),
    'HTTP error': () => by('tsa/nobody'),
    'wrong imprint': () => by('plugin/wrong-tsa/imprint'),
    'wrong nonce': () => by('plugin/wrong-tsa/nonce'),
    'no nonce': () => by('plugin/wrong-tsa/no-nonce'),
    // It is seen where the stamp is to be proven.
    revoked: () => ({ from: 'B-T stamped by who was revoked' }),
    expired: () => by('tsa/good', at('2049-06-01T00:00:00Z')),
    'wrong purpose': () => by('tsa/for-nothing'),
    'signed by another key': () => by('plugin/wrong-tsa/key'),
  }
}

/** Where nobody has a list instead. */
function failStatus(desk: CertomancerDesk): Failings {
  const { authorities } = desk
  const by = (service: Instead[string]): Failing => ({
    options: { authorities: authorities({ ...NO_LIST, 'ocsp/good': service }) },
  })
  return {
    ...onTheWay((headers) => ({ options: { authorities: authorities(NO_LIST, { headers }) } })),
    late: () => ({ options: { authoritiesTimeoutMs: SOON_MS }, isSilent: true }),
    'refused connection': () => by(refusing),
    'HTTP error': () => by('ocsp/nobody'),
    'wrong nonce': () => by('plugin/wrong-ocsp/nonce'),
    'no nonce': () => by('plugin/wrong-ocsp/no-nonce'),
    revoked: () => ({ ...by('ocsp/good'), from: 'B-T by who was revoked' }),
    expired: () => by('ocsp/ended'),
    'wrong purpose': () => by('ocsp/for-nothing'),
    stale: () => ({ options: { authorities: authorities(NO_LIST, at('2024-06-01T00:00:00Z')) } }),
    'signed by another key': () => by('plugin/wrong-ocsp/key'),
    'for another certificate': () => by('plugin/wrong-ocsp/certificate'),
  }
}

/** Where nobody answers for one certificate. */
function failLists(desk: CertomancerDesk): Failings {
  const { authorities } = desk
  const alone = (instead?: Instead, options?: HttpOptions): Authorities => {
    const { crl, issuers } = authorities(instead, options)
    return { crl, issuers }
  }
  const having = (file: Instead[string]): Failing => ({
    options: { authorities: alone({ 'crls/issuing/latest.crl': file }) },
  })
  return {
    ...onTheWay((headers) => ({ options: { authorities: alone({}, { headers }) } })),
    late: () => ({
      options: { authorities: alone(), authoritiesTimeoutMs: SOON_MS },
      isSilent: true,
    }),
    'refused connection': () => having(refusing),
    'HTTP error': () => having('crls/nobody/latest.crl'),
    revoked: () => ({
      options: { authorities: alone() },
      from: 'B-T by who was revoked',
    }),
    stale: () => having('crls/issuing/archive-1.crl'),
    'signed by another key': () => having('crls/by-another/latest.crl'),
    'for another certificate': () => having('crls/root/latest.crl'),
  }
}
