/**
 * How lists of `openssl ca` fail, where nobody answers for one certificate.
 * @module
 */
import { execFileSync } from 'node:child_process'
import path from 'node:path'
import type { Authorities, Bytes } from '@trien/sdk/types'
import { createCrlMaker } from '../crl-maker.ts'
import type { FailingAuthorities } from '../failing-authorities.ts'
import { serialOf } from '../openssl-authorities.ts'
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
} from './arrange.ts'

const PLACE = '/issuing.crl'

export function failLists(failing: FailingAuthorities): Arrangements {
  const { authority } = failing
  const arrangements: Arrangements = {
    ...onTheWay(failing, PLACE, () => authority.crl('issuing')),
    late() {
      failing.replace(PLACE, () => {})
      return { options: { authoritiesTimeoutMs: SOON_MS } }
    },
    'refused connection': () => ({
      options: { authorities: withoutOcsp(askBesides(failing, refusing(PLACE))) },
    }),
    revoked: having(() => {
      return failing.makeCrl({ revoked: [serialOf(authority.certificate('signer'))] })
    }),
    stale: having(() => failing.makeCrl({ from: -3 * HOUR, to: -HOUR })),
    'signed by another key': having(() => makeNamesakesList(authority.file('namesake'))),
    'for another certificate': having(() => failing.makeRootCrl()),
  }
  const authorities = withoutOcsp(askBesides(failing))
  return together(arrangements, () => {}, { authorities })

  function having(make: () => Uint8Array): Arrange {
    return () => {
      const list = make()
      failing.answerWith(PLACE, () => list)
    }
  }
}

const withoutOcsp = ({ crl, issuers }: Required<Authorities>): Authorities => ({ crl, issuers })

/** A list by one who calls himself as the issuer does. */
function makeNamesakesList(file: string): Bytes {
  const folder = path.dirname(file)
  const subject = ['-utf8', '-subj', '/C=VN/O=Trien thử/CN=issuing']
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-nodes', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'],
      ...['-config', 'ca.cnf', '-extensions', 'issuing', '-days', '2', ...subject],
      ...['-keyout', `${file}.key`, '-out', `${file}.pem`],
    ],
    { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] },
  )
  return createCrlMaker(folder, pairOf(file))()
}
