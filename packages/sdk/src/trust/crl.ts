/**
 * A list of revoked certificates, looked through without making anything of its entries: some hold 100,000.
 *
 * ```
 * CertificateList ::= SEQUENCE { tbsCertList, signatureAlgorithm, signature BIT STRING }                RFC 5280 §5.1
 * TBSCertList ::= SEQUENCE { version 1, signature, issuer Name, thisUpdate, nextUpdate,
 *   revokedCertificates SEQUENCE OF SEQUENCE { userCertificate INTEGER, revocationDate, crlEntryExtensions OPTIONAL },
 *   [0] crlExtensions }
 * ```
 * @module
 */
import { idCeCrlReasons } from '../asn1/authority-oid.ts'
import { TAG, contextTag } from '../asn1/der.ts'
import { type ElementSpan, malformed, readElement } from '../asn1/element.ts'
import { type NamedExtension, parseExtensions } from '../asn1/extension.ts'
import { readDer } from '../asn1/reader.ts'
import { parseTime } from '../asn1/time.ts'
import { type Bytes, equalBytes } from '../bytes.ts'
import type { Issued } from './currency.ts'
import { type SignedStructure, readSignatureBits } from './signed-structure.ts'
import { type Revocation, revocationReason } from './status-error.ts'

/** A list. All bytes are views on what was read. */
export interface RevocationList extends SignedStructure, Issued {
  readonly crlDer: Bytes
  readonly issuerDer: Bytes
  readonly extensions: readonly NamedExtension[]
  /** Undefined where it has no entry. */
  readonly entries: ElementSpan | undefined
}

const WHAT = 'list of revoked certificates'
/** Parts of tbsCertList. */
const MAX_PARTS = 8

/**
 * Reads a list, but for its entries.
 * @param crlDer not copied
 * @throws {FormatError} FORMAT_MALFORMED
 */
export function parseRevocationList(crlDer: Bytes): RevocationList {
  const root = readElement(crlDer, 0, crlDer.length, WHAT)
  if (root.end !== crlDer.length) malformed(WHAT, root.end, 'nothing after the element')
  const [tbs, algorithm, signature] = listParts(crlDer, root)
  if (tbs === undefined || algorithm === undefined || signature === undefined) {
    return malformed(WHAT, root.start, 'tbsCertList, signatureAlgorithm, signature')
  }
  const parts = listParts(crlDer, tbs)
  const version = parts[0]?.tag === TAG.INTEGER ? 1 : 0
  const [inner, issuer, thisUpdate, ...rest] = parts.slice(version)
  if (inner === undefined || issuer === undefined || thisUpdate === undefined) {
    return malformed(WHAT, tbs.start, 'signature, issuer, thisUpdate')
  }
  const signatureAlgorithm = nodeAt(crlDer, algorithm)
  // RFC 5280 §5.1.1.2: what stands outside of the signature must be what stands inside.
  if (!equalBytes(bytesAt(crlDer, inner), signatureAlgorithm.bytes)) {
    malformed(WHAT, inner.start, 'the algorithm that it is signed by')
  }
  const nextUpdate = rest.find(({ tag }) => tag === TAG.UTC_TIME || tag === TAG.GENERALIZED_TIME)
  const extensions = rest.find(({ tag }) => tag === contextTag(0))
  return {
    ...{ crlDer, toBeSigned: bytesAt(crlDer, tbs), signatureAlgorithm },
    signature: readSignatureBits(nodeAt(crlDer, signature).assertTag(TAG.BIT_STRING)),
    issuerDer: bytesAt(crlDer, issuer),
    thisUpdate: parseTime(nodeAt(crlDer, thisUpdate)),
    nextUpdate: nextUpdate && parseTime(nodeAt(crlDer, nextUpdate)),
    extensions: extensions ? parseExtensions(nodeAt(crlDer, extensions).children[0]) : [],
    entries: rest.find(({ tag }) => tag === TAG.SEQUENCE),
  }
}

/**
 * Looks a certificate up, by one pass over the bytes.
 * @param serialNumberDer DER INTEGER
 * @throws {FormatError} FORMAT_MALFORMED
 */
export function findRevocation(
  { crlDer, entries }: RevocationList,
  serialNumberDer: Uint8Array,
): Revocation | undefined {
  if (entries === undefined) return undefined
  for (let at = entries.contents; at < entries.end;) {
    const entry = readElement(crlDer, at, entries.end, WHAT)
    const serial = readElement(crlDer, entry.contents, entry.end, WHAT)
    if (equalBytes(bytesAt(crlDer, serial), serialNumberDer)) return readEntry(crlDer, entry)
    at = entry.end
  }
  return undefined
}

function readEntry(crlDer: Bytes, span: ElementSpan): Revocation {
  const entry = nodeAt(crlDer, span).assertTag(TAG.SEQUENCE)
  const reasons = parseExtensions(entry.children[2]).find(({ oid }) => oid === idCeCrlReasons)
  const reason = reasons && readDer(reasons.valueDer, WHAT).contents
  const since = parseTime(entry.children[1] ?? entry.fail('revocationDate'))
  return { since, reason: revocationReason(reason) }
}

function listParts(bytes: Bytes, { contents, end }: ElementSpan): readonly ElementSpan[] {
  const parts: ElementSpan[] = []
  for (let at = contents; at < end; at = parts.at(-1)?.end ?? end) {
    if (parts.length === MAX_PARTS) malformed(WHAT, at, `at most ${MAX_PARTS} parts`)
    parts.push(readElement(bytes, at, end, WHAT))
  }
  return parts
}

const bytesAt = (bytes: Bytes, { start, end }: ElementSpan): Bytes => bytes.subarray(start, end)
const nodeAt = (bytes: Bytes, span: ElementSpan) => readDer(bytesAt(bytes, span), WHAT)
