/**
 * Whose certificates must be provable for a PDF to be checked in later years.
 * @module
 */
import { idAaTimeStampToken } from '../asn1/authority-oid.ts'
import { convertBerToDer } from '../asn1/ber.ts'
import { findSignerCertificate } from '../cms/check-signer.ts'
import { parseAttributes, parseSignedData } from '../cms/parse.ts'
import { FormatError } from '../errors.ts'
import { openDocument } from '../pades/open.ts'
import { readStoredData } from '../pades/security-store.ts'
import { type PdfSignature, listSignatures } from '../pades/signatures.ts'
import { findProvenAt } from '../trust/proven-at.ts'
import { readTimestamp } from '../trust/timestamp-token.ts'
import type { Evidence } from '../trust/validation-data.ts'
import type { DocumentInput } from '../types.ts'

/**
 * Finds the signers and the time stamps of a PDF, and the certificates that it stores.
 * @param password opens an encrypted document
 * @throws {FormatError} FORMAT_MALFORMED, also for a signature without its signer's certificate;
 *   FORMAT_UNSUPPORTED for one that is no CMS; FORMAT_PASSWORD
 * @throws {TrustError} TRUST_TIMESTAMP where a time stamp is none
 */
export async function findEvidence(
  pdf: DocumentInput,
  password: string | undefined,
): Promise<Evidence> {
  const signatures = (await listSignatures(pdf, password)).map(asDer)
  const { certificates } = await readStoredData(await openDocument(pdf, password))
  const stamps = signatures.filter(({ kind }) => kind === 'timestamp')
  const signed = signatures.filter(({ kind }) => kind !== 'timestamp').map(readSigners)
  const proven = signed.map(async ({ end, certificates: pool, signers }) => {
    const later = await findEarliest(stamps.filter((stamp) => stamp.end > end))
    return Promise.all(
      signers.map(async ({ certificate, signature, tokens }) => {
        const provenAt = (await findProvenAt(signature, tokens)) ?? later
        return { certificate, pool, provenAt }
      }),
    )
  })
  const tokens = signed.flatMap(({ signers }) => signers.flatMap((signer) => signer.tokens))
  return {
    signers: (await Promise.all(proven)).flat(),
    tokens: [...tokens, ...stamps.map(({ der }) => der)],
    pool: certificates,
  }
}

/** Nothing is added to a signature here, so that it may as well have come in BER. */
function asDer(signature: PdfSignature): PdfSignature {
  const { kind, der } = signature
  return kind === 'other' ? signature : { ...signature, der: convertBerToDer(der, 'signature') }
}

async function findEarliest(tokens: readonly PdfSignature[]): Promise<Date | undefined> {
  const stamps = await Promise.all(tokens.map(({ der }) => readTimestamp(der)))
  const [first] = stamps.map(({ time }) => time).sort((left, right) => +left - +right)
  return first
}

/** Who signed one signature, and what came along. All are DER. */
interface Signed {
  /** As of `PdfSignature`. */
  readonly end: number
  readonly signers: readonly {
    readonly certificate: Uint8Array
    /** The octets that its time stamps are over. */
    readonly signature: Uint8Array
    readonly tokens: readonly Uint8Array[]
  }[]
  readonly certificates: readonly Uint8Array[]
}

function readSigners({ kind, end, der }: PdfSignature): Signed {
  if (kind === 'other') {
    throw new FormatError('FORMAT_UNSUPPORTED', { details: { feature: 'a signature without CMS' } })
  }
  const parts = parseSignedData(der, 'signature')
  const signers = parts.signerInfos.map((signer) => {
    const { certificateDer: certificate } =
      findSignerCertificate(parts, signer) ?? signer.sid.fail('the signer’s certificate')
    const tokens = parseAttributes(signer.unsignedAttributes)
      .filter(({ oid }) => oid === idAaTimeStampToken)
      .flatMap(({ values }) => values.map(({ bytes }) => bytes))
    return { certificate, signature: signer.signature, tokens }
  })
  return { end, signers, certificates: parts.certificates }
}
