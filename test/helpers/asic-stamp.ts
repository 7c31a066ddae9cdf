/**
 * Whether a CAdES signature in a container has its time stamp.
 * @module
 */
import { idAaTimeStampToken } from '../../packages/sdk/src/asn1/authority-oid.ts'
import { findValue, parseAttributes, parseSignedData } from '../../packages/sdk/src/cms/parse.ts'
import { readIn } from './read-zip.ts'

/** @param name of the .p7s; asked of its first signer */
export const isStamped = async (zip: Uint8Array | Blob, name: string) => {
  const [one] = parseSignedData(await readIn(zip, name), 'signature').signerInfos
  return findValue(parseAttributes(one!.unsignedAttributes), idAaTimeStampToken) !== undefined
}
