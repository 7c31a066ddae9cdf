/**
 * How a JWS says what its payload is.
 * @module
 */

/** Leaves `application/` out where no other `/` follows, as recommended (RFC 7515 §4.1.10). */
export function encodeContentType(mediaType: string): string {
  const prefix = 'application/'
  const rest = mediaType.slice(prefix.length)
  return mediaType.startsWith(prefix) && rest !== '' && !rest.includes('/') ? rest : mediaType
}

/** The media type that a content type stands for (RFC 7515 §4.1.10); undefined of none. */
export function decodeContentType(contentType: string | undefined): string | undefined {
  return contentType === undefined || contentType.includes('/')
    ? contentType
    : `application/${contentType}`
}
