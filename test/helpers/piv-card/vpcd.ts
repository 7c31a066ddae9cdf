/**
 * A card's end of vpcd's protocol: frames of a two-octet length over TCP. A frame of one octet is the reader's own
 * word, any other is a command for the card. The card is in the reader for as long as the connection stands.
 * @module
 */
import { once } from 'node:events'
import { type Socket, connect } from 'node:net'
import type { Channel } from './apdu.ts'

/** The reader's own words; off, on and reset differ only for a card that has power to lose. */
const GET_ATR = 4

/** A card in a reader. */
export interface Inserted {
  /** Resolves when the reader has asked what kind of card this is. */
  readonly noticed: Promise<void>
  /** Pulls it out; resolves when the reader has noticed. */
  remove(): Promise<void>
}

/**
 * Puts a card into the reader.
 * @param atr what it says of itself at power-up
 * @throws where no reader listens
 */
export async function insertCard(port: number, atr: Buffer, card: Channel): Promise<Inserted> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  await once(socket, 'connect')
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  // The reader may go first; then there is nothing left to be told.
  socket.on('error', () => undefined)
  const noticed = new Promise<void>((resolve) => {
    serve(socket, async (frame) => {
      if (frame.length !== 1) return card.exchange(frame)
      if (frame.readUInt8(0) === GET_ATR) {
        resolve()
        return atr
      }
      card.reset()
      return undefined
    })
  })
  return {
    noticed,
    async remove() {
      // The reader closes its end when it finds the card gone.
      socket.end()
      card.reset()
      await closed
    },
  }
}

function serve(socket: Socket, answer: (frame: Buffer) => Promise<Buffer | undefined>): void {
  let received = Buffer.alloc(0)
  let last: Promise<void> = Promise.resolve()
  const reply = async (frame: Buffer): Promise<void> => {
    const bytes = await answer(frame)
    if (bytes === undefined || !socket.writable) return
    socket.write(Buffer.concat([Buffer.of(bytes.length >> 8, bytes.length & 0xff), bytes]))
  }
  socket.on('data', (chunk) => {
    received = Buffer.concat([received, chunk])
    while (received.length >= 2 && received.length >= 2 + received.readUInt16BE(0)) {
      const end = 2 + received.readUInt16BE(0)
      const frame = Buffer.from(received.subarray(2, end))
      received = received.subarray(end)
      last = last.then(() => reply(frame))
      // A command that we cannot read is our bug: let the card fall silent, and the test say why.
      last.catch((error: unknown) => socket.destroy(error as Error))
    }
  })
}
