/**
 * The second half: the value is put in its place, and the file is read once more as its receivers will read it.
 * @module
 */
import type { Algorithm } from '../algorithms.ts'
import { encodeBase64 } from '../base64.ts'
import { type Bytes, equalBytes } from '../bytes.ts'
import { digestBytes } from '../digest.ts'
import { FormatError } from '../errors.ts'
import { type XmlEdit, applyEdit } from '../xml/insert.ts'
import { parseXml } from '../xml/parse.ts'
import { canonicalizeSignedInfo, findAt } from './prepare.ts'
import { followReference, isInFile, readReferences } from './references.ts'
import type { SignatureText } from './signature-text.ts'

/** What was prepared, and its value. */
export interface SignatureToComplete {
  readonly source: Uint8Array
  readonly place: XmlEdit
  readonly text: SignatureText
  readonly algorithm: Algorithm
  readonly toBeSigned: Uint8Array
  /** As XML Signature has it: RSA's octets, or ECDSA's r‖s; checked by the caller. */
  readonly signatureValue: Uint8Array
}

/**
 * Puts the signature into the file.
 * @returns a fresh array: the file, byte for byte, with the signature in it
 * @throws {FormatError} FORMAT_CHANGED where the file is not what was prepared
 */
export async function completeSignature(prepared: SignatureToComplete): Promise<Bytes> {
  const { source, place, text, signatureValue } = prepared
  const signature = text.head + encodeBase64(signatureValue) + text.tail
  const signed = applyEdit(source, place, signature)
  await assertReadsAsPrepared(signed, prepared)
  return signed
}

async function assertReadsAsPrepared(
  signed: Uint8Array,
  { place, algorithm, toBeSigned }: SignatureToComplete,
): Promise<void> {
  const xml = await parseXml(signed)
  const signature = findAt(xml, signed, place)
  let isSame = equalBytes(canonicalizeSignedInfo(signature), toBeSigned)
  for (const reference of readReferences(signature)) {
    if (!isInFile(reference)) continue
    const value = await digestBytes(
      algorithm.digest,
      followReference(xml, reference, { signature }),
    )
    isSame &&= encodeBase64(value) === reference.digestValue.textContent
  }
  if (!isSame) throw new FormatError('FORMAT_CHANGED')
}
