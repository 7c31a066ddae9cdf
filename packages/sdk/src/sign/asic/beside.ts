/**
 * A further CAdES signature in ASiC-S: the one CMS gets one more signer (EN 319 162-1 §4.3.3.2). Loaded only where there is
 * a signature already.
 * @module
 */
import { assertNotArchived } from '../../asic/archived.ts'
import { type AsicContainer, MAX_SIGNATURES_BYTES, listCades } from '../../asic/container.ts'
import { idData, idMessageDigest } from '../../asn1/oid.ts'
import { type Bytes, equalBytes } from '../../bytes.ts'
import { assertOpen } from '../../cms/assert-open.ts'
import { completeSigner } from '../../cms/complete.ts'
import { extendSignedData } from '../../cms/extend-signed-data.ts'
import { findValue, parseAttributes, parseSignedData } from '../../cms/parse.ts'
import { findDigest } from '../../cms/signature-scheme.ts'
import { encodeSignerInfo } from '../../cms/signed-data.ts'
import { FormatError } from '../../errors.ts'
import { type ZipEntry, digestEntry, readEntry } from '../../zip/archive.ts'
import { malformedZip } from '../../zip/malformed.ts'
import type { PreparedAsic } from './options.ts'

/**
 * Reads the CMS that is there, which must be over the file as it is.
 * @throws {FormatError} FORMAT_MALFORMED; FORMAT_UNSUPPORTED where the content lies inside; FORMAT_CHANGED where a signer
 *   signed another file; FORMAT_NOT_ALLOWED {rule: archived} where an archive manifest is over the CMS, or an old archive
 *   time stamp or an evidence record
 */
export async function readBefore({ archive, files }: AsicContainer): Promise<{
  readonly signatureName: string
  readonly before: Bytes
}> {
  const [entry, ...others] = listCades(archive)
  if (entry === undefined || others.length > 0) throw malformedZip('one signature file in ASiC-S')
  await assertNotArchived(archive, entry.name)
  const before = await readEntry(archive, entry, MAX_SIGNATURES_BYTES)
  const parts = parseSignedData(before, 'signature')
  assertOpen(parts)
  const { content, contentType, signerInfos } = parts
  if (content !== undefined || contentType !== idData) {
    const details = { feature: 'CMS with content inside, in ASiC-S' }
    throw new FormatError('FORMAT_UNSUPPORTED', { details })
  }
  for (const { digestAlgorithm, signedAttributes } of signerInfos) {
    const name = findDigest(digestAlgorithm)
    const claimed = findValue(parseAttributes(signedAttributes), idMessageDigest)?.contents
    if (name === undefined || claimed === undefined) continue
    const actual = await digestEntry(archive, files[0] as ZipEntry, name)
    if (!equalBytes(claimed, actual)) throw new FormatError('FORMAT_CHANGED')
  }
  return { signatureName: entry.name, before }
}

/**
 * Adds the signer to that CMS.
 * @throws {TokenError} TOKEN_SIGNATURE_INVALID
 */
export async function addBeside(
  prepared: PreparedAsic,
  signatureValue: Uint8Array,
  before: Uint8Array,
): Promise<Bytes> {
  const signer = await completeSigner({ ...prepared, chain: prepared.state.chain }, signatureValue)
  const parts = parseSignedData(before, 'signature')
  const others = parts.signerInfos.map(({ signerInfo }) => signerInfo.bytes)
  return extendSignedData(parts, signer, [...others, encodeSignerInfo(signer)])
}
