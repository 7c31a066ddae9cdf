/**
 * `sign`: the bytes to be signed of one item or many, and what the person is shown of them.
 * @module
 */
import { ALGORITHM_NAMES, DIGESTS } from '../algorithms.ts'
import type { DigestName } from '../types.ts'
import * as limits from './limits.ts'
import {
  type NotificationType,
  type RequestType,
  certificateId,
  language,
  requestId,
  shortText,
} from './message-types.ts'
import { type Infer, bytes, integer, list, object, oneOf, optional, text } from './shape.ts'

const digestName = oneOf(Object.keys(DIGESTS) as DigestName[])

/** A document as the person is shown it, and its digest by the algorithm's own hash. */
export const shownDocument = object({
  name: text(limits.MAX_NAME_LENGTH),
  mediaType: shortText,
  size: integer(0, Number.MAX_SAFE_INTEGER),
  digest: object({ algorithm: digestName, value: bytes(64) }),
})
export type DocumentOnWire = Infer<typeof shownDocument>

const signItem = object({
  id: shortText,
  kind: oneOf([
    'cms-signed-attributes',
    'cms-countersignature',
    'xml-signed-info',
    'jws-signing-input',
  ]),
  algorithm: oneOf(ALGORITHM_NAMES),
  toBeSigned: bytes(limits.MAX_TO_BE_SIGNED_BYTES),
  /** `cms-countersignature` only: the signature that is signed, with what shows that it is one, and whose. */
  countersigned: optional(
    object({
      algorithm: oneOf(ALGORITHM_NAMES),
      certificate: bytes(limits.MAX_CERTIFICATE_BYTES),
      toBeSigned: bytes(limits.MAX_TO_BE_SIGNED_BYTES),
      value: bytes(limits.MAX_SIGNATURE_BYTES),
    }),
  ),
  /**
   * What the bytes to be signed name by digest alone. XML: the canonical bytes of what the signature says of itself
   * (SignedProperties of XAdES, an Object with the signing time). CMS: the canonical ASiCManifest that names the documents.
   */
  signedProperties: optional(bytes(limits.MAX_TO_BE_SIGNED_BYTES)),
  /** `xml-signed-info` of a Word, Excel or PowerPoint file: the canonical idOfficeObject, in which nothing may be said. */
  officeObject: optional(bytes(limits.MAX_TO_BE_SIGNED_BYTES)),
  document: shownDocument,
  /** Further documents that the same bytes name, in their order (several references of XML, sigD of JAdES, an ASiCManifest). */
  alsoSigned: optional(list(shownDocument, 1, limits.MAX_ITEMS)),
})
export type SignItem = Infer<typeof signItem>

/** Signs items under one consent and one PIN. Signatures come as `sign.progress`, in any order, before the answer. */
export const sign = {
  method: 'sign',
  direction: 'page-to-bridge',
  asksPerson: true,
  params: object({
    certificate: certificateId,
    items: list(signItem, 0, limits.MAX_ITEMS),
    /**
     * How many items come in `sign.items` messages of their own, for what does not fit one message; `items` is empty then, so
     * that a bridge that knows nothing of it refuses before it asks anybody. @since 0.2
     */
    more: optional(integer(1, limits.MAX_BATCH_ITEMS)),
    language: optional(language),
  }),
  result: object({ signed: integer(1, limits.MAX_BATCH_ITEMS) }),
} as const satisfies RequestType<unknown, unknown>

/** Items of a `sign` that has just been asked, in their order: nobody is asked before all are there. @since 0.2 */
export const signItems = {
  method: 'sign.items',
  direction: 'page-to-bridge',
  params: object({ request: requestId, items: list(signItem, 1, limits.MAX_ITEMS) }),
} as const satisfies NotificationType<unknown>
