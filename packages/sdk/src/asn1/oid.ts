/**
 * Object identifiers under the names that their standards give them. Those of signature algorithms and digests are in
 * the registry, `algorithms.ts`.
 * @module
 */

/** RFC 8017 appendix C, RFC 5480 §2.1.1. */
export const rsaEncryption = '1.2.840.113549.1.1.1'
export const idRsassaPss = '1.2.840.113549.1.1.10'
export const idMgf1 = '1.2.840.113549.1.1.8'
export const idEcPublicKey = '1.2.840.10045.2.1'

/** RFC 5652 §4, §5.1, §11. */
export const idData = '1.2.840.113549.1.7.1'
export const idSignedData = '1.2.840.113549.1.7.2'
export const idContentType = '1.2.840.113549.1.9.3'
export const idMessageDigest = '1.2.840.113549.1.9.4'
export const idSigningTime = '1.2.840.113549.1.9.5'

/** RFC 5035 §3. */
export const idAaSigningCertificateV2 = '1.2.840.113549.1.9.16.2.47'

/** RFC 5280 §4.2.1.3. */
export const idCeKeyUsage = '2.5.29.15'
