/**
 * Every number that bounds what a peer can make the other end keep or do.
 * @module
 */

/** The bridge listens on the first of these that is free. */
export const PORTS: readonly number[] = [27480, 27481, 27482, 27483, 27484]
export const PATH = '/v1'
export const SUBPROTOCOL = 'trien.v1'
/** The protocol's own number; `hello` negotiates it. */
export const PROTOCOL_VERSION = 1

/** One text frame, either way. */
export const MAX_FRAME_BYTES = 256 * 1024
/** The bytes to be signed of one item: a structure, never a document. */
export const MAX_TO_BE_SIGNED_BYTES = 64 * 1024
export const MAX_ITEMS = 256
export const MAX_NAME_LENGTH = 255
export const MAX_CERTIFICATES = 64
export const MAX_CERTIFICATE_BYTES = 16 * 1024
export const MAX_PENDING_REQUESTS = 16

/** How long a person may look at a prompt. */
export const PERSON_TIMEOUT_MS = 120_000
/** How long a request that asks nobody may take. */
export const MACHINE_TIMEOUT_MS = 15_000
/** Chromium holds a socket silent while it asks for the loopback-network permission. */
export const HANDSHAKE_PATIENCE_MS = 60_000
