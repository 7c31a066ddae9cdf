/**
 * A time stamp token: what it says, and whether it may be believed to be an authority's answer to this question. Whether
 * the authority itself is to be trusted is for whoever receives the document.
 *
 * ```
 * TSTInfo ::= SEQUENCE { version 1, policy OBJECT IDENTIFIER, messageImprint, serialNumber INTEGER,
 *   genTime GeneralizedTime, accuracy OPTIONAL, ordering BOOLEAN DEFAULT FALSE, nonce INTEGER OPTIONAL, … }
 *                                                                                               RFC 3161 §2.4.2
 * ```
 * @module
 */
import type { Certificate } from '../asn1/certificate.ts'
import { TAG } from '../asn1/der.ts'
import { findExtendedKeyUsage } from '../asn1/key-extensions.ts'
import { idCtTstInfo, idKpTimeStamping } from '../asn1/authority-oid.ts'
import { type DerNode, readDer } from '../asn1/reader.ts'
import { parseGeneralizedTime } from '../asn1/generalized-time.ts'
import { type Bytes, equalBytes } from '../bytes.ts'
import { checkSignerInfo } from '../cms/check-signer.ts'
import { parseSignedData } from '../cms/parse.ts'
import { findDigest } from '../cms/signature-scheme.ts'
import type { DigestName } from '../types.ts'
import { timestampError } from './timestamp-error.ts'
import type { Imprint, TimestampRequest } from './timestamp-request.ts'

/** A token and what it says. */
export interface Timestamp {
  /** DER ContentInfo, as it is embedded. */
  readonly tokenDer: Bytes
  readonly time: Date
  readonly imprint: { readonly digest: DigestName | undefined; readonly value: Bytes }
  /** DER INTEGER; undefined where the token has none. */
  readonly nonceDer: Bytes | undefined
  /** The authority's. */
  readonly certificate: Certificate
  /** DER of all that came with the token. */
  readonly certificates: readonly Bytes[]
}

/**
 * Reads a token and makes sure that it is signed as RFC 3161 §2.4.2 and RFC 5816 say: by one signer, whose certificate
 * is in it, is named by the signed attributes, is for time stamping alone, critically so, and was valid at that time.
 * @throws {TrustError} TRUST_TIMESTAMP {reason: `invalid`, what: `content` | `signer` | `signature` | `usage` | `validity`}
 * @throws {FormatError} FORMAT_MALFORMED
 */
export async function readTimestamp(tokenDer: Uint8Array): Promise<Timestamp> {
  const parts = parseSignedData(tokenDer, 'time stamp')
  const [signer, ...others] = parts.signerInfos
  const { content } = parts
  if (parts.contentType !== idCtTstInfo || content === undefined) throw invalid('content')
  if (signer === undefined || others.length > 0) throw invalid('signer')
  const checked = await checkSignerInfo(parts, signer)
  if (typeof checked === 'string') throw invalid(checked)
  const said = parseTstInfo(readDer(content, 'time stamp'))
  assertAuthority(checked, said.time)
  return {
    ...{ tokenDer: new Uint8Array(tokenDer), certificate: checked },
    ...{ certificates: parts.certificates, ...said },
  }
}

/**
 * Reads the token that a question was answered with.
 * @throws as `readTimestamp`, and with what: `imprint` | `nonce`
 */
export async function readRequestedTimestamp(
  tokenDer: Uint8Array,
  { imprint, nonceDer }: TimestampRequest,
): Promise<Timestamp> {
  const timestamp = await readTimestamp(tokenDer)
  if (!isStampOf(timestamp, imprint)) throw invalid('imprint')
  if (timestamp.nonceDer === undefined || !equalBytes(timestamp.nonceDer, nonceDer)) {
    throw invalid('nonce')
  }
  return timestamp
}

/** Tells whether a time stamp is of these octets. */
export function isStampOf({ imprint }: Timestamp, { digest, value }: Imprint): boolean {
  return imprint.digest === digest && equalBytes(imprint.value, value)
}

function parseTstInfo(info: DerNode): Pick<Timestamp, 'time' | 'imprint' | 'nonceDer'> {
  const imprint = info.assertTag(TAG.SEQUENCE).getChild(2, TAG.SEQUENCE)
  return {
    time: parseGeneralizedTime(info.getChild(4, TAG.GENERALIZED_TIME)),
    imprint: {
      digest: findDigest(imprint.getChild(0, TAG.SEQUENCE)),
      value: imprint.getChild(1, TAG.OCTET_STRING).contents,
    },
    nonceDer: info.children.slice(5).find(({ tag }) => tag === TAG.INTEGER)?.bytes,
  }
}

/** RFC 3161 §2.3. */
function assertAuthority({ certificateDer, notBefore, notAfter }: Certificate, time: Date): void {
  const usage = findExtendedKeyUsage(certificateDer)
  const isAuthority =
    usage?.isCritical === true &&
    usage.purposes.length === 1 &&
    usage.purposes[0] === idKpTimeStamping
  if (!isAuthority) throw invalid('usage')
  if (time < notBefore || time > notAfter) throw invalid('validity')
}

const invalid = (what: string): Error => timestampError('invalid', what)
