/**
 * The names that XML signatures give to algorithms (RFC 9231 §2, XML Signature 1.1 §6).
 * @module
 */
import type { AlgorithmName, DigestName } from '@trien/sdk/types'
import type { C14n } from './element.ts'

const MORE = 'http://www.w3.org/2001/04/xmldsig-more#'
const MORE_2007 = 'http://www.w3.org/2007/05/xmldsig-more#'
const ENC = 'http://www.w3.org/2001/04/xmlenc#'
const C14N_10 = 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315'

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

/** DigestMethod. */
export const DIGEST_METHODS: Readonly<Record<DigestName, string>> = {
  'SHA-256': `${ENC}sha256`,
  'SHA-384': `${MORE}sha384`,
  'SHA-512': `${ENC}sha512`,
}

/** Canonicalisation without comments: those would be bytes that nobody reads. */
export const C14N_METHODS: ReadonlyMap<string, C14n> = new Map<string, C14n>([
  [C14N_10, 'inclusive'],
  ['http://www.w3.org/2006/12/xml-c14n11', 'inclusive'],
  ['http://www.w3.org/2001/10/xml-exc-c14n#', 'exclusive'],
])

/** Takes the signature out of what it signs. */
export const ENVELOPED = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature'
/** Signs what an expression picks: one is known, that which takes every signature out, so that others may be added. */
export const XPATH = 'http://www.w3.org/TR/1999/REC-xpath-19991116'
/** Signs what an Object holds in base64. */
export const BASE64 = 'http://www.w3.org/2000/09/xmldsig#base64'
