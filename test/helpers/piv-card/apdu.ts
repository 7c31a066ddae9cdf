/**
 * Commands to a card and its answers (ISO/IEC 7816-3 §12.1, 7816-4 §5.1): short and extended lengths, command chaining,
 * and answers that are fetched in portions.
 * @module
 */

/** A command, its length fields read. */
export interface Command {
  readonly ins: number
  readonly p1: number
  readonly p2: number
  readonly data: Buffer
  /** More of the same command follows (CLA bit 5). */
  readonly isChained: boolean
  /** How much the reader has room for. */
  readonly room: number
}

/** What a card makes of a command. */
export interface Answer {
  readonly data?: Buffer
  readonly status: number
}

/** Status words (ISO/IEC 7816-4 §5.1.3, NIST SP 800-73-4 part 2). */
export const SW = {
  success: 0x9000,
  securityNotSatisfied: 0x6982,
  pinBlocked: 0x6983,
  wrongData: 0x6a80,
  notFound: 0x6a82,
  wrongParameters: 0x6a86,
  referenceNotFound: 0x6a88,
  instructionUnknown: 0x6d00,
} as const

const GET_RESPONSE = 0xc0

/** Reads a command. @throws {RangeError} where it is cut short */
export function parseCommand(bytes: Buffer): Command {
  const { data, room } = parseBody(bytes.subarray(4))
  return {
    ins: bytes.readUInt8(1),
    p1: bytes.readUInt8(2),
    p2: bytes.readUInt8(3),
    isChained: (bytes.readUInt8(0) & 0x10) !== 0,
    data,
    room,
  }
}

/** Lc, data and Le in their short form, or in the extended one, which begins with a zero that is not alone. */
function parseBody(body: Buffer): { data: Buffer; room: number } {
  if (body.length === 0) return { data: body, room: 256 }
  if (body.length === 1) return { data: body.subarray(1), room: body.readUInt8(0) || 256 }
  if (body.readUInt8(0) !== 0) {
    const end = 1 + body.readUInt8(0)
    const data = body.subarray(1, end)
    return { data, room: (body.length > end ? body.readUInt8(end) : 0) || 256 }
  }
  if (body.length === 3) return { data: body.subarray(3), room: body.readUInt16BE(1) || 65_536 }
  const end = 3 + body.readUInt16BE(1)
  const data = body.subarray(3, end)
  return { data, room: (body.length > end ? body.readUInt16BE(end) : 0) || 65_536 }
}

/** Puts chained commands together and hands long answers out in portions. */
export interface Channel {
  /** @returns undefined where the card gives no answer */
  exchange(bytes: Buffer): Promise<Buffer | undefined>
  reset(): void
}

/** Opens a channel to what executes whole commands. */
export function createChannel(execute: (command: Command) => Promise<Answer | undefined>): Channel {
  let begun: Buffer[] = []
  let waiting: Buffer = Buffer.alloc(0)

  function portion(room: number, status: number): Buffer {
    const now = waiting.subarray(0, room)
    waiting = waiting.subarray(room)
    const left = waiting.length
    // 61xx: so many are left; 00 stands for 256 and more.
    return encodeAnswer(now, left === 0 ? status : 0x6100 | (left > 0xff ? 0 : left))
  }

  return {
    async exchange(bytes) {
      const command = parseCommand(bytes)
      if (command.ins === GET_RESPONSE) return portion(command.room, SW.success)
      begun.push(command.data)
      if (command.isChained) return encodeAnswer(Buffer.alloc(0), SW.success)
      const data = Buffer.concat(begun)
      begun = []
      const answer = await execute({ ...command, data })
      if (answer === undefined) return undefined
      waiting = answer.data ?? Buffer.alloc(0)
      return portion(command.room, answer.status)
    },
    reset() {
      begun = []
      waiting = Buffer.alloc(0)
    },
  }
}

function encodeAnswer(data: Buffer, status: number): Buffer {
  return Buffer.concat([data, Buffer.of(status >> 8, status & 0xff)])
}
