/**
 * Where a certificate says that its authority is to be asked.
 *
 * ```
 * AuthorityInfoAccess   ::= SEQUENCE OF SEQUENCE { accessMethod OID, accessLocation GeneralName }   RFC 5280 §4.2.2.1
 * CRLDistributionPoints ::= SEQUENCE OF SEQUENCE { [0] { [0] GeneralNames } OPTIONAL, … }           RFC 5280 §4.2.1.13
 * ```
 * @module
 */
import type { Bytes } from '../bytes.ts'
import {
  idAdCaIssuers,
  idAdOcsp,
  idCeCrlDistributionPoints,
  idPeAuthorityInfoAccess,
} from './authority-oid.ts'
import { TAG, contextTag } from './der.ts'
import { findExtension } from './extension.ts'
import { type DerNode, readDer } from './reader.ts'

/** uniformResourceIdentifier of GeneralName. */
const URI = 0x86
const MAX_ADDRESSES = 4

/** Addresses of the web, in the certificate's order, at most four of each. */
export interface AuthorityPointers {
  readonly ocsp: readonly string[]
  readonly issuers: readonly string[]
  readonly crl: readonly string[]
}

/** Reads the addresses. @param certificateDer DER @throws {FormatError} FORMAT_MALFORMED */
export function readAuthorityPointers(certificateDer: Uint8Array): AuthorityPointers {
  const tbs = readTbs(certificateDer)
  const access = findExtension(tbs, idPeAuthorityInfoAccess)?.value.children ?? []
  const listAccess = (method: string): readonly string[] =>
    webAddresses(
      access
        .filter((description) => description.getChild(0, TAG.OID).readOid() === method)
        .flatMap(({ children }) => children.slice(1)),
    )
  return {
    ocsp: listAccess(idAdOcsp),
    issuers: listAccess(idAdCaIssuers),
    crl: webAddresses(listPoints(tbs)),
  }
}

/** Reads the names of the lists where the certificate would stand: DER GeneralName each. */
export function listCrlPoints(certificateDer: Uint8Array): readonly Bytes[] {
  return listPoints(readTbs(certificateDer)).map(({ bytes }) => bytes)
}

/**
 * Reads the full name of a DistributionPointName.
 * @param point what holds it under [0]: a DistributionPoint, an IssuingDistributionPoint
 */
export function readPointName({ children }: DerNode): readonly DerNode[] {
  const name = children.find(({ tag }) => tag === contextTag(0))
  const [fullName] = name?.children ?? []
  return fullName?.tag === contextTag(0) ? fullName.children : []
}

function listPoints(tbs: DerNode): readonly DerNode[] {
  const points = findExtension(tbs, idCeCrlDistributionPoints)?.value.children ?? []
  return points.flatMap(readPointName)
}

/** Directories (`ldap:`) are named beside web servers, and passed over. */
function webAddresses(names: readonly DerNode[]): readonly string[] {
  const addresses = names
    .filter(({ tag }) => tag === URI)
    .map(({ contents }) => String.fromCharCode(...contents.subarray(0, 2000)))
    .filter((address) => /^https?:\/\//i.test(address))
  return [...new Set(addresses)].slice(0, MAX_ADDRESSES)
}

function readTbs(certificateDer: Uint8Array): DerNode {
  return readDer(certificateDer, 'certificate').assertTag(TAG.SEQUENCE).getChild(0, TAG.SEQUENCE)
}
