/**
 * The first half of a package signature: everything but the private key's work.
 *
 * ```
 * parts ─ hash ─► Manifest ─► idPackageObject ┐
 *                 idOfficeObject, properties ─┴─ empty signature ─ parse ─► digests ─ SignedInfo ─► toBeSigned
 * ```
 * @module
 */
import { getAlgorithm } from '../algorithms.ts'
import { parseCertificate } from '../asn1/certificate.ts'
import { type Bytes, encodeUtf8 } from '../bytes.ts'
import { digestBytes } from '../digest.ts'
import type { AlgorithmName, DigestName } from '../types.ts'
import { encodeDistinguishedName } from '../xades/distinguished-name.ts'
import { OWN_FILE } from '../xades/place.ts'
import { type PreparedSignature, prepareSignature } from '../xades/prepare.ts'
import { DSIG, SIGNED_PROPERTIES_TYPE } from '../xades/uris.ts'
import type { XmlEdit } from '../xml/insert.ts'
import { digestEntry } from '../zip/archive.ts'
import {
  OFFICE_OBJECT,
  PACKAGE_OBJECT,
  type PartReference,
  REFERENCE_ID,
  SIGNATURE_ID,
  SIGNED_PROPERTIES,
  encodeOfficeObject,
  encodeOfficeProperties,
  encodePackageObject,
} from './objects-text.ts'
import type { OfficePackage } from './package.ts'
import { listSignedParts } from './signed-parts.ts'

/** The file of a signature, and where in it the Signature stands. */
export const SIGNATURE_SOURCE: Bytes = encodeUtf8('<?xml version="1.0" encoding="UTF-8"?>\n')
const { length } = SIGNATURE_SOURCE
export const SIGNATURE_PLACE: XmlEdit = { ...OWN_FILE, start: length, end: length }

/** What a signature is made of. */
export interface OfficeSignatureInput {
  readonly references: readonly PartReference[]
  readonly mediaType: string
  /** DER of the signer's certificate, whose key is for the algorithm. */
  readonly certificate: Uint8Array
  readonly algorithm: AlgorithmName
  readonly signingTime: Date
}

export interface PreparedOfficeSignature extends PreparedSignature {
  /** What the reference to idOfficeObject leads to. */
  readonly officeObject: Bytes
}

/**
 * Hashes everything that is signed, where it lies.
 * @param onPart called after each part, with the octets of it
 * @throws {FormatError} FORMAT_MALFORMED; FORMAT_UNSUPPORTED; FORMAT_CHANGED; and whatever `onPart` throws
 */
export async function digestParts(
  file: OfficePackage,
  algorithm: DigestName,
  onPart: (bytes: number) => void = () => undefined,
): Promise<readonly PartReference[]> {
  const references: PartReference[] = []
  for (const { name, type, entry, chosen } of await listSignedParts(file)) {
    const digest = await (chosen === undefined
      ? digestEntry(file.archive, entry, algorithm)
      : digestBytes(algorithm, chosen.octets))
    references.push({ name, type, ids: chosen?.ids, digest })
    onPart(entry.size)
  }
  return references
}

/**
 * Prepares a signature. Its KeyInfo holds the signer's certificate alone: readers take the last that stands there.
 * @throws {FormatError} FORMAT_MALFORMED where the certificate cannot be read
 */
export async function prepareOfficeSignature(
  input: OfficeSignatureInput,
): Promise<PreparedOfficeSignature> {
  const { references, algorithm, signingTime, mediaType } = input
  const certificate = parseCertificate(input.certificate)
  const { certificateDer, issuerDer, serialNumberHex } = certificate
  const { digest } = getAlgorithm(algorithm)
  const properties = encodeOfficeProperties({
    ...{ algorithm, signingTime, mediaType },
    certificateDigest: await digestBytes(digest, certificateDer),
    issuerName: encodeDistinguishedName(issuerDer),
    serialNumber: BigInt(`0x${serialNumberHex}`),
  })
  const prepared = await prepareSignature({
    ...{ source: SIGNATURE_SOURCE, place: SIGNATURE_PLACE, outside: new Map(), ownReference: 2 },
    parts: {
      ...{ id: SIGNATURE_ID, algorithm, prefix: '', c14n: 'c14n-1.0', namesValue: false },
      references: [
        { id: REFERENCE_ID, uri: `#${PACKAGE_OBJECT}`, type: `${DSIG}Object`, transforms: [] },
        { uri: `#${OFFICE_OBJECT}`, type: `${DSIG}Object`, transforms: [] },
        { uri: `#${SIGNED_PROPERTIES}`, type: SIGNED_PROPERTIES_TYPE, transforms: ['c14n-1.0'] },
      ],
      keyInfo: { certificates: [certificateDer] },
      objects: [
        encodePackageObject(references, algorithm, signingTime),
        encodeOfficeObject(),
        properties,
      ],
    },
  })
  return { ...prepared, officeObject: encodeUtf8(encodeOfficeObject({ xmlns: DSIG })) }
}
