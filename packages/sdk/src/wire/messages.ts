/**
 * The method table of protocol 1: JSON-RPC 2.0, one message a text frame, binary values base64url.
 *
 * A message is one value that holds its name, its direction and the shapes of what it carries. Added fields are
 * optional and say `@since`; a removed one takes a new protocol number.
 * @module
 */
import { ALGORITHM_NAMES, DIGESTS } from '../algorithms.ts'
import type { DigestName } from '../types.ts'
import * as limits from './limits.ts'
import {
  type Infer,
  type Shape,
  boolean,
  bytes,
  integer,
  list,
  object,
  oneOf,
  optional,
  text,
} from './shape.ts'

/** A question of the page that the bridge answers. */
export interface RequestType<Params, Result> {
  readonly method: string
  readonly direction: 'page-to-bridge'
  /** Whether a person is asked on the way; decides the deadline. */
  readonly asksPerson: boolean
  readonly params: Shape<Params>
  readonly result: Shape<Result>
}

/** A word that nobody answers. */
export interface NotificationType<Params> {
  readonly method: string
  readonly direction: 'page-to-bridge' | 'bridge-to-page'
  readonly params: Shape<Params>
}

const version = integer(1, 1000)
const shortText = text(100)
const name = text(limits.MAX_NAME_LENGTH)
const digestName = oneOf(Object.keys(DIGESTS) as DigestName[])
/** Language of the page, for the prompt. */
const language = oneOf(['vi', 'en'])
const requestId = integer(1, Number.MAX_SAFE_INTEGER)
const certificateDer = bytes(limits.MAX_CERTIFICATE_BYTES)

/** The first message on a socket. Tells nothing of the machine, the person or the tokens. */
export const hello = {
  method: 'hello',
  direction: 'page-to-bridge',
  asksPerson: false,
  params: object({ versions: list(version, 1, 16), sdk: shortText }),
  result: object({ version, bridge: shortText }),
} as const satisfies RequestType<unknown, unknown>

const listedCertificate = object({
  /** Stable while the token stays: SHA-256 of the certificate's DER. */
  id: bytes(32),
  certificate: certificateDer,
  /** Issuers found on the token, the issuer of `certificate` first. */
  chain: list(certificateDer, 0, 8),
  /** What key and token can do together, the preferred first. */
  algorithms: list(oneOf(ALGORITHM_NAMES), 1, ALGORITHM_NAMES.length),
  /** What the bridge read in the certificate, so that a page can show it without an ASN.1 parser. Nothing to rely on. */
  summary: object({
    /** Common name of the subject. */
    holder: name,
    organization: optional(name),
    /** Common name of the issuer. */
    issuer: name,
    /** Upper-case hexadecimal. */
    serialNumber: shortText,
    /** ISO 8601, UTC. */
    notBefore: text(30),
    notAfter: text(30),
    /** Whether key usage lets the key sign documents (digitalSignature or nonRepudiation, or no key usage at all). */
    signsDocuments: boolean,
  }),
  token: object({ label: shortText, manufacturer: shortText, serial: shortText }),
})
export type ListedCertificate = Infer<typeof listedCertificate>

/** Certificates whose private key is at hand. The person is asked once per origin. */
export const listCertificates = {
  method: 'certificates.list',
  direction: 'page-to-bridge',
  asksPerson: true,
  params: object({ language: optional(language) }),
  result: object({ certificates: list(listedCertificate, 0, limits.MAX_CERTIFICATES) }),
} as const satisfies RequestType<unknown, unknown>

const signItem = object({
  id: shortText,
  kind: oneOf(['cms-signed-attributes']),
  algorithm: oneOf(ALGORITHM_NAMES),
  toBeSigned: bytes(limits.MAX_TO_BE_SIGNED_BYTES),
  document: object({
    name: text(limits.MAX_NAME_LENGTH),
    mediaType: shortText,
    size: integer(0, Number.MAX_SAFE_INTEGER),
    digest: object({ algorithm: digestName, value: bytes(64) }),
  }),
})
export type SignItem = Infer<typeof signItem>

/** Signs items under one consent and one PIN. Signatures come as `sign.progress`, in any order, before the answer. */
export const sign = {
  method: 'sign',
  direction: 'page-to-bridge',
  asksPerson: true,
  params: object({
    certificate: bytes(32),
    items: list(signItem, 1, limits.MAX_ITEMS),
    language: optional(language),
  }),
  result: object({ signed: integer(1, limits.MAX_ITEMS) }),
} as const satisfies RequestType<unknown, unknown>

/** One signature of a running `sign`. The value is RSA's octets, or ECDSA's r‖s at fixed width. */
export const signProgress = {
  method: 'sign.progress',
  direction: 'bridge-to-page',
  params: object({ request: requestId, item: shortText, signature: bytes(2048) }),
} as const satisfies NotificationType<unknown>

/** Ends a running request; its answer is then USER_CANCELLED. */
export const cancel = {
  method: 'cancel',
  direction: 'page-to-bridge',
  params: object({ request: requestId }),
} as const satisfies NotificationType<unknown>

/**
 * Says where the person is asked, when that is a page of the bridge: only for the embedded demo token on a machine
 * with neither display nor terminal.
 */
export const promptPage = {
  method: 'prompt.page',
  direction: 'bridge-to-page',
  params: object({ request: requestId, url: text(500) }),
} as const satisfies NotificationType<unknown>

export const REQUESTS: readonly RequestType<unknown, unknown>[] = [hello, listCertificates, sign]
export const NOTIFICATIONS: readonly NotificationType<unknown>[] = [
  signProgress,
  cancel,
  promptPage,
]
