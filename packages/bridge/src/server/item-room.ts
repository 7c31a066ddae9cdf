/**
 * What pages may have the bridge hold of items that come in several messages.
 * @module
 */
import { MAX_BATCH_BYTES, type SignItem } from '@trien/sdk/wire'

/** Room that several requests share. */
export interface ItemRoom {
  /** @returns false where there is no room */
  take(bytes: number): boolean
  release(bytes: number): void
}

/** Two of the largest requests. */
const ROOM_BYTES = 2 * MAX_BATCH_BYTES

/** For a document's name, its digest and what holds them. */
const DOCUMENT_BYTES = 512

export function createItemRoom(room: number = ROOM_BYTES): ItemRoom {
  let left = room
  return {
    take(bytes) {
      if (bytes > left) return false
      left -= bytes
      return true
    },
    release(bytes) {
      left += bytes
    },
  }
}

/** What an item takes of it. */
export function weigh({
  toBeSigned,
  signedProperties,
  officeObject,
  countersigned,
  alsoSigned,
}: SignItem): number {
  const { certificate, toBeSigned: signed, value } = countersigned ?? {}
  const parts = [toBeSigned, signedProperties, officeObject, certificate, signed, value]
  const bytes = parts.reduce((sum, part) => sum + (part?.length ?? 0), 0)
  return bytes + DOCUMENT_BYTES * (1 + (alsoSigned?.length ?? 0))
}
