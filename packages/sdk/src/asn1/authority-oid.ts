/**
 * Object identifiers of what authorities say, under the names that their standards give them: what pages that only sign
 * need not load.
 * @module
 */

/** RFC 5280 §4.2.1.2, §4.2.1.12. */
export const idCeSubjectKeyIdentifier = '2.5.29.14'
export const idCeExtKeyUsage = '2.5.29.37'

/** RFC 3161 §2.3, §2.4.2, appendix A. */
export const idKpTimeStamping = '1.3.6.1.5.5.7.3.8'
export const idCtTstInfo = '1.2.840.113549.1.9.16.1.4'
export const idAaTimeStampToken = '1.2.840.113549.1.9.16.2.14'

/** RFC 2634 §5.4: the certificate by its SHA-1 digest. */
export const idAaSigningCertificate = '1.2.840.113549.1.9.16.2.12'
