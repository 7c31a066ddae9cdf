/**
 * BER-TLV as cards write it (ISO/IEC 7816-4 §5.2.2): tags of one or more octets, named in hexadecimal.
 * @module
 */

/** One element. */
export interface Tlv {
  readonly tag: string
  readonly value: Buffer
}

/** Encodes one element. @param tag in hexadecimal, as `5f2f` */
export function encodeTlv(tag: string, ...parts: readonly Uint8Array[]): Buffer {
  const value = Buffer.concat(parts)
  return Buffer.concat([Buffer.from(tag, 'hex'), encodeLength(value.length), value])
}

/** Reads elements that stand side by side. @throws {RangeError} where the last is cut short */
export function parseTlvs(bytes: Uint8Array): readonly Tlv[] {
  const buffer = Buffer.from(bytes)
  const found: Tlv[] = []
  let offset = 0
  while (offset < buffer.length) {
    const tagStart = offset
    if ((buffer.readUInt8(offset++) & 0x1f) === 0x1f) {
      while ((buffer.readUInt8(offset++) & 0x80) !== 0);
    }
    const tag = buffer.toString('hex', tagStart, offset)
    let length = buffer.readUInt8(offset++)
    if (length > 0x80) {
      const octets = length & 0x7f
      length = buffer.readUIntBE(offset, octets)
      offset += octets
    }
    if (offset + length > buffer.length) throw new RangeError(`tlv: ${tag} is cut short`)
    found.push({ tag, value: buffer.subarray(offset, offset + length) })
    offset += length
  }
  return found
}

function encodeLength(length: number): Buffer {
  if (length < 0x80) return Buffer.of(length)
  return length < 0x100 ? Buffer.of(0x81, length) : Buffer.of(0x82, length >> 8, length & 0xff)
}
