/**
 * What an archive time stamp is over.
 *
 * ```
 * what was signed '.' protected '.' signature '.' etsiU[0] etsiU[1] …                      TS 119 182-1 §5.3.6.3.1
 *   what was signed   the payload as it was signed; with sigD, the documents one behind the other, each in base64url
 *                     unless b64 is false
 * ```
 * @module
 */
import { encodeUtf8 } from '../bytes.ts'
import { FormatError } from '../errors.ts'
import type { DocumentInput } from '../types.ts'
import { parseEtsiU } from './etsi-u.ts'
import type { JwsSignature } from './jws.ts'

/**
 * Lays out what is to be hashed.
 * @param signed what was signed, as it was signed
 * @throws {FormatError} FORMAT_UNSUPPORTED where etsiU is in the clear: JSON has no canonical form that is fixed for it
 */
export function layOutArchive(
  signed: readonly DocumentInput[],
  signature: JwsSignature,
): readonly DocumentInput[] {
  const components = parseEtsiU(signature).map(({ text }) => {
    if (text !== undefined) return text
    throw new FormatError('FORMAT_UNSUPPORTED', { details: { feature: 'etsiU in the clear' } })
  })
  const tail = `.${signature.protected}.${signature.signature}.${components.join('')}`
  return [...signed, encodeUtf8(tail)]
}
