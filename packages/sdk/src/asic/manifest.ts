/**
 * ASiCManifest: which files a signature, or a time stamp, is over.
 *
 * ```
 * ASiCManifest                                                                                 EN 319 162-1 §A.4
 *   SigReference URI MimeType          what signs or stamps this very file
 *   DataObjectReference URI MimeType?  a file
 *     DigestMethod, DigestValue
 * ```
 *
 * It is written in canonical form (Canonical XML 1.0), in which a bridge can read it in one way only.
 * @module
 */
import { encodeBase64 } from '../base64.ts'
import { type Bytes, encodeUtf8 } from '../bytes.ts'
import type { DigestName } from '../types.ts'
import { escapeAttribute } from '../xml/escape.ts'

/** One file. */
export interface ManifestReference {
  readonly name: string
  readonly mediaType: string | undefined
  readonly digest: { readonly algorithm: DigestName; readonly value: Uint8Array }
  /** The archive manifest before this one. */
  readonly isRoot?: boolean
}

/** EN 319 162-1 §A.1. */
export const ASIC = 'http://uri.etsi.org/02918/v1.2.1#'
const DSIG = 'http://www.w3.org/2000/09/xmldsig#'
const DIGEST_METHODS: Readonly<Record<DigestName, string>> = {
  'SHA-256': 'http://www.w3.org/2001/04/xmlenc#sha256',
  'SHA-384': 'http://www.w3.org/2001/04/xmldsig-more#sha384',
  'SHA-512': 'http://www.w3.org/2001/04/xmlenc#sha512',
}

/**
 * Writes a manifest.
 * @param by who refers to it: a name in the container, and what it is
 */
export function encodeManifest(
  by: { readonly name: string; readonly mediaType: string },
  references: readonly ManifestReference[],
): Bytes {
  const head = `<asic:SigReference${attributes(by.name, by.mediaType)}></asic:SigReference>`
  const list = references.map(
    ({ name, mediaType, digest, isRoot }) =>
      `<asic:DataObjectReference${attributes(name, mediaType, isRoot)}>` +
      `<ds:DigestMethod Algorithm="${DIGEST_METHODS[digest.algorithm]}"></ds:DigestMethod>` +
      `<ds:DigestValue>${encodeBase64(digest.value)}</ds:DigestValue></asic:DataObjectReference>`,
  )
  return encodeUtf8(
    `<asic:ASiCManifest xmlns:asic="${ASIC}" xmlns:ds="${DSIG}">${head}${list.join('')}</asic:ASiCManifest>`,
  )
}

/** A path as a relative reference: each step percent-encoded, a space as %20 and never as `+` (RFC 3986 §2.1). */
export function encodePath(name: string): string {
  return name.split('/').map(encodeURIComponent).join('/')
}

function attributes(name: string, mediaType: string | undefined, isRoot = false): string {
  const type = mediaType === undefined ? '' : ` MimeType="${escapeAttribute(mediaType)}"`
  const root = isRoot ? ' Rootfile="true"' : ''
  return `${type}${root} URI="${escapeAttribute(encodePath(name))}"`
}
