/**
 * Object identifiers of what authorities say, under the names that their standards give them: what pages that only sign
 * need not load.
 * @module
 */

/** RFC 5280 §4.2.1.2, §4.2.1.9, §4.2.1.12, §4.2.1.13. */
export const idCeSubjectKeyIdentifier = '2.5.29.14'
export const idCeBasicConstraints = '2.5.29.19'
export const idCeExtKeyUsage = '2.5.29.37'
export const idCeCrlDistributionPoints = '2.5.29.31'

/** RFC 5280 §4.2.2.1. */
export const idPeAuthorityInfoAccess = '1.3.6.1.5.5.7.1.1'
export const idAdOcsp = '1.3.6.1.5.5.7.48.1'
export const idAdCaIssuers = '1.3.6.1.5.5.7.48.2'

/** RFC 5280 §5.2.1, §5.2.3, §5.2.4, §5.2.5, §5.3.1. */
export const idCeAuthorityKeyIdentifier = '2.5.29.35'
export const idCeCrlNumber = '2.5.29.20'
export const idCeDeltaCrlIndicator = '2.5.29.27'
export const idCeIssuingDistributionPoint = '2.5.29.28'
export const idCeCrlReasons = '2.5.29.21'

/** RFC 6960 §4.2.1, §4.4.1, §4.2.2.2, §4.2.2.2.1. */
export const idPkixOcspBasic = '1.3.6.1.5.5.7.48.1.1'
export const idPkixOcspNonce = '1.3.6.1.5.5.7.48.1.2'
export const idPkixOcspNocheck = '1.3.6.1.5.5.7.48.1.5'
export const idKpOcspSigning = '1.3.6.1.5.5.7.3.9'

/** RFC 3161 §2.3, §2.4.2, appendix A. */
export const idKpTimeStamping = '1.3.6.1.5.5.7.3.8'
export const idCtTstInfo = '1.2.840.113549.1.9.16.1.4'
export const idAaTimeStampToken = '1.2.840.113549.1.9.16.2.14'

/** RFC 2634 §5.4: the certificate by its SHA-1 digest. */
export const idAaSigningCertificate = '1.2.840.113549.1.9.16.2.12'

/** RFC 3279 §2.2.1: what names and keys are known by in protocols, not what anything is signed with. */
export const idSha1 = '1.3.14.3.2.26'

/** RFC 5940 §2.1; EN 319 122-1 §5.5.2, §5.5.3; RFC 5126 §5.11.4. */
export const idRiOcspResponse = '1.3.6.1.5.5.7.16.2'
export const idAaAtsHashIndexV3 = '0.4.0.19122.1.5'
export const idAaEtsArchiveTimestampV3 = '0.4.0.1733.2.4'
export const idAaEtsContentTimestamp = '1.2.840.113549.1.9.16.2.20'
