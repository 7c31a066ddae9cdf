/**
 * Object identifiers of signatures on signatures, under the names that their standards give them: what pages that only
 * sign documents need not load.
 * @module
 */

/** RFC 5652 §11.4. */
export const idCountersignature = '1.2.840.113549.1.9.6'

/**
 * Archive time stamps over the whole of what they found, which nothing can be added to any more: RFC 5126 §6.4.1, of
 * TS 101 733 before version 1.7 and after.
 */
export const idAaEtsArchiveTimestamp = '1.2.840.113549.1.9.16.2.27'
export const idAaEtsArchiveTimestampV2 = '1.2.840.113549.1.9.16.2.48'

/** RFC 4998 appendix A: evidence records, over the whole CMS as it was written. */
export const idAaErInternal = '1.2.840.113549.1.9.16.2.49'
export const idAaErExternal = '1.2.840.113549.1.9.16.2.50'
