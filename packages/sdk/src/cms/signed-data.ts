/**
 * The container around signed attributes and their signature.
 *
 * ```
 * ContentInfo ::= SEQUENCE { id-signedData, [0] EXPLICIT SignedData }                            RFC 5652 §3, §5.1
 * SignedData ::= SEQUENCE { version 1, digestAlgorithms SET OF, encapContentInfo SEQUENCE { id-data, [0] content },
 *   [0] IMPLICIT certificates SET OF, signerInfos SET OF }
 * SignerInfo ::= SEQUENCE { version 1, issuerAndSerialNumber, digestAlgorithm, [0] IMPLICIT signedAttrs,
 *   signatureAlgorithm, signature OCTET STRING }
 * ```
 * @module
 */
import type { Algorithm } from '../algorithms.ts'
import { type Certificate, isSelfIssued } from '../asn1/certificate.ts'
import {
  encodeExplicit,
  encodeInteger,
  encodeOctetString,
  encodeOid,
  encodeSequence,
  encodeSetOf,
  retagImplicit,
} from '../asn1/der.ts'
import { idData, idSignedData } from '../asn1/oid.ts'
import { type Bytes, equalBytes } from '../bytes.ts'
import {
  encodeDigestAlgorithm,
  encodeSignatureAlgorithm,
  encodeSignatureValue,
} from './algorithm-identifier.ts'

/** The parts of a signature by one signer. */
export interface SignerParts {
  readonly algorithm: Algorithm
  readonly certificate: Certificate
  readonly chain: readonly Certificate[]
  /** The very bytes that were signed, tag 0x31. */
  readonly signedAttributes: Uint8Array
  /** As signers give it: RSA's octets, or r‖s. */
  readonly signatureValue: Uint8Array
}

/** One signer, and what is signed. */
export interface SignedData extends SignerParts {
  /** Undefined in a detached signature. */
  readonly content: Uint8Array | undefined
}

/** Writes a DER ContentInfo (SignedData version 1: id-data content, X.509 certificates, SignerInfo version 1). */
export function encodeSignedData(signedData: SignedData): Bytes {
  const { algorithm, content } = signedData
  const eContent = content ? [encodeExplicit(0, encodeOctetString(content))] : []
  return encodeSequence(
    encodeOid(idSignedData),
    encodeExplicit(
      0,
      encodeSequence(
        encodeInteger(1),
        encodeSetOf([encodeDigestAlgorithm(algorithm)]),
        encodeSequence(encodeOid(idData), ...eContent),
        retagImplicit(0, encodeSetOf(selectCertificates(signedData))),
        encodeSetOf([encodeSignerInfo(signedData)]),
      ),
    ),
  )
}

/** Writes the SignerInfo, version 1. */
export function encodeSignerInfo(signer: SignerParts): Bytes {
  const { algorithm, certificate, signedAttributes, signatureValue } = signer
  return encodeSequence(
    encodeInteger(1),
    encodeSequence(certificate.issuerDer, certificate.serialNumberDer),
    encodeDigestAlgorithm(algorithm),
    // Spliced, never encoded anew: one octet other than what was signed and the signature is void.
    retagImplicit(0, signedAttributes),
    encodeSignatureAlgorithm(algorithm),
    encodeOctetString(encodeSignatureValue(algorithm, signatureValue)),
  )
}

/** The signer's certificate and its issuers, each once. A root is left out: who trusts it has it. */
export function selectCertificates({ certificate, chain }: SignerParts): Bytes[] {
  const selected = [certificate.certificateDer]
  for (const issuer of chain) {
    const isKnown = selected.some((known) => equalBytes(known, issuer.certificateDer))
    if (!isKnown && !isSelfIssued(issuer)) selected.push(issuer.certificateDer)
  }
  return selected
}
