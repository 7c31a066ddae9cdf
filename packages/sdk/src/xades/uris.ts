/**
 * The names that XML signatures give to things.
 * @module
 */
import type { AlgorithmName, DigestName } from '../types.ts'

/** XML Signature 1.1. */
export const DSIG = 'http://www.w3.org/2000/09/xmldsig#'
/** XAdES 1.3.2 and 1.4.1, EN 319 132-1 §4.2. */
export const XADES = 'http://uri.etsi.org/01903/v1.3.2#'
export const XADES_141 = 'http://uri.etsi.org/01903/v1.4.1#'
/** TS 119 132-3: evidence records. */
export const XADES_RECORDS = 'http://uri.etsi.org/19132/v1.1.1#'

const MORE = 'http://www.w3.org/2001/04/xmldsig-more#'
const MORE_2007 = 'http://www.w3.org/2007/05/xmldsig-more#'
const ENC = 'http://www.w3.org/2001/04/xmlenc#'

/** SignatureMethod; RSASSA-PSS by the names that fix MGF1, hash and salt (RFC 9231 §2.3.10). */
export const SIGNATURE_METHODS: Readonly<Record<AlgorithmName, string>> = {
  RS256: `${MORE}rsa-sha256`,
  RS384: `${MORE}rsa-sha384`,
  RS512: `${MORE}rsa-sha512`,
  PS256: `${MORE_2007}sha256-rsa-MGF1`,
  PS384: `${MORE_2007}sha384-rsa-MGF1`,
  PS512: `${MORE_2007}sha512-rsa-MGF1`,
  ES256: `${MORE}ecdsa-sha256`,
  ES384: `${MORE}ecdsa-sha384`,
  ES512: `${MORE}ecdsa-sha512`,
}

/** DigestMethod (RFC 9231 §2.1, XML Encryption 1.1 §5.8). */
export const DIGEST_METHODS: Readonly<Record<DigestName, string>> = {
  'SHA-256': `${ENC}sha256`,
  'SHA-384': `${MORE}sha384`,
  'SHA-512': `${ENC}sha512`,
}

/** Takes the signature itself out of what it signs. */
export const ENVELOPED = `${DSIG}enveloped-signature`
/** Signs the octets that an Object holds in base64. */
export const BASE64 = `${DSIG}base64`
/** Signs what an expression picks. One is known here: it takes all signatures out, so that others may be added. */
export const XPATH = 'http://www.w3.org/TR/1999/REC-xpath-19991116'
export const WITHOUT_SIGNATURES = 'not(ancestor-or-self::ds:Signature)'

/** Types of references (EN 319 132-1 §4.4.2, §5.2.7). */
export const SIGNED_PROPERTIES_TYPE = 'http://uri.etsi.org/01903#SignedProperties'
export const COUNTERSIGNED_TYPE = 'http://uri.etsi.org/01903#CountersignedSignature'
