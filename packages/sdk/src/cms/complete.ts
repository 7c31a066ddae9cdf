/**
 * The second half of a CMS signature: the signature value is checked, then put in its place.
 * @module
 */
import { type Algorithm, getAlgorithm } from '../algorithms.ts'
import { parseCertificate } from '../asn1/certificate.ts'
import { type Bytes, equalBytes } from '../bytes.ts'
import { digestDocument } from '../digest.ts'
import { FormatError, UsageError } from '../errors.ts'
import type { DocumentInput, SigningRequest } from '../types.ts'
import { longestSignatureValue } from './algorithm-identifier.ts'
import { type SignatureToAssert, assertSignature } from './assert-signature.ts'
import type { SignedAttributesInput } from './prepare.ts'
import { encodeSignedAttributes } from './signed-attributes.ts'
import { type SignerParts, encodeSignedData } from './signed-data.ts'

/** What completing needs of what preparing made; a copy by structured clone will do. */
export type SignedAttributesToComplete = SignatureToAssert &
  Pick<SigningRequest, 'documentDigest'> & { readonly chain: readonly Uint8Array[] }

/**
 * Checks the signature value and wraps everything into SignedData.
 * @param signatureValue RSA's octets, or r‖s at fixed width
 * @param content to be enclosed; leave out for a detached signature
 * @returns DER ContentInfo; a fresh array that the caller owns
 * @throws {UsageError} USAGE_ARGUMENT where the value is not bytes
 * @throws {TokenError} TOKEN_SIGNATURE_INVALID where the value is not the certificate's over these attributes
 * @throws {FormatError} FORMAT_CHANGED where `content` is not what was hashed
 */
export async function completeSignedData(
  prepared: SignedAttributesToComplete,
  signatureValue: Uint8Array,
  content?: Uint8Array,
): Promise<Bytes> {
  const signer = await completeSigner(prepared, signatureValue)
  if (content !== undefined) await assertContent(signer.algorithm, prepared.documentDigest, content)
  return encodeSignedData({ ...signer, content })
}

/**
 * Checks the signature value.
 * @returns what a SignerInfo is made of, with copies of all bytes
 * @throws as `completeSignedData`
 */
export async function completeSigner(
  prepared: SignedAttributesToComplete,
  signatureValue: Uint8Array,
): Promise<SignerParts> {
  const { toBeSigned, ...signer } = await assertSignature(prepared, signatureValue)
  return { ...signer, chain: prepared.chain.map(parseCertificate), signedAttributes: toBeSigned }
}

/** Makes sure that what is to be enclosed is what was hashed. @throws {FormatError} FORMAT_CHANGED */
export async function assertContent(
  algorithm: Algorithm,
  documentDigest: Uint8Array,
  content: DocumentInput,
): Promise<void> {
  const digest = await digestDocument(algorithm.digest, [content])
  if (!equalBytes(digest, documentDigest)) throw new FormatError('FORMAT_CHANGED')
}

/**
 * Tells how many bytes a detached ContentInfo will take at most, so that a place can be kept for it: everything is
 * built for real around a signature value of the greatest length, so the bound is exact for RSA and at most a few
 * bytes too high for ECDSA.
 * @throws {UsageError} USAGE_UNSUPPORTED_ALGORITHM where the certificate's key is of a kind that cannot sign
 * @throws {FormatError} FORMAT_MALFORMED where a certificate cannot be read
 */
export function estimateSignedDataBytes(
  input: Omit<SignedAttributesInput, 'documentDigest'>,
): number {
  const algorithm = getAlgorithm(input.algorithm)
  const certificate = parseCertificate(input.certificate)
  if (certificate.key === undefined) {
    throw new UsageError('USAGE_UNSUPPORTED_ALGORITHM', { details: { algorithm: algorithm.name } })
  }
  const digest = new Uint8Array(algorithm.digestBytes)
  const signedAttributes = encodeSignedAttributes({
    algorithm,
    certificate,
    certificateDigest: digest,
    documentDigest: digest,
    signingTime: input.signingTime,
    claimed: input.claimed ?? [],
  })
  return encodeSignedData({
    algorithm,
    certificate,
    chain: input.chain.map(parseCertificate),
    signedAttributes,
    signatureValue: longestSignatureValue(certificate.key),
    content: undefined,
  }).length
}
