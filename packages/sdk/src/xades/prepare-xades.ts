/**
 * A XAdES signature at B-B over any references: what all ways of packaging come down to.
 * @module
 */
import { getAlgorithm } from '../algorithms.ts'
import { isSelfIssued, parseCertificate } from '../asn1/certificate.ts'
import { digestBytes } from '../digest.ts'
import { UsageError } from '../errors.ts'
import { load } from '../load.ts'
import type { AlgorithmName, SignerClaims } from '../types.ts'
import type { C14nName } from '../xml/c14n-methods.ts'
import type { XmlEdit } from '../xml/insert.ts'
import { type PreparedSignature, prepareSignature } from './prepare.ts'
import { encodeProperties, propertiesIdOf } from './properties-text.ts'
import type { SignatureReference } from './signature-text.ts'
import { SIGNED_PROPERTIES_TYPE } from './uris.ts'

/** One thing that is signed. */
export interface SignedData extends Omit<SignatureReference, 'id'> {
  /** As DataObjectFormat says it; none of a counter-signature's. */
  readonly mediaType: string | undefined
  /** By the algorithm's own hash, of what lies outside the file. */
  readonly digest?: Uint8Array | undefined
}

/** What a signature is made of. */
export interface XadesInput {
  /** The file that it is put into; empty where it is a file of its own. */
  readonly source: Uint8Array
  readonly place: XmlEdit
  readonly signatureId: string
  /** DER of the signer's certificate. */
  readonly certificate: Uint8Array
  /** DER of its issuers; a self-issued one is left out. */
  readonly chain: readonly Uint8Array[]
  readonly algorithm: AlgorithmName
  readonly signingTime: Date
  readonly c14n: C14nName
  /** As `checkClaims` returned them. */
  readonly claims?: SignerClaims | undefined
  readonly data: readonly SignedData[]
  /** XML of further Object elements, by the prefix `ds`. */
  readonly objects?: readonly string[] | undefined
}

/**
 * Prepares it.
 * @returns with the digests of the data first, in their order, and that of the properties last
 * @throws {UsageError} USAGE_UNSUPPORTED_ALGORITHM where the certificate's key is not for the algorithm
 * @throws {FormatError} as `prepareSignature`; FORMAT_MALFORMED where a certificate cannot be read
 * @see EN 319 132-1 §6.3 (XAdES B-B)
 */
export async function prepareXades(input: XadesInput): Promise<PreparedSignature> {
  const { signatureId: id, algorithm, c14n, data, claims } = input
  const certificate = parseCertificate(input.certificate)
  if (!certificate.algorithms.includes(algorithm)) {
    throw new UsageError('USAGE_UNSUPPORTED_ALGORITHM', { details: { algorithm } })
  }
  const issuers = input.chain.map(parseCertificate).filter((issuer) => !isSelfIssued(issuer))
  const idOf = (index: number): string => `${id}-ref-${index + 1}`
  const properties = encodeProperties({
    ...{ signatureId: id, algorithm, signingTime: input.signingTime },
    claims: claims && (await load(import('./claim-elements.ts'))).encodeClaims(claims),
    certificateDigest: await digestBytes(getAlgorithm(algorithm).digest, input.certificate),
    formats: data.flatMap(({ mediaType }, index) =>
      mediaType === undefined ? [] : [{ referenceId: idOf(index), mediaType }],
    ),
  })
  const own: SignatureReference = {
    ...{ uri: `#${propertiesIdOf(id)}`, type: SIGNED_PROPERTIES_TYPE, transforms: [c14n] },
  }
  return prepareSignature({
    ...{ source: input.source, place: input.place, ownReference: data.length },
    outside: new Map(
      data.flatMap(({ digest }, index) => (digest === undefined ? [] : [[index, digest]])),
    ),
    parts: {
      ...{ id, algorithm, c14n, prefix: 'ds', namesValue: true },
      references: [
        ...data.map(({ uri, type, transforms }, index) => ({
          ...{ id: idOf(index), uri, type, transforms },
        })),
        own,
      ],
      keyInfo: {
        certificates: [certificate, ...issuers].map(({ certificateDer }) => certificateDer),
      },
      objects: [...(input.objects ?? []), properties],
    },
  })
}
