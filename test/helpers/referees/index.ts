/**
 * All referees, and the rule for one that is not there.
 * @module
 */
import { bouncyCastle } from './bouncy-castle.ts'
import { certtool } from './certtool.ts'
import { dss } from './dss.ts'
import { jose } from './jose.ts'
import { jwcrypto } from './jwcrypto.ts'
import { jdkXml } from './jdk-xml.ts'
import { libreOffice } from './libreoffice.ts'
import { libxmlsec } from './libxmlsec.ts'
import { lxml } from './lxml.ts'
import { openssl } from './openssl.ts'
import { poi } from './poi.ts'
import { pdfsig } from './pdfsig.ts'
import { pyhanko } from './pyhanko.ts'
import { qpdf } from './qpdf.ts'
import { xmlsec } from './xmlsec.ts'
import type { Referee } from './types.ts'
import { unpacking } from './unpack.ts'

export type { Referee, SignedFile, Verdict } from './types.ts'

/** Those that need neither Python nor Maven: `npm test` has them. */
export const SYSTEM_REFEREES: readonly Referee[] = [
  unpacking(openssl, ['asic-cades', 'pdf']),
  certtool,
  unpacking(bouncyCastle),
  pdfsig,
  qpdf,
  jose,
  jwcrypto,
  unpacking(jdkXml),
  unpacking(xmlsec),
]

/** All: `npm run test:conformance` has them, and in place of the system's xmlsec1 a newer one that knows every algorithm. */
export const ALL_REFEREES: readonly Referee[] = [
  ...SYSTEM_REFEREES.filter(({ name }) => name !== 'xmlsec'),
  unpacking(pyhanko),
  unpacking(lxml),
  unpacking(libxmlsec, ['asic-xades']),
  poi,
  libreOffice,
  unpacking(dss, ['ooxml']),
]

/**
 * Those of some referees that can work here. The tests of a machine that was made ready miss none: there, one that is
 * missing is an error; elsewhere it is named and left out.
 * @throws where one is missing and the environment says CI
 */
export function presentReferees(referees: readonly Referee[]): readonly Referee[] {
  return referees.filter((referee) => {
    const missing = referee.missing()
    if (missing === undefined) return true
    if (process.env['CI']) throw new Error(`${referee.name}: ${missing} is missing`)
    console.warn(`SKIPPED: ${referee.name} does not judge, for ${missing} is missing`)
    return false
  })
}
