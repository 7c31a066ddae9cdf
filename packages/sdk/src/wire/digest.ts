/**
 * `digest.sign`: for portals whose server builds the container, and sends a page nothing but a digest.
 * @module
 */
import { ALGORITHM_NAMES } from '../algorithms.ts'
import * as limits from './limits.ts'
import { type RequestType, certificateId, language, shortText } from './message-types.ts'
import { type Infer, bytes, integer, list, object, oneOf, optional, text } from './shape.ts'

const digestItem = object({
  id: shortText,
  algorithm: oneOf(ALGORITHM_NAMES),
  /** What is signed: by the algorithm's own hash. The bridge cannot know of what. */
  digest: bytes(64),
  /** What the page calls it; nothing of it can be compared. */
  document: object({
    name: text(limits.MAX_NAME_LENGTH),
    mediaType: shortText,
    size: integer(0, Number.MAX_SAFE_INTEGER),
  }),
})
export type DigestItem = Infer<typeof digestItem>

/**
 * Signs bare digests: only for origins that the machine's administrator names, and the person is told that the bridge
 * cannot see what is signed. Signatures come as with `sign`.
 */
export const signDigests = {
  method: 'digest.sign',
  direction: 'page-to-bridge',
  asksPerson: true,
  params: object({
    certificate: certificateId,
    items: list(digestItem, 1, limits.MAX_ITEMS),
    language: optional(language),
  }),
  result: object({ signed: integer(1, limits.MAX_ITEMS) }),
} as const satisfies RequestType<unknown, unknown>
