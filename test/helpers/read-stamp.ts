/** The time stamp in a signed PDF as its reader meets it. */
import type { Bytes } from '@trien/sdk/bytes'
import { digestBytes } from '@trien/sdk/digest'
import { idAaTimeStampToken } from '../../packages/sdk/src/asn1/authority-oid.ts'
import { findValue, parseAttributes, parseSignedData } from '../../packages/sdk/src/cms/parse.ts'
import { nameOf } from '../../packages/sdk/src/pdf/objects.ts'
import { isStampOf, readTimestamp } from '../../packages/sdk/src/trust/timestamp-token.ts'
import { covered, readSigned } from './read-signed-pdf.ts'

/**
 * Whether the last signature of a file, which must be over all of it, has a stamp that is over its value; undefined
 * where it has none.
 */
export async function stampIn(file: Bytes): Promise<boolean | undefined> {
  const dictionary = (await readSigned(file)).signatures.at(-1)
  const { contents } = covered(file, dictionary!)
  // Longer than 255 octets and shorter than 65,536, as every signature with a certificate is.
  const length = 4 + (contents[2]! << 8) + contents[3]!
  const [info] = parseSignedData(contents.subarray(0, length), 'signature').signerInfos
  const token = findValue(parseAttributes(info!.unsignedAttributes), idAaTimeStampToken)
  if (token === undefined) return undefined
  const value = await digestBytes('SHA-256', info!.signature)
  return isStampOf(await readTimestamp(token.bytes), { digest: 'SHA-256', value })
}

/** Whether the file ends with a document time stamp that is over all of it but its own gap. */
export async function documentStampIn(file: Bytes): Promise<boolean> {
  const stamps = (await readSigned(file)).signatures.filter(
    (dictionary) => nameOf(dictionary?.entries.get('Type')) === 'DocTimeStamp',
  )
  const { signed, contents } = covered(file, stamps.at(-1)!)
  const length = 4 + (contents[2]! << 8) + contents[3]!
  const value = await digestBytes('SHA-256', signed)
  const stamp = await readTimestamp(contents.subarray(0, length))
  return isStampOf(stamp, { digest: 'SHA-256', value })
}
