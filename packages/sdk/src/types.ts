/**
 * The words that every floor shares: what is signed, who signs, and what lies between.
 * @module
 */
import type { Bytes } from './bytes.ts'

/** One name for a signature algorithm everywhere: the names of RFC 7518 §3.1. */
export type AlgorithmName =
  'RS256' | 'RS384' | 'RS512' | 'PS256' | 'PS384' | 'PS512' | 'ES256' | 'ES384' | 'ES512'

/** A hash by its WebCrypto name. */
export type DigestName = 'SHA-256' | 'SHA-384' | 'SHA-512'

/** A document to sign: bytes in memory, or a Blob (a File is one) that is read in chunks. */
export type DocumentInput = Uint8Array | Blob

/** A document that comes in pieces and is never held whole: only its hash is signed. It can be read once. */
export type DocumentStream = ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>

/** What the person is shown of a document before signing; the digest is checked against the bytes to be signed. */
export interface DocumentDescription {
  /** File name as the person knows it, at most 255 UTF-16 units. */
  readonly name: string
  /** For example `application/pdf`. */
  readonly mediaType: string
  /** Bytes of the document as the person has it, before signing. */
  readonly size: number
}

/** The structure of the bytes to be signed, so that the bridge can re-read what they claim. */
export type ToBeSignedKind =
  'cms-signed-attributes' | 'cms-countersignature' | 'xml-signed-info' | 'jws-signing-input'

/** A signature that is itself signed: with it the bridge sees that it is one, and whose. */
export interface SignatureToConfirm {
  readonly algorithm: AlgorithmName
  /** DER of the certificate whose key made it. */
  readonly certificate: Uint8Array
  /** What it is over: DER of its own signed attributes, tag 0x31. */
  readonly toBeSigned: Uint8Array
  /** As it stands in the SignerInfo: ECDSA as a SEQUENCE. */
  readonly value: Uint8Array
}

/** One thing to sign. */
export interface SigningRequest {
  readonly kind: ToBeSignedKind
  readonly algorithm: AlgorithmName
  /**
   * The encoded structure itself, never a bare digest, at most 64 KiB: DER of `SET OF Attribute` (tag 0x31) for CMS, the
   * canonical SignedInfo for XML, `BASE64URL(header).payload` for JWS.
   */
  readonly toBeSigned: Uint8Array
  /** Of a counter-signature only: the signature that `toBeSigned` is over; the document's digest is that of its value. */
  readonly countersigned?: SignatureToConfirm
  /**
   * Where `toBeSigned` refers to them: of XML the canonical SignedProperties, or Object with the signing time; of CMS the
   * ASiCManifest that names the documents.
   */
  readonly signedProperties?: Uint8Array
  /** Of a Word, Excel or PowerPoint file: the canonical Object in which Word says how a signature was made. */
  readonly officeObject?: Uint8Array
  /** Digest that `toBeSigned` claims of the document, by the algorithm's own hash. */
  readonly documentDigest: Uint8Array
  readonly document: DocumentDescription
  /** Further documents that `toBeSigned` names, in its order, with their digests by the algorithm's own hash. */
  readonly alsoSigned?: readonly (DocumentDescription & {
    readonly digest: { readonly algorithm: DigestName; readonly value: Uint8Array }
  })[]
}

/**
 * What a signature means to its signer: to have created, approved and sent what is signed (`origin`), to have received it,
 * to have delivered it, to have sent it, to approve of it, to have created it (EN 319 122-1 §5.2.3).
 */
export type Commitment = 'origin' | 'receipt' | 'delivery' | 'sender' | 'approval' | 'creation'

/** Where a signature is made; at least one of these. */
export interface SigningPlace {
  readonly city?: string | undefined
  readonly province?: string | undefined
  readonly postalCode?: string | undefined
  /** Two capital letters (ISO 3166-1): `VN`. */
  readonly country?: string | undefined
}

/**
 * What a signer claims beside the time. It is signed, the bridge shows it to the person, and nobody vouches for it. Each
 * text is one line of at most 128 characters.
 */
export interface SignerClaims {
  readonly commitment?: Commitment | undefined
  readonly place?: SigningPlace | undefined
  /** As whom the person signs, `KT. CHỦ TỊCH`: 1 to 4. */
  readonly roles?: readonly string[] | undefined
}

/** How a signing run is watched and stopped. */
export interface SignOptions {
  /** Once it has aborted, a signer is waited for five seconds, and then no longer. */
  readonly signal?: AbortSignal
  /** Called after each signature that was made. */
  readonly onSigned?: (done: number, total: number) => void
  /**
   * Called with each signature value as it is made, by the place of its request, so that those are not lost that were made
   * before a token was pulled out. Not every signer calls it; what `sign` returns is all of them.
   */
  readonly onValue?: (index: number, signatureValue: Uint8Array) => void
}

/**
 * Whoever holds the private key: a token behind the bridge, a key in WebCrypto, a remote service.
 * Formats know nothing more of it than this.
 */
export interface Signer {
  /** DER of the X.509 certificate whose key signs. */
  readonly certificate: Uint8Array
  /** DER of the issuing certificates that are known, the issuer of `certificate` first; may be empty. */
  readonly chain: readonly Uint8Array[]
  /** What the key can do, the preferred first; never empty. */
  readonly algorithms: readonly AlgorithmName[]
  /**
   * Signs each request with one consent and one PIN.
   * @returns signature values in the order of the requests: the RSA integer as octets, or ECDSA's r‖s at fixed width
   * @throws {UserError} USER_CANCELLED, USER_DENIED, USER_TIMEOUT
   * @throws {TokenError} TOKEN_PIN_INCORRECT and the other TOKEN codes
   * @throws {BridgeError} where the bridge is lost or refuses
   */
  sign(requests: readonly SigningRequest[], options?: SignOptions): Promise<readonly Uint8Array[]>
}

/**
 * A document made ready, waiting for its signature value. Frozen and structured-cloneable: it can cross a worker or
 * a server, or wait a day.
 */
export interface Prepared<Format extends string, State> extends SigningRequest {
  readonly format: Format
  /** DER of the certificate that the bytes to be signed refer to. */
  readonly certificate: Uint8Array
  /** What the format needs to complete; nobody else's business. */
  readonly state: State
}

/** A certificate in words, as lists and prompts show it. Nothing to rely on: no signature of it was checked. */
export interface CertificateSummary {
  /** Common name of the subject, or else what names it. */
  readonly holder: string
  readonly organization?: string
  readonly issuer: string
  /** Upper-case hexadecimal. */
  readonly serialNumber: string
  /** ISO 8601, UTC. */
  readonly notBefore: string
  readonly notAfter: string
  /** Whether key usage lets the key sign documents. */
  readonly signsDocuments: boolean
}

/**
 * Brings the answer of a time stamping authority: `bridge.relay.timestamp`, a portal's own endpoint, an authority itself.
 * @param request DER TimeStampReq
 * @returns DER TimeStampResp; nothing of it is believed before it was checked
 */
export type TimestampSource = (
  request: Uint8Array,
  options: { readonly signal: AbortSignal },
) => Promise<Uint8Array>

/** How an authority is asked for a certificate. */
export interface AuthorityQuestion {
  /** DER of the issuers that are known, the certificate's own first: who relays may have to see where it comes from. */
  readonly path: readonly Uint8Array[]
  readonly signal: AbortSignal
}

/**
 * Brings what authorities say of certificates: `bridge.relay`, a portal's own endpoint, the authorities themselves
 * (`httpAuthorities` of `@trien/sdk/http`). Nothing of an answer is believed before it was checked. A method may be left
 * out, may throw, and may ignore the signal; each then counts as no answer.
 */
export interface Authorities {
  /** @param request DER OCSPRequest (RFC 6960 §4.1) for that certificate alone @returns DER OCSPResponse */
  ocsp?(
    certificate: Uint8Array,
    request: Uint8Array,
    question: AuthorityQuestion,
  ): Promise<Uint8Array>
  /** @returns the CertificateList (RFC 5280 §5.1) where the certificate would stand, DER or PEM */
  crl?(certificate: Uint8Array, question: AuthorityQuestion): Promise<Uint8Array>
  /** @returns DER of certificates among which the issuer's is; none where nobody issued it but itself */
  issuers?(certificate: Uint8Array, question: AuthorityQuestion): Promise<readonly Uint8Array[]>
}

/** How far hashing has come, in bytes of the document. */
export type HashProgress = (doneBytes: number, totalBytes: number) => void

export type { Bytes }
