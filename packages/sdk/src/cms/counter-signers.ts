/**
 * Signatures on signatures, as they stand in a CMS: each below the one that it is over (RFC 5652 §11.4).
 * @module
 */
import { idCountersignature } from '../asn1/signature-oid.ts'
import { type SignerInfoParts, parseAttributes, parseSignerInfo } from './parse.ts'

/**
 * Lists signers, each followed by those who signed its signature, and by those who signed theirs. No deeper than DER is
 * read at all.
 * @throws {FormatError} FORMAT_MALFORMED
 */
export function withCounterSigners(
  signers: readonly SignerInfoParts[],
): readonly SignerInfoParts[] {
  return signers.flatMap((signer) => [signer, ...withCounterSigners(listCounterSigners(signer))])
}

function listCounterSigners({ unsignedAttributes }: SignerInfoParts): readonly SignerInfoParts[] {
  return parseAttributes(unsignedAttributes)
    .filter(({ oid }) => oid === idCountersignature)
    .flatMap(({ values }) => values.map(parseSignerInfo))
}
