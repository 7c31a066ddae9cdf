/**
 * Puts into a CMS what proves its certificates, where every reader of SignedData looks for it. No signature covers it.
 *
 * ```
 * SignedData ::= SEQUENCE { version, …, [0] IMPLICIT certificates SET OF, [1] IMPLICIT crls SET OF, signerInfos }
 * RevocationInfoChoice ::= CHOICE { CertificateList, [1] IMPLICIT SEQUENCE { id-ri-ocsp-response, OCSPResponse } }
 *                                                                                RFC 5652 §5.1, §10.2.1; RFC 5940 §2.1
 * ```
 * @module
 */
import { idRiOcspResponse } from '../asn1/authority-oid.ts'
import {
  contextTag,
  encodeExplicit,
  encodeInteger,
  encodeOid,
  encodeSequence,
  encodeSetOf,
  retagImplicit,
} from '../asn1/der.ts'
import { idSignedData } from '../asn1/oid.ts'
import { type Bytes, equalBytes } from '../bytes.ts'
import { assertOpen } from './assert-open.ts'
import type { SignedDataParts } from './parse.ts'

/** What to put in: DER each. */
export interface ValidationMaterial {
  readonly certificates: readonly Uint8Array[]
  readonly ocspResponses: readonly Uint8Array[]
  readonly crls: readonly Uint8Array[]
}

const CERTIFICATES = 0
const CRLS = 1
const OTHER = 1

/**
 * Adds what is not there yet; all that is keeps its very bytes.
 * @returns DER ContentInfo, a fresh array
 * @throws {FormatError} as `assertOpen`
 */
export function addValidationData(parts: SignedDataParts, material: ValidationMaterial): Bytes {
  assertOpen(parts)
  const { children } = parts.signedData
  const [version, algorithms, content, ...rest] = children.map(({ bytes }) => bytes)
  const crls = join(listIn(parts, CRLS), [
    ...material.crls,
    ...material.ocspResponses.map(encodeOcspChoice),
  ])
  const certificates = join(listIn(parts, CERTIFICATES), material.certificates)
  // RFC 5652 §5.1: 5 where a RevocationInfoChoice is of another kind than a CertificateList.
  const hasOther = crls.some(([tag]) => tag === contextTag(OTHER))
  return encodeSequence(
    encodeOid(idSignedData),
    encodeExplicit(
      0,
      encodeSequence(
        hasOther ? encodeInteger(5) : (version as Bytes),
        ...([algorithms, content] as Bytes[]),
        ...encodeTagged(CERTIFICATES, certificates),
        ...encodeTagged(CRLS, crls),
        rest.at(-1) as Bytes,
      ),
    ),
  )
}

/** The elements of certificates [0] or crls [1], of whatever kind. */
export function listIn({ signedData }: SignedDataParts, number: 0 | 1): readonly Bytes[] {
  const set = signedData.children.find(({ tag }) => tag === contextTag(number))
  return (set?.children ?? []).map(({ bytes }) => bytes)
}

function encodeOcspChoice(ocspResponse: Uint8Array): Bytes {
  return retagImplicit(OTHER, encodeSequence(encodeOid(idRiOcspResponse), ocspResponse))
}

function join(there: readonly Uint8Array[], more: readonly Uint8Array[]): readonly Uint8Array[] {
  const all = [...there]
  for (const one of more) if (!all.some((known) => equalBytes(known, one))) all.push(one)
  return all
}

function encodeTagged(number: 0 | 1, elements: readonly Uint8Array[]): Bytes[] {
  return elements.length === 0 ? [] : [retagImplicit(number, encodeSetOf(elements))]
}
