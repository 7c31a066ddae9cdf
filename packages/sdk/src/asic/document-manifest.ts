/**
 * META-INF/manifest.xml, by which readers that know OpenDocument tell what each file of a container is.
 *
 * ```
 * manifest:manifest version                                      OpenDocument 1.2 part 3 §4, EN 319 162-1 §4.4.3.3
 *   manifest:file-entry full-path media-type …                   the container itself as "/", and each file, its name as it is
 * ```
 * @module
 */
import { type Bytes, encodeUtf8 } from '../bytes.ts'
import { escapeAttribute } from '../xml/escape.ts'
import { malformedXml } from '../xml/malformed.ts'
import { parseXml } from '../xml/parse.ts'

/** Where it lies. */
export const DOCUMENT_MANIFEST = 'META-INF/manifest.xml'
const NAMESPACE = 'urn:oasis:names:tc:opendocument:xmlns:manifest:1.0'

/** A file and what it is. */
export interface DescribedFile {
  readonly name: string
  readonly mediaType: string
}

/**
 * Writes it.
 * @param container what the whole is, as `mimetype` says
 */
export function encodeDocumentManifest(container: string, files: readonly DescribedFile[]): Bytes {
  const entries = [{ name: '/', mediaType: container }, ...files].map(
    ({ name, mediaType }) =>
      `<manifest:file-entry manifest:full-path="${escapeAttribute(name)}" manifest:media-type="${escapeAttribute(mediaType)}"/>`,
  )
  return encodeUtf8(
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
      `<manifest:manifest xmlns:manifest="${NAMESPACE}" manifest:version="1.2">${entries.join('')}</manifest:manifest>`,
  )
}

/**
 * Reads what files it says there are.
 * @returns media types by names
 * @throws {FormatError} FORMAT_MALFORMED, also where it says two things of one file; FORMAT_UNSUPPORTED as `parseXml`
 */
export async function parseDocumentManifest(
  bytes: Uint8Array,
): Promise<ReadonlyMap<string, string>> {
  const { elements } = await parseXml(bytes)
  const types = new Map<string, string>()
  for (const element of elements) {
    if (element.localName !== 'file-entry' || element.namespaceURI !== NAMESPACE) continue
    const name = element.getAttributeNS(NAMESPACE, 'full-path')
    const mediaType = element.getAttributeNS(NAMESPACE, 'media-type')
    if (!name || !mediaType) continue
    if (types.has(name)) throw malformedXml(0, 'each file once')
    types.set(name, mediaType)
  }
  return types
}
