/**
 * Every number that bounds what a peer can make the other end keep or do.
 * @module
 */

/** The bridge listens on the first of these that is free. */
export const PORTS: readonly number[] = [27480, 27481, 27482, 27483, 27484]
/** For wss, where the person installed its certificate, it listens on the first free of the ports so far above them. */
export const SECURE_ABOVE = 10
export const PATH = '/v1'
export const SUBPROTOCOL = 'trien.v1'
/** The protocol's own number; `hello` negotiates it. */
export const PROTOCOL_VERSION = 1

/** One text frame, either way. */
export const MAX_FRAME_BYTES = 256 * 1024
/** The bytes to be signed of one item: a structure, never a document. */
export const MAX_TO_BE_SIGNED_BYTES = 64 * 1024
export const MAX_ITEMS = 256
/** Items of one `sign`, all its messages together. */
export const MAX_BATCH_ITEMS = 10_000
/** What these hold of bytes, and what they say of their documents, decoded. */
export const MAX_BATCH_BYTES = 32 * 1024 * 1024
/** Signatures in one message, which it must hold whatever the key; the largest known is RSA's of 16,384 bits. */
export const MAX_SIGNATURES = 64
export const MAX_SIGNATURE_BYTES = 2048
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

/** One request of the relay: a hash and a number, never a document. */
export const MAX_RELAY_REQUEST_BYTES = 1024
export const MAX_RELAY_ANSWER_BYTES = 64 * 1024
/** A list of revoked certificates; its lengths then have three octets at most. */
export const MAX_CRL_BYTES = 16_000_000
/** One part of such a list. */
export const MAX_CRL_PART_BYTES = 128 * 1024
/** Issuers between a certificate and one at hand. */
export const MAX_PATH = 8
/** How long a question to a server may take: servers of time stamps were seen to need 131 s. */
export const NETWORK_TIMEOUT_MS = 165_000
