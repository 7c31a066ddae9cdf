/**
 * What GET DATA reads from a PIV card without a PIN (NIST SP 800-73-4 part 1 §3 and appendix A).
 * @module
 */
import { randomBytes } from 'node:crypto'
import type { PivKey } from './keys.ts'
import { encodeTlv } from './tlv.ts'

/** PIX of the PIV application, version 1.0 (part 2 §2.2). */
export const PIV_PIX = Buffer.from('000010000100', 'hex')
export const NIST_RID = Buffer.from('a000000308', 'hex')

/** FASC-N of a card that no agency issued; 25 octets, made of digits with parity. */
const FASC_N = Buffer.from('d4e739da739ced39ce739d836858210842108421c84210c3eb', 'hex')
const EMPTY = Buffer.alloc(0)

/** The card's objects by their tag. */
export function createPivObjects(keys: readonly PivKey[]): ReadonlyMap<string, Buffer> {
  return new Map([
    ['5fc102', encodeHolderIdentifier()],
    ['7e', encodeDiscovery()],
    ...keys.map(({ objectTag, issued }): [string, Buffer] => [
      objectTag,
      encodeTlv(
        '53',
        encodeTlv('70', issued.certificate),
        // Not compressed.
        encodeTlv('71', Buffer.of(0)),
        encodeTlv('fe', EMPTY),
      ),
    ]),
  ])
}

/** CHUID: its GUID is what tells one card from another. */
function encodeHolderIdentifier(): Buffer {
  return encodeTlv(
    '53',
    encodeTlv('30', FASC_N),
    encodeTlv('34', randomBytes(16)),
    encodeTlv('35', Buffer.from('20401231')),
    encodeTlv('3e', EMPTY),
    encodeTlv('fe', EMPTY),
  )
}

/** Discovery object: only the application's own PIN, no global one. */
function encodeDiscovery(): Buffer {
  const application = encodeTlv('4f', NIST_RID, PIV_PIX)
  return encodeTlv('7e', application, encodeTlv('5f2f', Buffer.of(0x40, 0x00)))
}
