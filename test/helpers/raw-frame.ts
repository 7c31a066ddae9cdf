/**
 * One WebSocket frame as octets, right or wrong in whatever way (RFC 6455 §5.2).
 * @module
 */

export interface FrameParts {
  /** Default a whole message. */
  readonly fin?: boolean
  /** The three reserved bits, 0 to 7; 4 says that the payload is compressed. */
  readonly reserved?: number
  /** 1 text, 2 binary, 0 continuation, 8 close, 9 ping, 10 pong. */
  readonly opcode?: number
  readonly payload?: string | Uint8Array
  /** Four octets; null for a frame that is not masked. */
  readonly mask?: readonly number[] | null
  /** The length that the head announces, default that of the payload. */
  readonly announced?: bigint
  /** Octets of the length beyond the first: 0, 2 or 8; default as few as will do. */
  readonly lengthOctets?: 0 | 2 | 8
}

export function encodeFrame(parts: FrameParts): Buffer {
  const { fin = true, reserved = 0, opcode = 1, payload = '', mask = [1, 2, 3, 4] } = parts
  const body = Buffer.from(payload as string)
  const announced = parts.announced ?? BigInt(body.length)
  const lengthOctets = parts.lengthOctets ?? fewestOctets(announced)
  const first = (fin ? 0x80 : 0) | (reserved << 4) | opcode
  const short = lengthOctets === 0 ? Number(announced) : lengthOctets === 2 ? 126 : 127
  const length = Buffer.alloc(8)
  length.writeBigUInt64BE(announced)
  const head = [first, (mask === null ? 0 : 0x80) | short, ...length.subarray(8 - lengthOctets)]
  const masked = mask === null ? body : body.map((octet, index) => octet ^ mask[index % 4]!)
  return Buffer.concat([Buffer.from(head), Buffer.from(mask ?? []), masked])
}

function fewestOctets(length: bigint): 0 | 2 | 8 {
  return length < 126n ? 0 : length < 65_536n ? 2 : 8
}
