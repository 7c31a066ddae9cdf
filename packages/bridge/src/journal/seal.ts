/**
 * One line of JSON that carries its own signature as its last field.
 *
 * ```
 * {"n":7,"prev":"…","time":"…","kind":"asked", … ,"signature":"<86 characters: Ed25519, base64url>"}
 * └──────── signed, as these very bytes ────────┘└──────────── of one fixed length ──────────────┘
 * ```
 *
 * The signature is of one length, so that what was signed is found by counting from the end and is never written anew.
 * @module
 */
import { encodeBase64url, parseBase64url } from '@trien/sdk/bytes'
import type { Identity } from '../identity.ts'

const OPENING = ',"signature":"'
const SIGNATURE_LENGTH = 86
const TAIL_LENGTH = OPENING.length + SIGNATURE_LENGTH + '"}'.length

/** What came of reading: the value, or why it is not believed. */
export type Unsealed =
  { readonly value: unknown } | { readonly fault: 'unreadable' | 'not-signed-here' }

/** Writes an object as a sealed line, without a line end. */
export function seal(value: object, context: string, identity: Identity): string {
  const text = JSON.stringify(value).slice(0, -1)
  const signature = identity.sign(context, Buffer.from(text, 'utf8'))
  return `${text}${OPENING}${encodeBase64url(signature)}"}`
}

/** Reads a sealed line. What is signed was written by this program, so that its shape may be relied on. */
export function unseal(line: Uint8Array, context: string, identity: Identity): Unsealed {
  const bytes = Buffer.from(line)
  const cut = bytes.length - TAIL_LENGTH
  if (cut < 1) return { fault: 'unreadable' }
  const tail = bytes.subarray(cut).toString('latin1')
  const signature = parseBase64url(tail.slice(OPENING.length, -2))
  const isTail = tail.startsWith(OPENING) && tail.endsWith('"}')
  if (!isTail || signature === undefined) return { fault: 'unreadable' }
  if (!identity.isSignedBy(context, bytes.subarray(0, cut), signature)) {
    return { fault: 'not-signed-here' }
  }
  return { value: JSON.parse(`${bytes.subarray(0, cut).toString('utf8')}}`) }
}
