/**
 * Signature dictionaries with room for what is not known yet (ISO 32000-2 Table 255, EN 319 142-1 §5.4.3, §6.3):
 *
 *     << /Type /Sig … /ByteRange [0 a b c]····· /Contents <000…000> >>
 *                                                         a        b
 * @module
 */
import { encodeUtf8 } from '../bytes.ts'
import { dict, name, type PdfDict, type PdfRaw, type PdfValue } from '../pdf/objects.ts'
import { encodeDate, encodeTextString } from '../pdf/text-string.ts'

/** What the dictionary says besides the signature. */
export interface SignatureText {
  readonly reason: string | undefined
  readonly location: string | undefined
  readonly name: string | undefined
  readonly signingTime: Date
}

/** Marks under which the writer tells where the room lies. */
export const MARK = { byteRange: 'ByteRange', contents: 'Contents' } as const

/** Room for three offsets of sixteen digits: what JavaScript counts exactly. */
const BYTE_RANGE_BYTES = '[0   ]'.length + 3 * 16

/** What the dictionary says apart from the signature itself. */
export type SignatureEntries = Readonly<Record<string, PdfValue | undefined>>

/**
 * Describes a person's signature.
 * @param references transforms such as FieldMDP; undefined where there are none
 */
export function describeSignature(
  text: SignatureText,
  references: PdfValue | undefined,
): SignatureEntries {
  const optional = (value: string | undefined): PdfValue | undefined =>
    value === undefined ? undefined : encodeTextString(value)
  return {
    Type: name('Sig'),
    Filter: name('Adobe.PPKLite'),
    SubFilter: name('ETSI.CAdES.detached'),
    M: encodeDate(text.signingTime),
    Name: optional(text.name),
    Reason: optional(text.reason),
    Location: optional(text.location),
    Reference: references,
  }
}

/**
 * Makes the dictionary.
 * @param contentsBytes room for the DER signature; two hexadecimal digits a byte
 */
export function createSignatureDictionary(
  entries: SignatureEntries,
  contentsBytes: number,
): PdfDict {
  return dict({
    ...entries,
    ByteRange: room(MARK.byteRange, encodeByteRange(0, 0, 0)),
    Contents: room(MARK.contents, encodeUtf8(`<${'0'.repeat(contentsBytes * 2)}>`)),
  })
}

function room(mark: string, bytes: Uint8Array): PdfRaw {
  return { kind: 'raw', bytes, mark }
}

/** Writes /ByteRange at its fixed width: everything but [gapStart, gapEnd). */
export function encodeByteRange(gapStart: number, gapEnd: number, fileBytes: number): Uint8Array {
  const text = `[0 ${gapStart} ${gapEnd} ${fileBytes - gapEnd}]`
  return encodeUtf8(text.padEnd(BYTE_RANGE_BYTES))
}
